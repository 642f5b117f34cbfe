// @ts-check
// The line between the browser and the server.

const ANSWER_S = 10;
const BEAT_S = 25;
const POLL_S = 30; // the server answers a poll within 20 s
const PATIENCE_MS = 700; // a websocket that takes longer is perhaps blocked: plain requests begin beside it

/**
 * @typedef {object} ServerEvent See spineline/channels/web/channel.py.
 * @property {string} type
 * @property {string} [id]
 * @property {string} [code]
 * @property {number} [seq]
 * @property {string} [to]
 * @property {boolean} [last]
 * @property {import('./memory.js').Reply} [reply]
 *
 * @typedef {Error & { code?: string }} Refusal `code` is there when the server refused; without it nobody was reached.
 *
 * @typedef {object} Sent What the line reads of the memory and keeps in it.
 * @property {string | null} session
 * @property {number} since
 * @property {import('./memory.js').Waiting[]} queue
 * @property {string | null} wish
 * @property {() => void} save
 */

/**
 * Ask the server one thing.
 * @param {string} base the address of the server
 * @param {string} path
 * @param {object} data
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>} its answer; a Refusal is thrown
 */
export async function post(base, path, data, signal) {
  const answer = await fetch(`${base}webhooks/web/${path}`, {
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
 * A websocket, or plain requests where those are blocked. Every time the line comes up, all messages without an answer
 * are sent again under the same id; the server answers each id once.
 */
export class Line {
  #base;
  #memory;
  #onEvent;
  #onState;
  /** @type {WebSocket | null} */
  #socket = null;
  #isSocketUp = false;
  #tries = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #beat;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;
  /** @type {AbortController | null} */
  #polling = null;
  #posting = Promise.resolve();
  /** @type {Set<string>} Messages and wishes that went out on this line. */
  #sent = new Set();
  #isUp = false;
  #isOn = false;

  /**
   * @param {string} base the address of the server
   * @param {Sent} memory
   * @param {(event: ServerEvent) => void} onEvent
   * @param {() => void} onState the line came up or went down
   */
  constructor(base, memory, onEvent, onState) {
    this.#base = base;
    this.#memory = memory;
    this.#onEvent = onEvent;
    this.#onState = onState;
  }

  /** Whether what is said now gets through. */
  get isUp() {
    return this.#isUp;
  }

  start() {
    if (this.#isOn || !this.#memory.session) return;
    this.#isOn = true;
    this.#dial();
  }

  stop() {
    this.#isOn = false;
    this.#hangUp();
  }

  /** Do not wait for the next try. */
  hurry() {
    if (this.#isOn && !this.#isUp) this.#dial();
  }

  lose() {
    if (!this.#isOn) return;
    this.#hangUp();
    this.#retry();
  }

  /** Send what waits: first the language that is wished, then the messages. */
  flush() {
    const { wish, queue } = this.#memory;
    if (!this.#isUp) return;
    if (wish) this.#sendOnce(wish, { language: wish });
    queue.forEach(({ id, text }) => this.#sendOnce(id, { id, text }));
  }

  /**
   * The server did not take this message; it may be sent once more.
   * @param {string} id
   */
  unsend(id) {
    this.#sent.delete(id);
  }

  /** @param {string} language */
  wish(language) {
    this.#memory.wish = language;
    this.#memory.save();
    this.#sent.delete(language);
    this.flush();
  }

  /**
   * @param {string} name
   * @param {{ id?: string, text?: string, language?: string }} data
   */
  #sendOnce(name, data) {
    if (this.#sent.has(name)) return;
    this.#sent.add(name);
    if (this.#isSocketUp) this.#socket?.send(JSON.stringify(data));
    else this.#posting = this.#posting.then(() => this.#postOne(data));
  }

  /** @param {{ id?: string }} data */
  async #postOne(data) {
    try {
      this.#take(await post(this.#base, 'message', { ...data, session: this.#memory.session }));
    } catch (error) {
      this.#failed(/** @type {Refusal} */ (error), data.id);
    }
  }

  /** @param {ServerEvent} event */
  #take(event) {
    if (event.type !== 'pong') {
      this.#onEvent(event);
    } else if (this.#memory.wish && this.#sent.has(this.#memory.wish)) {
      this.#memory.wish = null;
      this.#memory.save();
    }
  }

  /**
   * @param {Refusal} error
   * @param {string} [id]
   */
  #failed(error, id) {
    if (error.code) this.#onEvent({ type: 'error', code: error.code, id });
    else this.lose();
  }

  #dial() {
    this.#hangUp();
    try {
      this.#dialSocket();
      this.#patience = setTimeout(() => this.#poll(), PATIENCE_MS);
    } catch {
      this.#poll(); // Firefox and WebKit throw where the page's policy forbids the websocket
    }
  }

  #dialSocket() {
    const socket = new WebSocket(`${this.#base.replace(/^http/, 'ws')}webhooks/web/socket`);
    this.#socket = socket;
    this.#expect(socket);
    socket.onopen = () => socket.send(JSON.stringify({ session: this.#memory.session, since: this.#memory.since }));
    socket.onmessage = ({ data }) => this.#socket === socket && this.#hear(JSON.parse(data));
    socket.onclose = () => this.#socket === socket && this.#closed();
  }

  /**
   * A line that stays silent is dead, whatever the browser believes.
   * @param {WebSocket | null} socket
   */
  #expect(socket) {
    clearTimeout(this.#beat);
    this.#beat = setTimeout(() => this.#socket === socket && this.#closed(), ANSWER_S * 1000);
  }

  /** @param {ServerEvent & { session?: string }} event */
  #hear(event) {
    clearTimeout(this.#beat);
    this.#beat = setTimeout(() => this.#checkPulse(), BEAT_S * 1000);
    if (event.type === 'ready') {
      this.#memory.session = event.session ?? null;
      this.#isSocketUp = true;
      this.#endPolling();
      this.#up();
    } else {
      this.#take(event);
    }
  }

  #checkPulse() {
    this.#socket?.send(JSON.stringify({ since: this.#memory.since }));
    this.#expect(this.#socket);
  }

  /** A websocket that never opened leaves its work to plain requests, which also tell whether the server is away. */
  #closed() {
    const wasUp = this.#isSocketUp;
    this.#dropSocket();
    if (wasUp) this.lose();
    else if (this.#isOn && !this.#polling) this.#poll();
  }

  async #poll() {
    const polling = new AbortController();
    clearTimeout(this.#patience);
    this.#polling = polling;
    try {
      while (this.#polling === polling) await this.#pollOnce(polling);
    } catch (error) {
      if (this.#polling === polling) this.#failed(/** @type {Refusal} */ (error));
    }
  }

  /** @param {AbortController} polling */
  async #pollOnce(polling) {
    const { session, since } = this.#memory;
    const late = setTimeout(() => polling.abort(), POLL_S * 1000);
    const answer = await post(this.#base, this.#isUp ? 'poll' : 'message', { session, since }, polling.signal);
    clearTimeout(late);
    if (this.#polling !== polling) return;
    if (!this.#isUp) this.#up();
    this.#memory.session = answer.session ?? session;
    (answer.events ?? []).forEach((/** @type {ServerEvent} */ event) => this.#onEvent(event));
  }

  #up() {
    this.#isUp = true;
    this.#tries = 0;
    this.#sent.clear();
    this.#memory.save();
    this.#onState();
    this.flush();
  }

  #hangUp() {
    clearTimeout(this.#timer);
    this.#endPolling();
    this.#dropSocket();
    this.#isUp = false;
  }

  #endPolling() {
    clearTimeout(this.#patience);
    this.#polling?.abort();
    this.#polling = null;
  }

  #dropSocket() {
    clearTimeout(this.#beat);
    const socket = this.#socket;
    this.#socket = null;
    this.#isSocketUp = false;
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
