// @ts-check
// The custom element: what a person does changes the memory, and the page is made equal to the picture of it.
import { patch } from './dom.js';
import { part } from './parts.js';
import { CSS, PROFILE } from './profile.js';
import { Room } from './room.js';
import { BASE, again, isHidden, mount, tell } from './site.js';
import { Tabs } from './tabs.js';
import { Talk } from './talk.js';
import { Timers } from './timers.js';
import { draw, fresh, launcherName } from './view.js';

const STORE = `spineline:${BASE}`;
const LONGEST = 10000; // characters of a message: as many are read for danger (spineline/dialogue/intake.py)
const QUIET_MS = 100; // so long screen readers need to see what was drawn quietly
const DRAFT_MS = 300;

/** The launcher and the chat window. */
class SpinelineChat extends HTMLElement {
  #talk = new Talk(BASE, STORE, {
    draw: () => this.#draw(),
    drawQuietly: () => this.#drawQuietly(),
    begun: () => this.#begun(),
    said: () => this.#said(),
    greeting: () => this.#texts.greeting,
    isOpen: () => this.#isOpen,
    language: () => this.#language,
    tell: (name) => tell(this, name),
  });
  #memory = this.#talk.memory;
  /** @type {ShadowRoot | null} */
  #root = null;
  #tabs = new Tabs(STORE, this.#memory, { isNew: () => this.#talk.goOn(), isGone: () => this.#talk.clear('cleared') });
  /** @type {AbortController | null} */
  #listening = null;
  #timers = new Timers();
  #sheet = /** @type {CSSStyleSheet} */ (/** @type {unknown} */ (null));
  /** @type {typeof import('./window.js').shows | null} How the window is shown, once it was fetched. */
  #shows = null;
  #isBroken = false;
  #isTouch = false;
  /** @type {Room | null} */
  #room = null;
  /** @type {import('./view.js').Kept} */
  #now = fresh(BASE);
  /** @type {(name: string, button: HTMLElement) => void} What buttons of the window do, once it was fetched. */
  #more = () => {};
  /** @type {Record<string, (button: HTMLElement) => void>} What each `data-act` does that is not in window.js. */
  #acts = {
    open: () => this.open(),
    close: () => this.close(),
    menu: () => this.#toggleMenu(!this.#now.isMenuOpen),
    language: (button) => this.speak(button.lang),
    show: () => this.#unveil(),
    ungreet: () => this.#greet(false),
  };

  connectedCallback() {
    if (isHidden(this.dataset.hide ?? '', location.pathname)) return;
    this.#guarded(() => this.#root ?? this.#build());
    if (this.#isBroken) return;
    this.#listening = new AbortController();
    this.#listenToPage(this.#listening.signal);
    this.#arrive();
    this.#guarded(() => this.#room?.settle());
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.#leave();
    this.#room?.hold(false);
  }

  /**
   * Open the chat window; true when there is one.
   * @param {{ ask?: string }} [more] a question to ask, as if it had been typed
   */
  open({ ask } = {}) {
    this.#talk.asked = ask ?? null;
    this.#guarded(() => this.#show(true, true));
    return !this.#isBroken && Boolean(this.#root);
  }

  /** Close the chat window. */
  close() {
    this.#guarded(() => this.#show(false, true));
  }

  /**
   * Switch to a language.
   * @param {string} language
   */
  speak(language) {
    if (!(language in PROFILE.texts)) return;
    const wasMenu = this.#now.isMenuOpen;
    this.#now.isMenuOpen = false;
    this.#talk.wish(language);
    this.#drawQuietly();
    this.#announce(this.#texts.switched);
    if (this.#isOpen) this.#find(wasMenu ? '[data-act=menu]' : '.start [data-act=language]').focus();
  }

  /**
   * Questions that fit the page, offered at the beginning.
   * @param {string[]} questions
   */
  offer(questions) {
    this.#now.starters = questions.slice(0, 4).map(String);
    this.#draw();
  }

  get #language() {
    const { lang = 'auto' } = this.dataset;
    const wishes = [this.#memory.language, lang, document.documentElement.lang, navigator.language];
    return wishes.map((wish) => wish?.slice(0, 2) ?? '').find((wish) => wish in PROFILE.texts) ?? 'en';
  }

  get #texts() {
    return PROFILE.texts[this.#language];
  }

  get #isFull() {
    return this.dataset.full !== undefined;
  }

  get #panel() {
    return /** @type {HTMLDialogElement | null | undefined} */ (this.#root?.querySelector('.panel'));
  }

  get #input() {
    return /** @type {HTMLTextAreaElement} */ (this.#root?.getElementById('input')); // by its id: asked with every key, below a long conversation
  }

  /** @param {string} selector */
  #find(selector) {
    return /** @type {HTMLElement} */ (this.#root?.querySelector(selector));
  }

  /** The shadow hides the line of the page that has the number, so it comes only when there is something in its place. */
  #build() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CSS);
    this.#sheet = sheet;
    const made = document.createDocumentFragment();
    patch(made, [this.#picture()]);
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(made);
    this.#root = root;
    this.#room = new Room(root, this.#isFull, () => this.#showMore());
    this.#listen(root);
    this.#now.isVeiled = this.#talk.isIdle;
    if (this.#isFull || (this.#memory.open && !this.#room.isNarrow)) this.#show(true, false);
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
      this.#room?.hold(false);
      this.#root?.replaceChildren(document.createElement('slot'));
    }
  }

  /** @param {AbortSignal} signal */
  #listenToPage(signal) {
    const settle = () => this.#guarded(() => this.#room?.settle());
    const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ act, /** @type {object} */ more = {}) => window.addEventListener(name, act, { signal, ...more });
    on('pagehide', () => this.#leave());
    on('pageshow', (event) => event.persisted && this.#comeBack());
    for (const name of ['keydown', 'keypress', 'keyup', 'focusin']) on(name, (event) => this.#keep(event), { capture: true });
    for (const name of ['resize', 'scroll']) window.visualViewport?.addEventListener(name, settle, { signal });
    on('resize', settle);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#draw(), { signal });
    document.addEventListener('visibilitychange', () => this.#seen(), { signal });
    this.#room?.watch(signal);
    this.#talk.listen(signal);
  }

  /** @param {ShadowRoot} root */
  #listen(root) {
    root.addEventListener('pointerdown', (event) => { this.#isTouch = /** @type {PointerEvent} */ (event).pointerType === 'touch'; });
    root.addEventListener('click', (event) => this.#pressed(/** @type {Element} */ (event.target)));
    root.addEventListener('submit', (event) => this.#submit(event));
    root.addEventListener('input', () => this.#changed());
    root.addEventListener('change', (event) => this.#act('pick', /** @type {HTMLElement} */ (event.target)));
    root.addEventListener('close', () => this.#panel?.open || this.close(), true);
    root.addEventListener('error', (event) => {
      this.#now.broken.add(/** @type {HTMLImageElement} */ (event.target).src);
      this.#draw();
    }, true);
    for (const name of ['scroll', 'load', 'toggle']) root.addEventListener(name, () => this.#showMore(), true);
  }

  /**
   * What is typed here is not for the page: its shortcuts would eat letters, and its dialogs would take the focus away.
   * @param {Event} event
   */
  #keep(event) {
    if (!event.composedPath().includes(/** @type {EventTarget} */ (this.#root))) return;
    event.stopImmediatePropagation();
    if (event.type === 'keydown') this.#typed(/** @type {KeyboardEvent} */ (event));
  }

  /** @param {Element} target */
  #pressed(target) {
    const button = /** @type {HTMLElement | null} */ (target.closest('[data-act]'));
    const wasOpen = this.#now.isMenuOpen;
    if (button) this.#guarded(() => this.#act(button.dataset.act ?? '', button));
    if (wasOpen && this.#now.isMenuOpen && !target.closest('.menu')) this.#toggleMenu(false);
  }

  /** @type {(name: string, button: HTMLElement) => void} */
  #act(name, button) {
    (this.#acts[name] ?? this.#more.bind(null, name))(button);
  }

  /** @param {KeyboardEvent} event */
  #typed(event) {
    const { key, shiftKey, isComposing } = event;
    const isInBox = event.composedPath()[0] === this.#input;
    if (key === 'Escape' && this.#isOpen) this.#escape(event);
    else if (isInBox && key === 'Enter' && !shiftKey && !isComposing) this.#submit(event);
    else if (!isInBox) this.#isTouch = false;
  }

  /** @param {Event} event */
  #escape(event) {
    event.preventDefault();
    const { isMenuOpen, staff, asks } = this.#now;
    if (isMenuOpen) this.#toggleMenu(false);
    else if (staff || asks) this.#act(staff ? 'chat' : 'no', this.#input);
    else if (!this.#isFull) this.close();
  }

  get #isOpen() {
    return Boolean(this.#panel?.open);
  }

  #showMore() {
    if (this.#panel) this.#shows?.showMore(this.#panel);
  }

  #showNewest() {
    if (this.#panel) this.#shows?.showNewest(this.#panel);
  }

  get #moment() {
    const { theme, side } = this.dataset;
    return {
      ...this.#now,
      trouble: this.#talk.trouble,
      language: this.#language,
      isOpen: this.#isOpen,
      isFull: this.#isFull,
      isUp: this.#talk.line.isUp,
      isDark: theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches,
      isLeft: side ? side === 'left' : getComputedStyle(document.documentElement).direction === 'rtl',
    };
  }

  #picture() {
    return draw(this.#memory, this.#moment, PROFILE, this.#shows && this.#shows.panel);
  }

  #draw() {
    this.#guarded(() => {
      if (!this.#root) return;
      patch(this.#root, [this.#picture()]);
      if (this.#isOpen) this.#showMore();
    });
  }

  /** Draw what was there before, in other words or for the first time: a screen reader need not read it all again. */
  #drawQuietly() {
    this.#now.isQuiet = true;
    this.#draw();
    this.#timers.set('quiet', QUIET_MS, () => {
      this.#now.isQuiet = false;
      this.#draw();
    });
  }

  /** @param {string} text */
  #announce(text) {
    this.#now.spoken = { text, number: this.#now.spoken.number + 1 };
    this.#draw();
  }

  #arrive() {
    this.#tabs.meet();
    this.#talk.line.start();
    this.#veil();
    const { greeted, items } = this.#memory;
    if (!greeted && !items.length && Number(this.dataset.greet)) this.#timers.set('greet', Number(this.dataset.greet) * 1000, () => this.#greet(true));
  }

  /**
   * Once in a tab, and only where the page wants it.
   * @param {boolean} isGreeting
   */
  #greet(isGreeting) {
    this.#memory.greeted = true;
    this.#now.isGreeting = isGreeting && !this.#isOpen;
    this.#draw();
    if (!isGreeting) this.#find('.launcher').focus();
  }

  #leave() {
    this.#talk.stop();
    this.#tabs.part();
    this.#timers.clear();
    this.#now.isQuiet = false;
  }

  /** The page was kept while another one of this tab went on with the chat. */
  #comeBack() {
    this.#memory.reread();
    this.#arrive();
    this.#drawQuietly();
    this.#talk.showState();
    this.#showNewest();
  }

  /** On a shared device the next person does not see what was said; whom to call in an alarm stays. */
  #veil() {
    this.#timers.set('veil', 60e3, () => this.#veil());
    if (this.#now.isVeiled || !this.#talk.isIdle) return;
    this.#now.isVeiled = true;
    this.#draw();
  }

  /** With many tabs the server lets go of some of them. */
  #seen() {
    this.#veil();
    if (document.visibilityState === 'visible') this.#talk.line.start();
  }

  #unveil() {
    this.#now.isVeiled = false;
    this.#memory.at = Date.now();
    this.#memory.save();
    this.#drawQuietly();
    this.#showNewest();
    this.#focusOn(null);
  }

  /**
   * @param {boolean} open
   * @param {boolean} focus
   */
  #show(open, focus) {
    if (!open) this.#hide(focus);
    else if (!this.#shows) this.#load(focus);
    else if (this.#isOpen) this.#talk.askForPage();
    else this.#openPanel(focus);
  }

  /** @param {boolean} focus */
  #hide(focus) {
    if (this.#isOpen) return this.#panel?.close(); // and the event of it leads back here
    this.#room?.hold(false);
    this.#changedTo(false);
    if (focus) this.#find('.launcher')?.focus();
  }

  /** @param {boolean} open */
  #changedTo(open) {
    this.#memory.open = open;
    this.#memory.save();
    this.#now.isGreeting = false;
    this.#draw();
    tell(this, open ? 'open' : 'close');
  }

  /**
   * The texts, the style and the picture of an open window come when it is opened.
   * @param {boolean} focus
   */
  async #load(focus) {
    try {
      this.#take(await part('window'));
    } catch (error) {
      if (this.#isFull) return this.#guarded(() => { throw error; });
    }
    this.#now.isAway = !this.#shows;
    if (this.#shows) this.#guarded(() => this.#show(true, focus));
    else this.#draw();
  }

  /** @param {typeof import('./window.js')} window */
  #take({ STYLE, TEXTS, shows, acts }) {
    this.#sheet.replaceSync(CSS + STYLE);
    Object.assign(PROFILE.texts, TEXTS);
    this.#shows = shows;
    this.#more = acts({
      talk: this.#talk,
      now: this.#now,
      moment: () => this.#moment,
      texts: () => this.#texts,
      draw: () => this.#draw(),
      find: (selector) => this.#find(selector),
      focusOn: (wanted) => this.#focusOn(wanted),
      toggleMenu: (open) => this.#toggleMenu(open),
      announce: (text) => this.#announce(text),
      language: () => this.#language,
      part,
      base: BASE,
      element: this,
      root: /** @type {ShadowRoot} */ (this.#root),
    });
  }

  /** @param {boolean} focus */
  #openPanel(focus) {
    this.#memory.unread = 0;
    if (!this.#now.hasPanel) {
      this.#now.hasPanel = true;
      this.#drawQuietly();
      this.#talk.showState();
      this.#input.value = this.#memory.draft;
      this.#shows?.grow(this.#input);
    }
    this.#veil();
    this.#room?.raise(focus);
    this.#changedTo(true);
    this.#showNewest();
    if (focus) this.#focusOn(this.#memory.session ? this.#input : this.#find('[data-act=start]'));
    this.#talk.askForPage();
  }

  /**
   * After a tap the text box has no focus, or the keyboard would cover what was just said.
   * @param {HTMLElement | null} wanted
   */
  #focusOn(wanted) {
    const isBox = !wanted || wanted === this.#input;
    const place = isBox && (this.#isTouch || !wanted) ? this.#find('.scroll') : wanted;
    place?.focus({ preventScroll: true });
  }

  /** @param {boolean} open */
  #toggleMenu(open) {
    this.#now.isMenuOpen = open;
    this.#draw();
    this.#find(open ? '.menu button' : '[data-act=menu]').focus();
  }

  #begun() {
    this.#now.isVeiled = false;
    this.#drawQuietly();
    this.#showNewest();
    this.#focusOn(this.#input);
  }

  /** Something new was said. */
  #said() {
    if (this.#now.isVeiled && this.#isOpen && !this.#talk.isIdle) this.#unveil();
    if (this.#isOpen) this.#draw();
    else this.#announce(launcherName(this.#memory, this.#texts));
    this.#showNewest();
  }

  /** @param {Event} event */
  #submit(event) {
    event.preventDefault();
    const text = this.#input.value.trim();
    if (text.length > LONGEST) {
      this.#talk.trouble = 'too_long';
      this.#draw();
      return;
    }
    this.#act('answer', this.#input); // what is marked above and not sent
    if (!text) return;
    this.#input.value = '';
    this.#changed();
    this.#talk.say(text, text);
  }

  #changed() {
    this.#shows?.grow(this.#input);
    this.#memory.draft = this.#input.value;
    this.#timers.set('draft', DRAFT_MS, () => this.#memory.save());
    if (this.#talk.trouble !== 'too_long' || this.#input.value.trim().length > LONGEST) return;
    this.#talk.trouble = null;
    this.#talk.showState();
  }
}

if (customElements.get('spineline-chat')) again();
else mount(SpinelineChat);
