// @ts-check
// What one tab remembers of its chat, across pages and reloads.

const VERSION = 1; // of the stored form: a memory of another one is not read
const MOST_ITEMS = 200;

/**
 * @typedef {object} Reply An answer as spineline/channels/web/widget.py dresses it.
 * @property {string} text
 * @property {string} [language]
 * @property {string} [card]
 * @property {string} [tier]
 * @property {{ title: string, url: string }[]} [calls]
 * @property {{ title: string, payload: string, titles?: Record<string, string>, alone?: boolean, scored?: boolean }[]} [choices]
 * @property {{ title: string, publisher?: string, address?: string }[]} [sources]
 * @property {{ src: string, alt: string }} [drawing]
 * @property {string} [page] where it can be read without the chat
 * @property {{ title: string, url: string }[]} [links] where it leads
 * @property {number} [timer] seconds
 * @property {{ en: string, es: string }[]} [staff] the danger signs, for whoever treats them
 * @property {Block[]} [body] the text in blocks
 * @property {Form} [form] how the question is shown
 * @property {boolean} [urgent]
 * @property {boolean} [forgotten] everything said before was deleted
 *
 * @typedef {{ kind: string, text?: string, items?: string[] }} Block
 * @typedef {{ kind: 'several' | 'scale' | 'one', step?: number, of?: number, back?: string }} Form See spineline/channels/web/forms.py.
 * @typedef {{ who: 'you', id: string, text: string, language?: string, at?: number }} Question
 * @typedef {{ who: 'bot', id: string, to?: string, reply: Reply, at?: number, isGreeting?: boolean }} Answer
 * @typedef {Question | Answer} Item
 * @typedef {{ id: string, text: string }} Waiting A message that has no answer yet.
 * @typedef {Waiting & { why?: string }} Failed A message that the server did not take.
 */

/** Twelve random bytes in hexadecimal. */
export const randomId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (b) => b.toString(16).padStart(2, '0')).join('');

/** The conversation and its delivery. One write keeps everything in step. */
export class Memory {
  /** @type {string | null} */
  session = null;
  /** The number of the last answer that has arrived. */
  since = 0;
  /** @type {Item[]} */
  items = [];
  /** @type {Waiting[]} */
  queue = [];
  /** @type {string | null} */
  language = null;
  /** @type {string | null} A language that the server has not been told yet. */
  wish = null;
  open = false;
  unread = 0;
  /** Whether this tab was greeted. */
  greeted = false;
  /** What is typed and not sent. */
  draft = '';
  /** When the person last did something, in milliseconds. */
  at = 0;
  /** @type {string | null} Tells a copied tab from the one that it was copied from. */
  who = null;
  /** @type {Set<string>} Messages that have reached the server. */
  got = new Set();
  /** @type {Map<string, Failed>} */
  failed = new Map();

  #key;
  #storage;

  /**
   * @param {string} key
   * @param {() => Pick<Storage, 'getItem' | 'setItem'>} storage asked for each time: even naming a blocked one throws
   */
  constructor(key, storage) {
    this.#key = key;
    this.#storage = storage;
    this.reread();
  }

  /** Another page of this tab may have gone on with the chat. */
  reread() {
    try {
      const stored = this.#storage().getItem(this.#key);
      if (stored) Object.assign(this, readStored(JSON.parse(stored)));
    } catch {
      // Blocked or damaged storage: the chat lives until the page is left.
    }
  }

  /** Write down what another page of this tab needs. */
  save() {
    const { session, since, queue, language, wish, open, unread, greeted, who, draft, at } = this;
    this.items = this.items.slice(-MOST_ITEMS);
    const kept = { version: VERSION, session, since, items: this.items, queue, language, wish, open, unread, greeted, who, draft, at };
    try {
      this.#storage().setItem(this.#key, JSON.stringify(kept));
    } catch {
      // As above.
    }
  }

  /**
   * A session begins: the person agreed to the notice.
   * @param {string} session
   */
  begin(session) {
    Object.assign(this, { session, since: 0, wish: null, who: randomId(), at: Date.now() });
    this.save();
  }

