// @ts-check
// The conversation: what was said, what is on its way, and what is in its way.
import { Line, post } from './line.js';
import { Memory } from './memory.js';
import { Timers } from './timers.js';
import { openAlarm } from './view.js';

const LOST_MS = 1000; // a line that is back within this time was never lost for the person
const SLOW_MS = 15e3; // an answer that takes longer is said to be late, with whom to call
const BEGIN_AGAIN_MS = 3000;
const IDLE_MS = 30 * 60e3; // after this time others may sit before the screen
const STAYS = ['too_long', 'cleared', 'deleted', 'not_deleted', 'over', 'copied', 'not_allowed', 'no_files', 'no_voice', 'listening', 'not_heard', 'part_away']; // until the person does something

/**
 * @typedef {object} Host Who shows the conversation.
 * @property {() => void} draw
 * @property {() => void} drawQuietly what is drawn need not be announced
 * @property {() => void} begun
 * @property {() => void} said something new was said, by either side
 * @property {() => import('./memory.js').Reply} greeting
 * @property {() => boolean} isOpen
 * @property {() => string} language
 * @property {(name: 'message' | 'alarm') => void} tell
 */

/** One conversation with the server. */
export class Talk {
  memory;
  line;
  /** @type {import('./profile.js').TextName | null} */
  trouble = null;
  /** @type {string | null} What the page wants asked as soon as there is a session. */
  asked = null;
  #base;
  #host;
  #timers = new Timers();
  #isStarting = false;

  /**
   * @param {string} base the address of the server
   * @param {string} store the name of its memory
   * @param {Host} host
   */
  constructor(base, store, host) {
    this.#base = base;
    this.#host = host;
    this.memory = new Memory(store, () => sessionStorage);
    this.line = new Line(base, this.memory, (event) => this.#take(event), () => this.showState());
  }

  /** @param {AbortSignal} signal */
  listen(signal) {
    window.addEventListener('online', () => this.hurry(), { signal });
    window.addEventListener('offline', () => this.line.lose(), { signal });
  }

  stop() {
    this.memory.save();
    this.line.stop();
    this.#timers.clear();
  }

  /** Another tab has something new. */
  goOn() {
    this.memory.save();
    this.line.start();
    this.line.flush();
    this.showState();
    if (this.#host.isOpen()) this.#host.said();
  }

  async begin() {
    if (this.#isStarting) return;
    this.#isStarting = true;
    try {
      const { session } = await post(this.#base, 'session', { consent: true, language: this.#host.language() });
      this.#begun(session);
    } catch (error) {
      await this.#couldNotBegin(/** @type {import('./line.js').Refusal} */ (error));
    } finally {
      this.#isStarting = false;
    }
  }

  /** @param {string} session */
  #begun(session) {
    this.#timers.stop('begin');
    this.memory.begin(session);
    this.trouble = null;
    this.line.stop();
    if (!this.memory.items.length) this.memory.hear(this.#host.greeting(), { isSeen: this.#host.isOpen(), isGreeting: true });
    this.#host.begun();
    this.line.start();
    this.showState();
    this.askForPage();
  }

  /**
   * Without a line it is tried again; a website that is not allowed is told so.
   * @param {import('./line.js').Refusal} error
   */
  async #couldNotBegin(error) {
    const isThere = error.code || await fetch(`${this.#base}icon.svg`, { method: 'HEAD', cache: 'no-store' }).then(({ ok }) => ok, () => false);
    this.trouble = error.code === 'busy' ? 'busy' : isThere ? 'not_allowed' : 'lost';
    if (!isThere) this.#timers.set('begin', BEGIN_AGAIN_MS, () => this.begin());
    this.#host.draw();
  }

  /** Whether something was said and the person was not here for long. */
  get isIdle() {
    return this.memory.items.length > 0 && Date.now() - this.memory.at > IDLE_MS;
  }

  /** @param {string} language */
  wish(language) {
    this.memory.language = language;
    this.memory.save();
    if (this.memory.session) this.line.wish(language);
  }

  hurry() {
    this.line.hurry();
    if (this.#timers.has('begin')) this.begin();
  }

  askForPage() {
    const { asked } = this;
    if (!asked || !this.memory.session) return;
    this.asked = null;
    this.say(asked, asked);
  }

  /**
   * @param {string} text
   * @param {string} shown
   */
  say(text, shown) {
    if (STAYS.includes(this.trouble ?? '')) this.trouble = null;
    this.memory.ask(text, shown, this.#host.language());
    this.line.flush();
    this.line.hurry();
    this.showState();
    this.#host.said();
    this.#host.tell('message');
  }

  /** @param {import('./line.js').ServerEvent} event */
  #take({ type, id, code, seq, to, last, reply }) {
    if (type === 'reply' && reply) this.#takeReply(reply, { seq, to, last });
    else if (type === 'got' && id) this.memory.got.add(id);
    else if (type === 'done') this.memory.finish(id);
    else if (code === 'session') this.#over();
    else if (id) this.#reject(id, type);
    else if (type === 'error') this.#refused(code);
    this.showState();
  }

  /** @param {string} [code] */
  #refused(code) {
    this.line.stop();
    if (code === 'origin') this.trouble = 'not_allowed';
  }

  /**
   * @param {import('./memory.js').Reply} reply
   * @param {{ seq?: number, to?: string, last?: boolean }} place
   */
  #takeReply(reply, { seq = 0, to, last }) {
    if (seq <= this.memory.since) return;
    this.memory.since = seq;
    if (last) this.memory.finish(to);
    this.#hear(reply, seq, to);
  }

  /**
   * @param {import('./memory.js').Reply} reply
   * @param {number} seq
   * @param {string} [to]
   */
  #hear(reply, seq, to) {
    const isSeen = this.#host.isOpen();
    const before = openAlarm(this.memory);
    this.memory.hear(reply, { isSeen, seq, to });
    const alarm = openAlarm(this.memory);
    this.#host.said();
    if (alarm && alarm !== before) this.#host.tell('alarm');
  }

  /**
   * @param {string} id
   * @param {string} why
   */
  #reject(id, why) {
    this.memory.reject(id, why);
    this.line.unsend(id);
  }

