// Spineline's chat for a clinic's website: <script src="https://…/spineline.js" data-lang="auto" defer></script>
// One custom element in an open shadow root. No dependency, no cookie, no request to anybody but the server of this file.
(() => {
  'use strict';

  const PROFILE = {};

  const script = document.currentScript;
  const BASE = new URL('.', script.src).href;
  const STORE = `spineline:${BASE}`;
  const ALARMS = ['CALL_911', 'CRISIS_988', 'ED_NOW'];
  const LONGEST = 1000;
  const MOST_ITEMS = 200;
  const ANSWER_S = 10;
  const BEAT_S = 25;
  const CSS = `
:host { all: initial !important; display: block !important; }
:host([hidden]) { display: none !important; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.frame {
  --accent: var(--spineline-accent, #1f5c52); --on-accent: var(--spineline-on-accent, #fff);
  --paper: var(--spineline-paper, #fff); --ink: var(--spineline-ink, #1d2b2a);
  --quiet: #4b5b59; --bubble: #e9f0ec; --line: #6d7d7a; --alarm: #a3140c; --alarm-paper: #fff3f0;
  direction: ltr; text-align: start; color: var(--ink); color-scheme: light;
  font: max(16px, 1em)/1.45 var(--spineline-font, system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif);
}
.dark {
  --accent: var(--spineline-dark-accent, #8fd3c2); --on-accent: var(--spineline-dark-on-accent, #0c211d);
  --paper: var(--spineline-dark-paper, #14201e); --ink: var(--spineline-dark-ink, #edf3f0);
  --quiet: #b9c7c2; --bubble: #243632; --line: #8fa19c; --alarm: #ffb4a8; --alarm-paper: #3a1512; color-scheme: dark;
}
button, textarea { font: inherit; color: inherit; }
button, a, summary { cursor: pointer; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px; }
.quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.launcher, .panel { position: fixed; z-index: var(--spineline-z, 2147483000); inset: auto var(--spineline-x, 20px) var(--spineline-y, 20px) auto; }
.left .launcher, .left .panel { right: auto; left: var(--spineline-x, 20px); }
.launcher {
  display: flex; align-items: center; gap: 10px; min-height: 56px; padding: 8px 20px; border: 2px solid transparent; border-radius: 28px;
  background: var(--accent); color: var(--on-accent); font-weight: 600; box-shadow: 0 4px 16px #0005;
}
.badge { min-width: 26px; padding: 0 6px; border-radius: 13px; background: #a3140c; color: #fff; text-align: center; }
.panel {
  display: none; flex-direction: column; width: min(400px, calc(100vw - 24px)); height: min(640px, calc(100dvh - 40px)); max-width: none; max-height: none;
  margin: 0; padding: 0; overflow: hidden; border: 1px solid var(--line); border-radius: 16px; background: var(--paper); color: var(--ink);
  box-shadow: 0 8px 32px #0006;
}
.panel[open] { display: flex; }
.head { position: relative; display: flex; flex-wrap: wrap; align-items: center; gap: 6px; padding: 10px 12px; background: var(--accent); color: var(--on-accent); }
.head :focus-visible { outline-color: var(--on-accent); }
h2 { flex: 1 1 50%; margin: 0; font-size: 1em; line-height: 1.25; }
.head p { flex: 1 1 100%; margin: 0; font-size: .875em; }
.head a { color: inherit; }
.head button { min-width: 40px; min-height: 36px; padding: 2px 10px; border: 1px solid; border-radius: 8px; background: none; }
.menu { position: absolute; z-index: 1; inset: 56px 12px auto auto; display: grid; padding: 6px; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); color: var(--ink); box-shadow: 0 4px 16px #0004; }
.head .menu > * { min-height: 40px; padding: 8px 12px; border: 0; border-radius: 6px; text-align: start; color: var(--ink); }
.head .menu > :hover { background: var(--bubble); }
.head .menu :focus-visible { outline-color: var(--ink); }
.person { display: block; padding: 8px 12px; border-bottom: 1px solid var(--line); font-weight: 600; }
.pin { padding: 8px 12px; border-bottom: 6px double var(--alarm); background: var(--alarm-paper); }
.pin p { margin: 0 0 6px; font-weight: 700; }
.scroll { flex: 1 1 auto; min-height: 0; overflow-y: auto; overscroll-behavior: contain; padding: 12px; }
.log { display: flex; flex-direction: column; gap: 8px; }
.said { max-width: 90%; padding: 8px 12px; border: 1px solid transparent; border-radius: 14px; background: var(--bubble); overflow-wrap: anywhere; white-space: pre-line; }
.said p { margin: 0; }
.you { align-self: flex-end; background: var(--accent); color: var(--on-accent); }
.alarm { max-width: 100%; border: 6px double var(--alarm); border-radius: 0; background: var(--alarm-paper); }
.mark { display: flex; align-items: center; gap: 8px; font-weight: 700; color: var(--alarm); }
.mark i { display: grid; place-items: center; width: 28px; height: 28px; background: var(--alarm); color: var(--alarm-paper); font-style: normal; clip-path: polygon(30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%); }
.calls, .choices { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 8px; }
.calls a, .choices button, .box button {
  display: inline-flex; align-items: center; min-height: 44px; padding: 6px 16px; border: 2px solid var(--accent); border-radius: 22px;
  background: var(--paper); color: var(--accent); text-decoration: none; text-align: start;
}
.calls a, .box button { background: var(--accent); color: var(--on-accent); font-weight: 600; }
.said img { display: block; width: 100%; height: auto; margin-top: 8px; border-radius: 8px; background: #fff; }
details, .print { margin-top: 6px; font-size: .875em; white-space: normal; }
summary, .print { min-height: 28px; display: list-item; padding: 3px 0; }
.print { display: inline-block; }
ul { margin: 4px 0; padding-inline-start: 18px; }
.state { align-self: flex-end; font-size: .875em; color: var(--quiet); }
.state button { min-height: 32px; margin-inline-start: 6px; border: 1px solid; border-radius: 8px; background: none; }
.status { min-height: 1.6em; margin: 0; padding: 2px 12px; font-size: .875em; color: var(--quiet); }
.status.lost { color: var(--ink); font-weight: 600; }
.box { margin: 0 0 8px; padding: 12px; border: 1px solid var(--line); border-radius: 14px; }
.box p { margin: 0 0 8px; }
.box a { display: inline-block; padding: 4px 0; margin-inline-end: 16px; }
form { display: flex; gap: 8px; padding: 8px 12px 12px; border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; min-height: 48px; max-height: 120px; padding: 10px; resize: none; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); field-sizing: content; }
textarea::placeholder { color: var(--quiet); opacity: 1; }
form button { min-height: 48px; padding: 0 16px; border: 2px solid transparent; border-radius: 10px; background: var(--accent); color: var(--on-accent); font-weight: 600; }
@media (max-width: 480px) { .panel[open], .left .panel[open] { inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; } }
@media (max-height: 480px) {
  .panel[open] { display: block; bottom: 0; height: 100dvh; overflow-y: auto; }
  .scroll { overflow: visible; }
  .pin { position: sticky; z-index: 1; top: 0; padding: 4px 8px; }
  .pin p { margin: 0; font-size: .875em; }
  .pin .calls { margin: 0; gap: 4px; }
  .pin .calls a { min-height: 32px; padding: 2px 10px; }
  form { position: sticky; bottom: 0; background: var(--paper); }
}
@media (prefers-reduced-motion: no-preference) {
  .panel[open] { animation: rise .15s ease-out; }
  @keyframes rise { from { transform: translateY(12px); opacity: 0; } }
}
@media (forced-colors: active) {
  .said, .launcher, form button, .calls a, .badge { border: 1px solid; }
  .alarm, .pin { border: 6px double; }
  .mark i { clip-path: none; border: 2px solid; }
}
@media print { .frame { display: none; } }`;

  /** An element with attributes, listeners (on…) and children; text is only ever added as text. */
  function h(tag, attributes = {}, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
      else if (value === true) node.setAttribute(name, '');
      else if (value !== false && value != null) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child != null));
    return node;
  }

  function safeUrl(address) {
    try {
      const url = new URL(address);
      return ['https:', 'tel:', 'mailto:'].includes(url.protocol) ? url.href : null;
    } catch {
      return null;
    }
  }

  const randomId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, '0')).join('');

  /** What this tab remembers across pages and reloads. One write keeps everything in step. */
  class Memory {
    session = null;
    since = 0;
    items = [];
    queue = [];
    language = null;
    open = false;
    unread = 0;
    who = null;

    constructor() {
      try {
        Object.assign(this, JSON.parse(sessionStorage.getItem(STORE)));
      } catch { /* blocked or damaged storage: the chat lives until the page is left */ }
    }

    save() {
      this.items = this.items.slice(-MOST_ITEMS);
      try {
        sessionStorage.setItem(STORE, JSON.stringify(this));
      } catch { /* as above */ }
    }

    forget() {
      Object.assign(this, { session: null, since: 0, items: [], queue: [], unread: 0 });
      this.save();
    }
  }

  async function post(path, data, signal) {
    const answer = await fetch(`${BASE}webhooks/web/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(data),
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      signal,
    });
    const body = await answer.json();
    if (!answer.ok) throw Object.assign(new Error(body.error?.reason), { code: body.error?.code });
    return body;
  }

  /**
   * The line to the server: a websocket, or plain requests where those are blocked. Every time the line comes up, all
   * messages without an answer are sent again under the same id; the server answers each id once.
   */
  class Line {
    #memory;
    #onEvent;
    #onState;
    #socket = null;
    #isPlain = false;
    #blocked = 0;
    #tries = 0;
    #timer;
    #beat;
    #polling = null;
    #posting = Promise.resolve();
    #sent = new Set();
    isUp = false;
    isOn = false;

    constructor(memory, onEvent, onState) {
      this.#memory = memory;
      this.#onEvent = onEvent;
      this.#onState = onState;
    }

    start() {
      if (this.isOn || !this.#memory.session) return;
      this.isOn = true;
      this.#dial();
    }

    stop() {
      this.isOn = false;
      this.#hangUp();
    }

    hurry() {
      if (this.isOn && !this.isUp) this.#dial();
    }

    lose() {
      if (!this.isOn) return;
      this.#hangUp();
      this.#retry();
    }

    flush() {
      if (!this.isUp) return;
      for (const { id, text } of this.#memory.queue) {
        if (this.#sent.has(id)) continue;
        this.#sent.add(id);
        this.#send({ id, text });
      }
    }

    /** The server did not take this message; it may be sent once more. */
    unsend(id) {
      this.#sent.delete(id);
    }

    wish(language) {
      if (this.isUp) this.#send({ language });
    }

    #send(data) {
      if (this.#socket) this.#socket.send(JSON.stringify(data));
      else this.#posting = this.#posting.then(() => this.#postOne(data));
    }

    async #postOne(data) {
      try {
        this.#onEvent(await post('message', { ...data, session: this.#memory.session }));
      } catch (error) {
        this.#failed(error, data.id);
      }
    }

    #failed(error, id) {
      if (error.code) this.#onEvent({ type: 'error', code: error.code, id });
      else this.lose();
    }

    #dial() {
      this.#hangUp();
      if (this.#isPlain) this.#poll();
      else this.#dialSocket();
    }

    #dialSocket() {
      const socket = new WebSocket(`${BASE.replace(/^http/, 'ws')}webhooks/web/socket`);
      this.#socket = socket;
      this.#expect(socket);
      socket.onopen = () => socket.send(JSON.stringify({ session: this.#memory.session, since: this.#memory.since }));
      socket.onmessage = ({ data }) => this.#socket === socket && this.#hear(JSON.parse(data));
      socket.onclose = () => this.#socket === socket && this.#closed();
    }

    /** A line that stays silent is dead, whatever the browser believes. */
    #expect(socket) {
      clearTimeout(this.#beat);
      this.#beat = setTimeout(() => this.#socket === socket && this.#closed(), ANSWER_S * 1000);
    }

    #hear(event) {
      clearTimeout(this.#beat);
      this.#beat = setTimeout(() => this.#checkPulse(), BEAT_S * 1000);
      if (event.type === 'ready') {
        this.#memory.session = event.session;
        this.#blocked = 0;
        this.#up();
      } else {
        this.#onEvent(event);
      }
    }

    #checkPulse() {
      this.#socket?.send(JSON.stringify({ since: this.#memory.since }));
      this.#expect(this.#socket);
    }

    #closed() {
      const wasUp = this.isUp;
      this.#hangUp();
      if (!this.isOn) return;
      if (wasUp) this.#retry();
      else this.#probe();
    }

    /** The websocket did not open: is it blocked on the way, or is the server away? A plain request tells. */
    async #probe() {
      try {
        await post('message', { session: this.#memory.session });
        this.#blocked += 1;
        this.#isPlain = this.#blocked > 1;
        if (this.isOn) this.#dial();
      } catch (error) {
        if (error.code) this.#failed(error);
        else if (this.isOn) this.#retry();
      }
    }

    async #poll() {
      const polling = new AbortController();
      this.#polling = polling;
      try {
        while (this.#polling === polling) {
          const wait = this.isUp ? 'poll' : 'message';
          const { session, since } = this.#memory;
          const answer = await post(wait, { session, since }, polling.signal);
          if (this.#polling !== polling) return;
          if (!this.isUp) this.#up();
          this.#memory.session = answer.session ?? session;
          (answer.events ?? []).forEach((event) => this.#onEvent(event));
        }
      } catch (error) {
        if (this.#polling === polling) this.#failed(error);
      }
    }

    #up() {
      this.isUp = true;
      this.#tries = 0;
      this.#sent.clear();
      this.#memory.save();
      this.#onState();
      this.flush();
    }

    #hangUp() {
      clearTimeout(this.#timer);
      clearTimeout(this.#beat);
      const socket = this.#socket;
      this.#socket = null;
      this.#polling?.abort();
      this.#polling = null;
      this.isUp = false;
      socket?.close();
    }

    #retry() {
      this.#onState();
      const wait = Math.min(30000, 500 * 2 ** this.#tries) * (0.7 + Math.random() * 0.6);
      this.#tries += 1;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#dial(), wait);
    }
  }

  /** The launcher and the chat window. */
  class SpinelineChat extends HTMLElement {
    #memory = new Memory();
    #line = new Line(this.#memory, (event) => this.#take(event), () => this.#showState());
    #root = this.attachShadow({ mode: 'open' });
    #got = new Set();
    #failed = new Map();
    #tab = randomId();
    #tabs = null;
    #panel = null;
    #lostTimer = null;
    #listening = null;

    connectedCallback() {
      if (!this.#root.firstChild) this.#build();
      this.#listening = new AbortController();
      const { signal } = this.#listening;
      const on = (name, act) => window.addEventListener(name, act, { signal });
      on('online', () => this.#line.hurry());
      on('offline', () => this.#line.lose());
      on('pagehide', () => this.#leave());
      on('pageshow', (event) => event.persisted && this.#arrive());
      matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#paint(), { signal });
      this.#arrive();
    }

    disconnectedCallback() {
      this.#listening.abort();
      this.#leave();
    }

    /** Open the chat window. */
    open() {
      this.#show(true, true);
    }

    /** Close the chat window. */
    close() {
      this.#show(false, true);
    }

    get #language() {
      const { lang = 'auto' } = this.dataset;
      const wishes = [this.#memory.language, lang, document.documentElement.lang, navigator.language];
      return wishes.map((wish) => wish?.slice(0, 2)).find((wish) => wish in PROFILE.texts) ?? 'en';
    }

    get #texts() {
      return PROFILE.texts[this.#language];
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
      this.#tabs = new BroadcastChannel(STORE);
      this.#tabs.onmessage = ({ data }) => {
        if (!this.#memory.session || data.from === this.#tab) return;
        if (data.asks && data.who === this.#memory.who) this.#tabs.postMessage({ taken: data.who, to: data.from });
        if (data.taken === this.#memory.who && data.to === this.#tab) this.#endSession();
      };
      if (this.#memory.session) this.#tabs.postMessage({ asks: true, who: this.#memory.who, from: this.#tab });
    }

    #endSession() {
      this.#line.stop();
      Object.assign(this.#memory, { session: null, since: 0 });
      this.#memory.save();
      this.#drawAll();
    }

    #build() {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(CSS);
      this.#root.adoptedStyleSheets = [sheet];
      this.frame = h('div', { class: 'frame' });
      this.announcer = h('div', { class: 'quiet', role: 'status' });
      this.badge = h('span', { class: 'badge', 'aria-hidden': 'true' });
      this.launcherName = h('span');
      this.launcher = h('button', { class: 'launcher', type: 'button', 'aria-haspopup': 'dialog', onclick: () => this.open() }, this.launcherName, this.badge);
      this.frame.append(this.launcher, this.announcer);
      this.#paint();
      this.#drawLauncher();
      this.#root.append(this.frame);
      if (this.#memory.open && !this.#isSmall) this.#show(true, false);
    }

    #paint() {
      const { theme, side } = this.dataset;
      const isDark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
      const isLeft = side ? side === 'left' : getComputedStyle(document.documentElement).direction === 'rtl';
      this.frame.classList.toggle('dark', isDark);
      this.frame.classList.toggle('left', isLeft);
    }

    get #isSmall() {
      return matchMedia('(max-width: 480px)').matches;
    }

    get #isOpen() {
      return Boolean(this.#panel?.open);
    }

    #drawLauncher() {
      const texts = this.#texts;
      const { unread } = this.#memory;
      const news = unread === 1 ? texts.unread_one : texts.unread_many.replace('#', unread);
      this.frame.lang = this.#language;
      this.launcher.hidden = this.#isOpen;
      this.launcherName.textContent = texts.label;
      this.launcher.setAttribute('aria-label', unread ? `${texts.label}, ${news}` : texts.label);
      this.badge.hidden = !unread;
      this.badge.textContent = unread;
    }

    #buildPanel() {
      const keys = (event) => event.key === 'Escape' && this.#escape(event);
      this.head = h('div', { class: 'head' });
      this.person = h('a', { class: 'person', href: safeUrl(PROFILE.clinic.tel) });
      this.pin = h('div', { class: 'pin', role: 'region' });
      this.log = h('div', { class: 'log', role: 'log' });
      this.choices = h('div', { class: 'choices', role: 'group' });
      this.box = h('div', { class: 'box' });
      this.middle = h('div', { class: 'scroll', tabindex: '0', role: 'region' }, this.log, this.choices, this.box);
      this.status = h('p', { class: 'status', role: 'status' });
      this.#buildForm();
      this.#panel = h('dialog', { class: 'panel', 'aria-labelledby': 'title', 'aria-describedby': 'notice', onkeydown: keys, onclose: () => this.#show(false, true) });
      this.#panel.append(this.head, this.person, this.pin, this.middle, this.status, this.form);
      this.frame.prepend(this.#panel);
      this.#drawAll();
    }

    #buildForm() {
      this.inputName = h('label', { class: 'quiet', for: 'input' });
      this.input = h('textarea', { id: 'input', rows: '1', maxlength: LONGEST, autocomplete: 'off', enterkeyhint: 'send', onkeydown: (event) => this.#typed(event) });
      this.sendButton = h('button', { type: 'submit' });
      this.form = h('form', { onsubmit: (event) => this.#submit(event) }, this.inputName, this.input, this.sendButton);
    }

    #typed(event) {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) this.#submit(event);
    }

    #escape(event) {
      event.stopPropagation();
      event.preventDefault();
      if (this.menu.hidden) this.close();
      else this.#toggleMenu(false);
    }

    #show(open, focus) {
      if (open) {
        if (!this.#panel) this.#buildPanel();
        if (!this.#panel.open) this.#openPanel(focus);
        this.#memory.unread = 0;
      } else if (this.#panel?.open) {
        this.#panel.close();
        return;
      }
      this.#memory.open = open;
      this.#memory.save();
      this.#drawLauncher();
      if (!open && focus) this.launcher.focus();
    }

    #openPanel(focus) {
      if (this.#isSmall) this.#panel.showModal();
      else if (focus) this.#panel.show();
      else this.#panel.open = true;
      this.#scrollDown();
      if (focus) (this.#memory.session ? this.input : this.startButton).focus();
    }

    #drawAll() {
      if (!this.#panel) return;
      const texts = this.#texts;
      this.#panel.lang = this.#language;
      this.#drawHead(texts);
      this.person.textContent = texts.person;
      this.middle.setAttribute('aria-label', texts.log);
      this.log.setAttribute('aria-label', texts.log);
      this.pin.setAttribute('aria-label', texts.emergency);
      this.choices.setAttribute('aria-label', texts.choices);
      this.inputName.textContent = texts.input;
      this.input.placeholder = texts.placeholder;
      this.sendButton.textContent = texts.send;
      this.#drawLog();
      this.#drawBox(texts);
      this.#showState();
    }

    #drawHead(texts) {
      const other = Object.keys(PROFILE.texts).find((language) => language !== this.#language);
      const button = (text, act, more) => h('button', { type: 'button', onclick: act, ...more }, text);
      this.menuButton = button(texts.menu, () => this.#toggleMenu(this.menu.hidden), { 'aria-expanded': 'false', 'aria-controls': 'menu' });
      this.menu = h(
        'div', { class: 'menu', id: 'menu', hidden: true },
        button(texts.clear, () => this.#clear(texts.cleared)),
        button(texts.delete, () => this.#delete()),
        this.#pageLink('privacy', texts.privacy),
      );
      this.head.replaceChildren(
        h('h2', { id: 'title' }, texts.title),
        button('✕', () => this.close(), { 'aria-label': texts.close }),
        h('p', { id: 'notice' }, `${texts.automated} `, h('a', { href: 'tel:911' }, texts.call_911), texts.pending ? `. ${texts.pending}` : null),
        button(texts.other_language, () => this.#switchLanguage(other), { lang: other }),
        this.menuButton,
        this.menu,
      );
    }

    #toggleMenu(open) {
      this.menu.hidden = !open;
      this.menuButton.setAttribute('aria-expanded', String(open));
      (open ? this.menu.firstChild : this.menuButton).focus();
    }

    /** The greeting, the notice and Start: nothing goes to the server before that. */
    #drawBox(texts) {
      const isBegun = Boolean(this.#memory.session);
      this.box.hidden = isBegun;
      this.form.hidden = !isBegun;
      this.startButton = h('button', { type: 'button', onclick: () => this.#begin() }, texts.start);
      const greeting = this.#memory.items.length ? [] : [h('p', {}, texts.greeting.text)];
      this.box.replaceChildren(...greeting, h('p', {}, texts.notice), this.#pageLink('privacy', texts.privacy), this.startButton);
    }

    async #begin() {
      try {
        const { session } = await post('session', { consent: true, language: this.#language });
        Object.assign(this.#memory, { session, since: 0, who: randomId() });
      } catch (error) {
        this.#showTrouble(error.code === 'busy' ? this.#texts.busy : this.#texts.lost);
        return;
      }
      this.#line.stop();
      if (!this.#memory.items.length) this.#add({ who: 'bot', reply: this.#texts.greeting });
      this.#memory.save();
      this.#drawAll();
      this.#line.start();
      this.input.focus();
    }

    #submit(event) {
      event.preventDefault();
      const text = this.input.value.trim();
      if (!text) return;
      this.input.value = '';
      this.#say(text, text);
    }

    #say(text, shown) {
      const id = randomId();
      this.#memory.queue.push({ id, text });
      this.#add({ who: 'you', id, text: shown, language: this.#language });
      this.#line.flush();
      this.#line.hurry();
      this.#showState();
    }

    #take(event) {
      if (event.type === 'reply') this.#takeReply(event);
      else if (event.type === 'got') this.#got.add(event.id);
      else if (event.type === 'done') this.#finish(event.id);
      else if (event.code === 'session') this.#over();
      else if (event.id) this.#reject(event.id, event.type);
      else if (event.type === 'error') this.#line.stop();
      this.#showState();
    }

    #takeReply({ seq, to, last, reply }) {
      if (seq <= this.#memory.since) return;
      this.#memory.since = seq;
      if (last) this.#finish(to);
      this.#add({ who: 'bot', to, reply });
    }

    #finish(id) {
      this.#memory.queue = this.#memory.queue.filter((message) => message.id !== id);
      this.#memory.save();
    }

    #reject(id, why) {
      const message = this.#memory.queue.find((waiting) => waiting.id === id);
      if (!message) return;
      this.#failed.set(id, { ...message, why });
      this.#line.unsend(id);
      this.#finish(id);
    }

    #again(message) {
      this.#failed.delete(message.id);
      this.#memory.queue.push({ id: message.id, text: message.text });
      this.#memory.save();
      this.#line.flush();
      this.#showState();
      this.input.focus();
    }

    #over() {
      this.#endSession();
      this.announcer.textContent = this.#texts.over;
    }

    #add(item) {
      this.#memory.items.push(item);
      if (item.who === 'bot' && !this.#isOpen) this.#countUnread();
      this.#memory.save();
      if (!this.#panel) return;
      this.log.append(this.#drawItem(item));
      this.#drawAfter();
      this.#scrollDown();
    }

    #countUnread() {
      this.#memory.unread += 1;
      this.#drawLauncher();
      this.announcer.textContent = this.launcher.getAttribute('aria-label');
    }

    #drawLog() {
      this.log.setAttribute('aria-live', 'off');
      this.log.replaceChildren(...this.#memory.items.map((item) => this.#drawItem(item)));
      this.#drawAfter();
      setTimeout(() => this.log.setAttribute('aria-live', 'polite'), 100);
    }

    #drawItem(item) {
      const texts = this.#texts;
      if (item.who === 'you') {
        return h('div', { class: 'said you', lang: item.language, 'data-id': item.id }, h('span', { class: 'quiet' }, `${texts.you_said} `), item.text);
      }
      const { reply } = item;
      const isAlarm = ALARMS.includes(reply.tier);
      return h(
        'div', { class: isAlarm ? 'said alarm' : 'said', lang: reply.language },
        h('span', { class: 'quiet' }, `${texts.assistant_said} `),
        isAlarm ? h('p', { class: 'mark' }, h('i', { 'aria-hidden': 'true' }, '!'), PROFILE.texts[reply.language]?.emergency) : null,
        h('p', {}, ...this.#withLinks(reply.text)),
        this.#drawCalls(reply),
        this.#drawing(reply.drawing),
        reply.page ? this.#pageLink(reply.page, texts.print, 'print') : null,
        this.#drawSources(reply.sources),
      );
    }

    #withLinks(text) {
      return text.split(/(https:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?])/).map((part, n) => (n % 2 ? this.#link(part, part) : part));
    }

    #link(address, text, more = {}) {
      const href = safeUrl(address);
      if (!href) return h('span', {}, text);
      if (!href.startsWith('https:')) return h('a', { href, ...more }, text);
      return this.#newTab(href, text, more);
    }

    #newTab(href, text, more) {
      return h('a', { href, target: '_blank', rel: 'noopener noreferrer', ...more }, text, h('span', { class: 'quiet' }, ` ${this.#texts.new_tab}`));
    }

    /** A page of the chat's own server. */
    #pageLink(path, text, name) {
      const url = new URL(path, BASE);
      if (!url.search) url.searchParams.set('lang', this.#language);
      return this.#newTab(url.href, text, { class: name });
    }

    #drawCalls({ calls }) {
      return calls ? h('div', { class: 'calls' }, ...calls.map(({ title, url }) => this.#link(url, title))) : null;
    }

    #drawing(drawing) {
      if (!drawing) return null;
      const image = h('img', { src: new URL(drawing.src, BASE).href, alt: drawing.alt, width: 320, height: 200 });
      image.addEventListener('error', () => image.replaceWith(h('p', {}, drawing.alt)));
      return image;
    }

    #drawSources(sources) {
      if (!sources) return null;
      const named = sources.map(({ title, publisher, address }) => h('li', {}, address ? this.#link(address, title) : title, `, ${publisher}`));
      return h('details', {}, h('summary', {}, this.#texts.sources), h('ul', {}, ...named));
    }

    /** Below the last message: its quick replies; above all: an alarm that is not taken care of. */
    #drawAfter() {
      const last = this.#memory.items.at(-1);
      const choices = (this.#memory.session && last?.reply?.choices) || [];
      const tap = ({ title, payload }) => () => {
        this.input.focus();
        this.#say(payload, title);
      };
      this.choices.replaceChildren(...choices.map((choice) => h('button', { type: 'button', lang: last.reply.language, onclick: tap(choice) }, choice.title)));
      this.choices.hidden = !choices.length;
      this.#drawPin();
    }

    #drawPin() {
      const replies = this.#memory.items.map((item) => item.reply).filter((reply) => reply);
      const closed = replies.findLastIndex((reply) => reply.card?.startsWith('alarm:'));
      const alarm = replies.slice(closed + 1).findLast((reply) => ALARMS.includes(reply.tier));
      this.pin.hidden = !alarm;
      if (alarm) this.pin.replaceChildren(h('p', { lang: alarm.language }, alarm.text.split('\n')[0]), this.#drawCalls(alarm) ?? '');
      this.pin.lang = alarm?.language ?? this.#language;
    }

    /** The newest answer from its first line, and its call button in view; a pinned one is in view anyway. */
    #scrollDown() {
      const { middle, log, pin } = this;
      const isShort = getComputedStyle(middle).overflowY === 'visible';
      const view = isShort ? this.#panel : middle;
      const above = isShort ? pin.offsetHeight : middle.offsetTop;
      const height = isShort ? view.clientHeight - above - this.form.offsetHeight : view.clientHeight;
      const said = [...log.querySelectorAll('.said')];
      const first = said[said.findLastIndex((node) => node.classList.contains('you')) + 1] ?? said.at(-1);
      if (!first) return;
      const top = first.offsetTop - above - 8;
      const calls = pin.hidden ? said.at(-1).querySelector('.calls') : null;
      const callEnd = calls ? calls.offsetTop + calls.offsetHeight - above + 8 : 0;
      view.scrollTop = Math.max(Math.min(view.scrollHeight - view.clientHeight, top), callEnd - height);
    }

    #showState() {
      this.#drawDelivery();
      if (!this.#panel) return;
      const { queue, session } = this.#memory;
      const isLost = session && !this.#line.isUp;
      if (isLost) this.#lostTimer ??= setTimeout(() => this.#showLost(), 1000);
      if (isLost) return;
      clearTimeout(this.#lostTimer);
      this.#lostTimer = null;
      this.status.classList.remove('lost');
      this.#setStatus(queue.some(({ id }) => this.#got.has(id)) ? this.#texts.typing : '');
    }

    #setStatus(text) {
      if (this.status.textContent !== text) this.status.textContent = text;
    }

    #showLost() {
      this.#lostTimer = null;
      this.#showTrouble(this.#texts.lost);
    }

    #showTrouble(text) {
      this.status.classList.add('lost');
      this.#setStatus(text);
    }

    #drawDelivery() {
      if (!this.#panel) return;
      this.log.querySelectorAll('.state').forEach((node) => node.remove());
      for (const { id } of this.#memory.queue) {
        if (!this.#got.has(id)) this.#drawState(id, this.#line.isUp ? this.#texts.sending : this.#texts.waiting);
      }
      for (const [id, message] of this.#failed) {
        const text = message.why === 'busy' ? this.#texts.busy : this.#texts.failed;
        this.#drawState(id, text, h('button', { type: 'button', onclick: () => this.#again(message) }, this.#texts.retry));
      }
    }

    #drawState(id, text, button) {
      this.log.querySelector(`[data-id="${id}"]`)?.after(h('div', { class: 'state', 'aria-live': 'off' }, text, button ?? ''));
    }

    #switchLanguage(language) {
      this.#memory.language = language;
      this.#memory.save();
      this.#line.wish(language);
      this.#drawLauncher();
      this.#drawAll();
      this.announcer.textContent = this.#texts.switched;
      this.head.querySelector(`button[lang]`).focus();
    }

    #clear(text) {
      this.#line.stop();
      this.#memory.forget();
      this.#failed.clear();
      this.#drawAll();
      this.announcer.textContent = text;
      this.startButton.focus();
    }

    /** Empties the chat here only after the server has deleted it. */
    async #delete() {
      this.#toggleMenu(false);
      const { session } = this.#memory;
      try {
        if (session) await post('delete', { session });
        this.#clear(this.#texts.deleted);
      } catch {
        this.#showTrouble(this.#texts.not_deleted);
      }
    }
  }

  /** One chat on a page, however often the script stands there; the page may have put the element where it likes. */
  function mount() {
    const chat = document.querySelector('spineline-chat') ?? document.createElement('spineline-chat');
    for (const name of ['lang', 'theme', 'side']) {
      if (script.dataset[name]) chat.dataset[name] ??= script.dataset[name];
    }
    customElements.define('spineline-chat', SpinelineChat);
    if (!chat.isConnected) document.body.append(chat);
  }

  if (!customElements.get('spineline-chat')) mount();
})();
