// @ts-check
// The custom element: what a person does changes the memory, and the page is made equal to the picture of it.
import { patch } from './dom.js';
import { Line, post } from './line.js';
import { Memory, randomId } from './memory.js';
import { CSS, PROFILE } from './profile.js';
import { choicesOf, draw, launcherName } from './view.js';

const SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript);
const BASE = new URL('.', SCRIPT.src).href;
const STORE = `spineline:${BASE}`;
const LONGEST = 10000; // characters of a message: as many are read for danger (spineline/dialogue/intake.py)
const QUIET_MS = 100; // so long screen readers need to see what was drawn quietly
const LOST_MS = 1000; // a line that is back within this time was never lost for the person

/** The launcher and the chat window. */
class SpinelineChat extends HTMLElement {
  #memory = new Memory(STORE, () => sessionStorage);
  #line = new Line(BASE, this.#memory, (event) => this.#take(event), () => this.#showState());
  /** @type {ShadowRoot | null} */
  #root = null;
  #tab = randomId();
  /** @type {BroadcastChannel | null} */
  #tabs = null;
  /** @type {AbortController | null} */
  #listening = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #lostTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #quietTimer;
  #isBroken = false;
  /** @type {import('./view.js').Kept} */
  #now = { base: BASE, hasPanel: false, isMenuOpen: false, isQuiet: false, trouble: null, broken: new Set(), spoken: { text: '', number: 0 } };
  /** @type {Record<string, (button: HTMLElement) => void>} What each `data-act` of view.js does. */
  #acts = {
    open: () => this.open(),
    close: () => this.close(),
    menu: () => this.#toggleMenu(!this.#now.isMenuOpen),
    language: (button) => this.#switchLanguage(button.lang),
    clear: () => this.#clear('cleared'),
    delete: () => this.#delete(),
    start: () => this.#begin(),
    choose: (button) => this.#choose(Number(button.dataset.n)),
    again: (button) => this.#again(button.dataset.id ?? ''),
  };

  connectedCallback() {
    this.#guarded(() => this.#root ?? this.#build());
    if (this.#isBroken) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ act) => window.addEventListener(name, act, { signal });
    on('online', () => this.#line.hurry());
    on('offline', () => this.#line.lose());
    on('pagehide', () => this.#leave());
    on('pageshow', (event) => event.persisted && this.#arrive());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw(), { signal });
    this.#arrive();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.#leave();
  }

  /** Open the chat window. */
  open() {
    this.#guarded(() => this.#show(true, true));
  }

  /** Close the chat window. */
  close() {
    this.#guarded(() => this.#show(false, true));
  }

  get #language() {
    const { lang = 'auto' } = this.dataset;
    const wishes = [this.#memory.language, lang, document.documentElement.lang, navigator.language];
    return wishes.map((wish) => wish?.slice(0, 2) ?? '').find((wish) => wish in PROFILE.texts) ?? 'en';
  }

  get #texts() {
    return PROFILE.texts[this.#language];
  }

  get #isSmall() {
    return matchMedia('(max-width: 480px)').matches;
  }

  get #panel() {
    return /** @type {HTMLDialogElement | null | undefined} */ (this.#root?.querySelector('.panel'));
  }

  get #input() {
    return /** @type {HTMLTextAreaElement} */ (this.#find('textarea'));
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root?.querySelector(selector));
  }

  /** The shadow hides the line of the page that has the number, so it comes only when there is something in its place. */
  #build() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    const made = document.createDocumentFragment();
    patch(made, [this.#picture()]);
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(made);
    this.#listen(this.#root);
    if (this.#memory.open && !this.#isSmall) this.#show(true, false);
  }

  /**
   * Whatever fails, the number that the page has stays or comes back.
   * @param {() => void} act
   */
  #guarded(act) {
    if (this.#isBroken) return;
    try {
      act();
    } catch (error) {
      console.error(error);
      this.#isBroken = true;
      this.#listening?.abort();
      this.#leave();
      this.#root?.replaceChildren(document.createElement('slot'));
    }
  }

  /** @param {ShadowRoot} root */
  #listen(root) {
    root.addEventListener('click', (event) => this.#pressed(/** @type {Element} */ (event.target).closest('[data-act]')));
    root.addEventListener('submit', (event) => this.#submit(event));
    root.addEventListener('keydown', (event) => this.#typed(/** @type {KeyboardEvent} */ (event)));
    root.addEventListener('input', () => this.#shortened());
    root.addEventListener('close', () => this.close(), true);
    root.addEventListener('error', (event) => this.#lacks(/** @type {HTMLImageElement} */ (event.target)), true);
  }

  /** @param {HTMLElement | null} target */
  #pressed(target) {
    if (target) this.#acts[target.dataset.act ?? ''](target);
  }

  /** @param {KeyboardEvent} event */
  #typed(event) {
    const { key, shiftKey, isComposing } = event;
    if (key === 'Escape' && this.#isOpen) this.#escape(event);
    else if (event.target === this.#input && key === 'Enter' && !shiftKey && !isComposing) this.#submit(event);
  }

  /** @param {Event} event */
  #escape(event) {
    event.stopPropagation();
    event.preventDefault();
    if (this.#now.isMenuOpen) this.#toggleMenu(false);
    else this.close();
  }

  /** @param {HTMLImageElement} image */
  #lacks(image) {
    this.#now.broken.add(image.src);
    this.#draw();
  }

  get #isOpen() {
    return Boolean(this.#panel?.open);
  }

  #picture() {
    const { theme, side } = this.dataset;
    const moment = {
      ...this.#now,
      language: this.#language,
      isOpen: this.#isOpen,
      isUp: this.#line.isUp,
      isDark: theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches,
      isLeft: side ? side === 'left' : getComputedStyle(document.documentElement).direction === 'rtl',
    };
    return draw(this.#memory, moment, PROFILE);
  }

  #draw() {
    this.#guarded(() => this.#root && patch(this.#root, [this.#picture()]));
  }

  /** Draw what was there before, in other words or for the first time: a screen reader need not read it all again. */
  #drawQuietly() {
    this.#now.isQuiet = true;
    this.#draw();
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => {
      this.#now.isQuiet = false;
      this.#draw();
    }, QUIET_MS);
  }

  /** @param {string} text */
  #announce(text) {
    this.#now.spoken = { text, number: this.#now.spoken.number + 1 };
    this.#draw();
  }

  #arrive() {
    this.#meetOtherTabs();
    this.#line.start();
  }

  #leave() {
    this.#line.stop();
    this.#tabs?.close();
    this.#tabs = null;
  }

  /** A copied tab brings a copy of the session along; it gives it back, one conversation stays in one tab. */
  #meetOtherTabs() {
    if (!('BroadcastChannel' in window)) return;
    const tabs = new BroadcastChannel(STORE);
    const memory = this.#memory;
    this.#tabs = tabs;
    tabs.onmessage = ({ data }) => {
      if (!memory.session || data.from === this.#tab) return;
      if (data.asks && data.who === memory.who) tabs.postMessage({ taken: data.who, to: data.from });
      if (data.taken === memory.who && data.to === this.#tab) this.#endSession();
    };
    if (memory.session) tabs.postMessage({ asks: true, who: memory.who, from: this.#tab });
  }

  #endSession() {
    this.#line.stop();
    this.#memory.end();
    this.#drawQuietly();
    this.#showState();
  }

  /**
   * @param {boolean} open
   * @param {boolean} focus
   */
  #show(open, focus) {
    if (!open && this.#isOpen) {
      this.#panel?.close(); // and the event of it leads back here
      return;
    }
    if (open && !this.#isOpen) this.#openPanel(focus);
    if (open) this.#memory.unread = 0;
    this.#memory.open = open;
    this.#memory.save();
    this.#draw();
    if (!open && focus) this.#find('.launcher').focus();
  }

  /** @param {boolean} focus */
  #openPanel(focus) {
    if (!this.#now.hasPanel) {
      this.#now.hasPanel = true;
      this.#drawQuietly();
      this.#showState();
    }
    const panel = /** @type {HTMLDialogElement} */ (this.#panel);
    if (this.#isSmall) panel.showModal();
    else if (focus) panel.show();
    else panel.open = true;
    this.#scrollDown();
    if (focus) (this.#memory.session ? this.#input : this.#find('[data-act=start]')).focus();
  }

  /** @param {boolean} open */
  #toggleMenu(open) {
    this.#now.isMenuOpen = open;
    this.#draw();
    this.#find(open ? '.menu button' : '[data-act=menu]').focus();
  }

  async #begin() {
    try {
      const { session } = await post(BASE, 'session', { consent: true, language: this.#language });
      this.#memory.begin(session);
    } catch (error) {
      this.#now.trouble = /** @type {import('./line.js').Refusal} */ (error).code === 'busy' ? 'busy' : 'lost';
      this.#draw();
      return;
    }
    this.#line.stop();
    if (!this.#memory.items.length) this.#hear(this.#texts.greeting);
    this.#drawQuietly();
    this.#line.start();
    this.#showState();
    this.#input.focus();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.#input.value.trim();
    if (text.length > LONGEST) {
      this.#now.trouble = 'too_long';
      this.#draw();
    } else if (text) {
      this.#input.value = '';
      this.#say(text, text);
    }
  }

  #shortened() {
    if (this.#now.trouble !== 'too_long' || this.#input.value.trim().length > LONGEST) return;
    this.#now.trouble = null;
    this.#showState();
  }

  /** @param {number} n */
  #choose(n) {
    const { title, payload } = choicesOf(this.#memory)[n];
    this.#input.focus();
    this.#say(payload, title);
  }

  /**
   * @param {string} text
   * @param {string} shown
   */
  #say(text, shown) {
    this.#memory.ask(text, shown, this.#language);
    this.#line.flush();
    this.#line.hurry();
    this.#showState();
    this.#scrollDown();
  }

  /** @param {import('./line.js').ServerEvent} event */
  #take({ type, id, code, seq, to, last, reply }) {
    if (type === 'reply' && reply) this.#takeReply(reply, { seq, to, last });
    else if (type === 'got' && id) this.#memory.got.add(id);
    else if (type === 'done') this.#memory.finish(id);
    else if (code === 'session') this.#over();
    else if (id) this.#reject(id, type);
    else if (type === 'error') this.#line.stop();
    this.#showState();
  }

  /**
   * @param {import('./memory.js').Reply} reply
   * @param {{ seq?: number, to?: string, last?: boolean }} place
   */
  #takeReply(reply, { seq = 0, to, last }) {
    if (seq <= this.#memory.since) return;
    this.#memory.since = seq;
    if (last) this.#memory.finish(to);
    this.#hear(reply, to);
  }

  /**
   * @param {import('./memory.js').Reply} reply
   * @param {string} [to]
   */
  #hear(reply, to) {
    const isSeen = this.#isOpen;
    this.#memory.hear(reply, { isSeen, to });
    if (isSeen) this.#draw();
    else this.#announce(launcherName(this.#memory.unread, this.#texts));
    this.#scrollDown();
  }

  /**
   * @param {string} id
   * @param {string} why
   */
  #reject(id, why) {
    this.#memory.reject(id, why);
    this.#line.unsend(id);
  }

  /** @param {string} id */
  #again(id) {
    this.#memory.again(id);
    this.#line.flush();
    this.#showState();
    this.#input.focus();
  }

  #over() {
    this.#endSession();
    this.#announce(this.#texts.over);
  }

  /** A lost line is shown when it stays lost. */
  #showState() {
    if (this.#memory.session && !this.#line.isUp) {
      this.#lostTimer ??= setTimeout(() => this.#showLost(), LOST_MS);
    } else {
      clearTimeout(this.#lostTimer);
      this.#lostTimer = undefined;
      if (this.#now.trouble !== 'too_long') this.#now.trouble = null;
    }
    this.#draw();
  }

  #showLost() {
    this.#lostTimer = undefined;
    this.#now.trouble = 'lost';
    this.#draw();
  }

  /** The newest answer from its first line, and its call button in view; a pinned one is in view anyway. */
  #scrollDown() {
    const panel = this.#panel;
    const said = /** @type {HTMLElement[]} */ ([...(panel?.querySelectorAll('.said') ?? [])]);
    if (!panel || !said.length) return;
    const [middle, pin, form] = ['.scroll', '.pin', 'form'].map((selector) => this.#find(selector));
    const isShort = getComputedStyle(middle).overflowY === 'visible';
    const view = isShort ? panel : middle;
    const above = isShort ? pin.offsetHeight : middle.offsetTop;
    const height = view.clientHeight - (isShort ? above + form.offsetHeight : 0);
    const newest = said[said.length - 1];
    const asked = said.map((node) => node.classList.contains('you')).lastIndexOf(true);
    const top = (said[asked + 1] ?? newest).offsetTop - above - 8;
    view.scrollTop = Math.max(Math.min(view.scrollHeight - view.clientHeight, top), callEnd(newest, pin) - above + 8 - height);
  }

  /** @param {string} language */
  #switchLanguage(language) {
    this.#memory.language = language;
    this.#memory.save();
    if (this.#memory.session) this.#line.wish(language);
    this.#now.isMenuOpen = false;
    this.#drawQuietly();
    this.#announce(this.#texts.switched);
    this.#find('[data-act=language]').focus();
  }

  /** @param {import('./profile.js').TextName} said */
  #clear(said) {
    this.#line.stop();
    this.#memory.forget();
    this.#now.isMenuOpen = false;
    this.#showState();
    this.#announce(this.#texts[said]);
    this.#find('[data-act=start]').focus();
  }

  /** Empties the chat here only after the server has deleted it. */
  async #delete() {
    this.#toggleMenu(false);
    const { session } = this.#memory;
    try {
      if (session) await post(BASE, 'delete', { session });
      this.#clear('deleted');
    } catch {
      this.#now.trouble = 'not_deleted';
      this.#draw();
    }
  }
}

/**
 * Where the call buttons of an answer end.
 * @param {HTMLElement} answer
 * @param {HTMLElement} pin
 */
function callEnd(answer, pin) {
  const calls = /** @type {HTMLElement | null} */ (pin.hidden ? answer.querySelector('.calls') : null);
  return calls ? calls.offsetTop + calls.offsetHeight : 0;
}

/** One chat on a page, however often the script stands there; the page may have put the element where it likes. */
function mount() {
  const chat = /** @type {HTMLElement} */ (document.querySelector('spineline-chat') ?? document.createElement('spineline-chat'));
  for (const name of ['lang', 'theme', 'side']) {
    if (SCRIPT.dataset[name]) chat.dataset[name] ??= SCRIPT.dataset[name];
  }
  customElements.define('spineline-chat', SpinelineChat);
  if (!chat.isConnected) document.body.append(chat);
}

if (!customElements.get('spineline-chat')) mount();