  /** @param {string} id */
  again(id) {
    this.memory.again(id);
    this.line.flush();
    this.showState();
  }

  #over() {
    this.line.stop();
    this.memory.end();
    this.#host.drawQuietly();
    this.trouble = 'over';
    this.#host.draw();
  }

  /** A lost line and a late answer are shown when they stay so. */
  showState() {
    const { session, queue, got } = this.memory;
    const isLost = session && !this.line.isUp;
    const isSlow = session && !isLost && queue.some(({ id }) => got.has(id));
    this.#showLater('lost', isLost, LOST_MS);
    this.#showLater('slow', isSlow, SLOW_MS);
    if (session && !isLost && !isSlow && !STAYS.includes(this.trouble ?? '')) this.trouble = null;
    this.#host.draw();
  }

  /**
   * @param {'lost' | 'slow'} trouble
   * @param {unknown} isSo
   * @param {number} wait
   */
  #showLater(trouble, isSo, wait) {
    if (!isSo) {
      this.#timers.stop(trouble);
      if (this.trouble === trouble && this.memory.session) this.trouble = null;
    } else if (!this.#timers.has(trouble) && this.trouble !== trouble) {
      this.#timers.set(trouble, wait, () => {
        this.trouble = trouble;
        this.#host.draw();
      });
    }
  }

  /**
   * Empty the chat.
   * @param {import('./profile.js').TextName} said
   */
  clear(said) {
    this.line.stop();
    this.memory.forget();
    this.trouble = said;
    this.showState();
  }

  /** Empties the chat here only after the server has deleted it; true when it has. */
  async delete() {
    const { session } = this.memory;
    try {
      if (session) await post(this.#base, 'delete', { session });
    } catch {
      this.trouble = 'not_deleted';
      return false;
    }
    this.clear('deleted');
    return true;
  }
}
