// @ts-check
// What the buttons around the conversation do.
import { marked, pickedIn } from './form.js';
import { choicesOf, transcript } from './said.js';
import { scrollOn } from './scroll.js';

/**
 * @typedef {object} Chat What the element lends to its parts.
 * @property {import('./talk.js').Talk} talk
 * @property {import('./view.js').Kept} now
 * @property {() => import('./view.js').Moment} moment
 * @property {() => import('./profile.js').Texts} texts
 * @property {() => void} draw
 * @property {(selector: string) => HTMLElement} find
 * @property {(wanted: HTMLElement | null) => void} focusOn
 * @property {(open: boolean) => void} toggleMenu
 * @property {(text: string) => void} announce
 * @property {() => string} language
 * @property {(name: string) => Promise<any>} part
 * @property {string} base the address of the server
 * @property {ShadowRoot} root
 * @property {HTMLElement} element
 */

/** What the buttons of the window do, by their `data-act`. */
export class Acts {
  #chat;

  /** @param {Chat} chat */
  constructor(chat) {
    this.#chat = chat;
  }

  more() {
    scrollOn(this.#chat.find('.panel'));
  }

  start() {
    this.#chat.talk.begin();
  }

  /** @param {HTMLElement} button */
  choose({ dataset }) {
    const { talk, texts, moment, focusOn, find } = this.#chat;
    const { title, payload } = choicesOf(talk.memory, moment(), texts())[Number(dataset.n)];
    focusOn(find('textarea'));
    talk.say(payload, title);
  }

  /**
   * An answer of the form is marked.
   * @param {HTMLInputElement} box
   */
  pick({ dataset, checked }) {
    const { now, draw } = this.#chat;
    const id = this.#newest;
    const { ns, score } = pickedIn(now.picked, id);
    if (dataset.score) now.picked = { id, ns, score: Number(dataset.score) };
    else if (dataset.n) now.picked = { id, ns: checked ? [...ns, Number(dataset.n)] : ns.filter((n) => n !== Number(dataset.n)), score };
    draw();
  }

  /** Send what is marked, if anything is. */
  answer() {
    const { talk, texts, moment, now, focusOn, find } = this.#chat;
    const said = marked(pickedIn(now.picked, this.#newest), choicesOf(talk.memory, moment(), texts()));
    if (!said) return;
    focusOn(find('textarea'));
    talk.say(said.text, said.shown);
  }

  back() {
    const { talk, texts, focusOn, find } = this.#chat;
    const last = talk.memory.items.at(-1);
    if (last?.who !== 'bot' || !last.reply.form?.back) return;
    focusOn(find('textarea'));
    talk.say(last.reply.form.back, texts().back);
  }

  get #newest() {
    return this.#chat.talk.memory.items.at(-1)?.id ?? '';
  }

  /** @param {HTMLElement} button */
  again({ dataset }) {
    const { talk, focusOn, find } = this.#chat;
    talk.again(dataset.id ?? '');
    focusOn(find('textarea'));
  }

  clear() {
    this.#ask('clear');
  }

  delete() {
    this.#ask('delete');
  }

  no() {
    this.#ask(null);
  }

  async yes() {
    const { talk, now, draw, find } = this.#chat;
    if (now.asks === 'listen') return this.#listen();
    if (now.asks === 'clear') talk.clear('cleared');
    else if (!(await talk.delete())) return this.#ask(null);
    Object.assign(now, { isVeiled: false, asks: null });
    /** @type {HTMLTextAreaElement} */ (find('textarea')).value = '';
    draw();
    find('[data-act=start]').focus();
  }

  async copy() {
    const { talk, texts, draw, toggleMenu } = this.#chat;
    toggleMenu(false);
    await navigator.clipboard?.writeText(transcript(talk.memory, texts()));
    talk.trouble = 'copied';
    draw();
  }

  /** Away from here at once: nothing of the chat is left on the screen, in this tab or behind the back button. */
  exit() {
    const { talk, element } = this.#chat;
    talk.memory.open = false;
    talk.clear('cleared');
    element.hidden = true;
    location.replace(element.dataset.exit ?? 'https://www.weather.gov/');
  }

  /** Whoever agreed once is not asked again on this page. */
  #listen() {
    this.#ask(null);
    this.#chat.now.mayListen = true;
    this.#chat.find('[data-act=listen]').click();
  }

  /** @param {'clear' | 'delete' | null} what */
  #ask(what) {
    const { now, draw, find } = this.#chat;
    Object.assign(now, { isMenuOpen: false, asks: what });
    draw();
    find(what ? '[data-act=no]' : '[data-act=menu]').focus();
  }
}
