// @ts-check
// What can be done with an answer: have it read, time it, say whether it helped, hold it out to somebody, take it along.
import { post } from './line.js';
import { transcript } from './said.js';

const TICK_MS = 250;

/** What the buttons in and around answers do, by their `data-act`. */
export class Tools {
  #chat;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  /** @param {import('./acts.js').Chat} chat */
  constructor(chat) {
    this.#chat = chat;
    Object.assign(chat.now, { canSpeak: 'speechSynthesis' in window, canListen: 'SpeechRecognition' in window || 'webkitSpeechRecognition' in window });
    chat.root.addEventListener('dragover', (event) => hasFiles(/** @type {DragEvent} */ (event).dataTransfer) && event.preventDefault());
    chat.root.addEventListener('drop', (event) => this.#refuse(event, /** @type {DragEvent} */ (event).dataTransfer));
    chat.root.addEventListener('paste', (event) => this.#refuse(event, /** @type {ClipboardEvent} */ (event).clipboardData));
  }

  /**
   * A photo is refused kindly, with whom to call.
   * @param {Event} event
   * @param {DataTransfer | null} brought
   */
  #refuse(event, brought) {
    if (!hasFiles(brought)) return;
    event.preventDefault();
    this.#tell('no_files');
  }

  /** @param {HTMLElement} button */
  staff({ dataset }) {
    this.#showStaff(dataset.id ?? null, '[data-act=chat]');
  }

  chat() {
    this.#showStaff(null, '[data-act=staff]');
  }

  /**
   * @param {string | null} id of the alarm
   * @param {string} focus
   */
  #showStaff(id, focus) {
    this.#chat.now.staff = id;
    this.#chat.draw();
    this.#chat.find(focus)?.focus();
  }

  /** @param {HTMLElement} button */
  helped({ dataset: { id = '', yes } }) {
    const { talk, base, now, draw, announce, texts, focusOn } = this.#chat;
    const item = talk.memory.items.find((one) => one.id === id);
    now.rated.add(id);
    draw();
    focusOn(null);
    announce(texts().thanks);
    if (item?.who !== 'bot') return;
    post(base, 'helped', { session: talk.memory.session, card: item.reply.card, helped: yes !== undefined }).catch(() => {}); // one more or less
  }

  /** @param {HTMLElement} button */
  time({ dataset: { id = '', seconds } }) {
    const { timers } = this.#chat.now;
    const timer = timers[id] ?? { left: Number(seconds) * 1000, until: null };
    timers[id] = timer.until ? { left: timer.until - Date.now(), until: null } : { left: timer.left, until: Date.now() + timer.left };
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS);
    this.#chat.draw();
  }

  #tick() {
    const running = Object.values(this.#chat.now.timers).filter(({ until }) => until);
    if (!running.length) {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
      return;
    }
    for (const timer of running) this.#count(timer);
    this.#chat.draw();
  }

  /** @param {{ left: number, until: number | null }} timer */
  #count(timer) {
    timer.left = Math.max(0, Number(timer.until) - Date.now());
    if (timer.left > 0) return;
    timer.until = null;
    navigator.vibrate?.(300);
    this.#chat.announce(this.#chat.texts().time_up);
  }

  save() {
    this.#chat.toggleMenu(false);
    const { talk, texts } = this.#chat;
    this.#with((extras) => extras.save('chat.txt', transcript(talk.memory, texts())));
  }

  /** @param {HTMLElement} button */
  read({ dataset: { id = '' } }) {
    const { now, talk, draw } = this.#chat;
    const item = talk.memory.items.find((one) => one.id === id);
    const isOn = now.reading === id;
    now.reading = isOn || item?.who !== 'bot' ? null : id;
    draw();
    this.#with(async (extras) => {
      extras.hush();
      if (!now.reading || item?.who !== 'bot') return;
      const isRead = await extras.read(item.reply.text, item.reply.language ?? 'en');
      now.reading = null;
      if (!isRead) this.#tell('no_voice');
      draw();
    });
  }

  listen() {
    const { now, find, draw } = this.#chat;
    if (!now.mayListen) {
      now.asks = 'listen';
      draw();
      find('[data-act=yes]').focus();
    } else if (now.isListening) {
      this.#with((extras) => extras.stopListening());
    } else {
      this.#with((extras) => this.#hear(extras));
    }
  }

  /**
   * What is heard stands in the text box; it is sent by nobody but the person.
   * @param {typeof import('./extras.js')} extras
   */
  async #hear(extras) {
    const { now, language, find } = this.#chat;
    const input = /** @type {HTMLTextAreaElement} */ (find('textarea'));
    const before = input.value;
    now.isListening = true;
    this.#tell('listening');
    const isHeard = await extras.listen(language(), (text) => {
      input.value = `${before} ${text}`.trim();
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
    now.isListening = false;
    this.#tell(isHeard ? null : 'not_heard');
    input.focus();
  }

  /** @param {import('./profile.js').TextName | null} trouble */
  #tell(trouble) {
    this.#chat.talk.trouble = trouble;
    this.#chat.talk.showState();
  }

  /** @param {(extras: typeof import('./extras.js')) => void} act */
  #with(act) {
    this.#chat.part('extras').then(act, () => this.#tell('part_away'));
  }
}

/** @param {DataTransfer | null} brought */
const hasFiles = (brought) => Boolean(brought?.types.includes('Files'));