  /** The session is over; what was said stays. */
  end() {
    Object.assign(this, { session: null, since: 0 });
    this.got.clear();
    this.save();
  }

  /** Empty the chat. */
  forget() {
    Object.assign(this, { session: null, since: 0, items: [], queue: [], wish: null, unread: 0, draft: '' });
    this.got.clear();
    this.failed.clear();
    this.save();
  }

  /**
   * The person said something.
   * @param {string} text what is sent
   * @param {string} shown what is shown: the title of a quick reply
   * @param {string} language
   */
  ask(text, shown, language) {
    const id = randomId();
    this.at = Date.now();
    this.queue.push({ id, text });
    this.items.push({ who: 'you', id, text: shown, language, at: this.at });
    this.save();
  }

  /**
   * The assistant said something.
   * @param {Reply} reply
   * @param {{ isSeen: boolean, to?: string, isGreeting?: boolean }} more `to` is the message that it answers
   */
  hear(reply, { isSeen, to, isGreeting }) {
    if (reply.forgotten) this.items = [];
    this.items.push({ who: 'bot', id: randomId(), to, reply, isGreeting, at: Date.now() });
    if (!isSeen) this.unread += 1;
    this.save();
  }

  /**
   * A message needs nothing more.
   * @param {string} [id]
   */
  finish(id) {
    this.queue = this.queue.filter((message) => message.id !== id);
    this.save();
  }

  /**
   * The server did not take a message; the person may send it once more.
   * @param {string} id
   * @param {string} why
   */
  reject(id, why) {
    const message = this.queue.find((waiting) => waiting.id === id);
    if (!message) return;
    this.failed.set(id, { ...message, why });
    this.finish(id);
  }

  /**
   * Send a rejected message once more.
   * @param {string} id
   */
  again(id) {
    const message = this.failed.get(id);
    if (!message) return;
    this.failed.delete(id);
    this.queue.push({ id, text: message.text });
    this.save();
  }
}

/**
 * The parts of a stored memory that can be used. Other scripts of the page, other versions and people write there too.
 * @param {any} stored
 */
function readStored(stored) {
  if ((stored.version ?? VERSION) !== VERSION) return {};
  return {
    session: text(stored.session),
    since: number(stored.since),
    items: list(stored.items).filter(isItem).map((item) => ({ id: randomId(), ...item })),
    queue: list(stored.queue).filter((one) => text(one?.id) && text(one.text)),
    language: text(stored.language),
    wish: text(stored.wish),
    open: stored.open === true,
    unread: number(stored.unread),
    greeted: stored.greeted === true,
    who: text(stored.who),
    draft: text(stored.draft) ?? '',
    at: number(stored.at),
  };
}

const text = (/** @type {unknown} */ value) => (typeof value === 'string' ? value : null);
const number = (/** @type {unknown} */ value) => (Number.isSafeInteger(value) ? Number(value) : 0);
const list = (/** @type {unknown} */ value) => (Array.isArray(value) ? value : []);

/** @param {any} item */
function isItem(item) {
  if (item?.who === 'you') return text(item.id) !== null && text(item.text) !== null;
  return item?.who === 'bot' && isReply(item.reply);
}

/** @param {any} reply */
function isReply(reply) {
  if (text(reply?.text) === null || text(reply.card ?? '') === null || typeof (reply.form ?? {}) !== 'object') return false;
  const lists = [reply.calls, reply.choices, reply.sources, reply.links];
  return lists.every((one) => isListOf(one, isTitled)) && isListOf(reply.body, isBlock) && isListOf(reply.staff, isSign);
}

/**
 * @param {any} value
 * @param {(one: any) => unknown} fits
 */
const isListOf = (value, fits) => value === undefined || (Array.isArray(value) && value.every(fits));

/** @param {any} one */
const isTitled = (one) => text(one?.title);

/** @param {any} sign */
const isSign = (sign) => text(sign?.en) && text(sign.es);

/** @param {any} block */
const isBlock = (block) => (block?.items ? list(block.items).every((one) => text(one)) : text(block?.text));
