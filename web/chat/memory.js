// @ts-check
// What one tab remembers of its chat, across pages and reloads, and how it goes together with that of another tab.

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
 * @typedef {object} Shared What tabs tell each other of one conversation.
 * @property {string | null} who
 * @property {string | null} session
 * @property {number} since
 * @property {Item[]} items
 * @property {Waiting[]} queue
 * @property {string[]} got
 * @property {string | null} language
 * @property {number} at
 * @property {number} emptied
 *
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
  /** @type {string | null} The name of this conversation among the tabs of a website. */
  who = null;
  /** When what had been said was deleted, in milliseconds. */
  emptied = 0;
  /** @type {Set<string>} Messages that have reached the server. */
  got = new Set();
  /** @type {Map<string, Failed>} */
  failed = new Map();

  /** Told when another tab needs to know: of something new, or that all is gone. */
  onChange = /** @type {(what: 'new' | 'gone') => void} */ (() => {});

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
    const { session, since, queue, language, wish, open, unread, greeted, who, draft, at, emptied } = this;
    this.items = this.items.slice(-MOST_ITEMS);
    const kept = { version: VERSION, session, since, items: this.items, queue, language, wish, open, unread, greeted, who, draft, at, emptied };
    try {
      this.#storage().setItem(this.#key, JSON.stringify(kept));
    } catch {
      // As above.
    }
    this.onChange('new');
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
    this.onChange('gone');
    Object.assign(this, { session: null, since: 0, items: [], queue: [], wish: null, unread: 0, draft: '', emptied: Date.now() });
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
   * @param {{ isSeen: boolean, seq?: number, to?: string, isGreeting?: boolean }} more `seq` is its number, `to` the
   *   message that it answers
   */
  hear(reply, { isSeen, seq, to, isGreeting }) {
    const id = seq || isGreeting ? `${this.who}:${seq ?? 0}` : randomId(); // the same in every tab
    if (reply.forgotten) Object.assign(this, { items: [], emptied: Date.now() });
    if (!this.items.some((item) => item.id === id)) this.items.push({ who: 'bot', id, to, reply, isGreeting, at: Date.now() });
    if (!isSeen) this.unread += 1;
    this.save();
  }

  /**
   * Whether what another tab has was deleted or cleared here since.
   * @param {any} told
   */
  outlived(told) {
    return !this.session && number(told?.at) < this.emptied;
  }

  /** @returns {Shared} */
  share() {
    const { who, session, since, items, queue, got, language, at, emptied } = this;
    return { who, session, since, items, queue, got: [...got], language, at, emptied };
  }

  /**
   * Go on with what another tab has: with all of it where this one has no conversation, else with what is new of the same one.
   * @param {any} told a `Shared`; other scripts of the page can write there too
   * @returns {boolean} whether anything is new
   */
  take(told) {
    const other = /** @type {any} */ (readStored(told ?? {}));
    const got = list(told?.got).filter((id) => text(id));
    if (!other.session || !other.who || this.outlived(other) || (this.session && other.who !== this.who)) return false;
    const before = JSON.stringify([this.session, this.items, this.queue, this.got.size]);
    if (!this.session) Object.assign(this, { session: other.session, since: other.since, who: other.who, items: [], queue: [], language: this.language ?? other.language });
    got.forEach((id) => this.got.add(id));
    this.emptied = Math.max(this.emptied, other.emptied);
    this.queue = goneThrough(this, other);
    this.items = together(this.items, other.items).filter(({ at = 0 }) => at >= this.emptied);
    this.at = Math.max(this.at, other.at);
    return before !== JSON.stringify([this.session, this.items, this.queue, this.got.size]);
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
 * What two tabs remember, in the order in which it was said.
 * @param {Item[]} mine
 * @param {Item[]} others
 */
function together(mine, others) {
  const known = new Set(mine.map(({ id }) => id));
  const all = [...mine, ...others.filter(({ id }) => !known.has(id))];
  return all.sort((one, other) => (one.at ?? 0) - (other.at ?? 0));
}

/**
 * What waits for an answer in either of two tabs, without what has been answered in the other one.
 * @param {Pick<Shared, 'items' | 'queue'>} mine
 * @param {Pick<Shared, 'items' | 'queue'>} other
 */
function goneThrough(mine, other) {
  const asked = new Set(other.items.map(({ id }) => id));
  const waits = new Set(other.queue.map(({ id }) => id));
  const known = new Set(mine.items.map(({ id }) => id));
  return [...mine.queue.filter(({ id }) => waits.has(id) || !asked.has(id)), ...other.queue.filter(({ id }) => !known.has(id))];
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
    emptied: number(stored.emptied),
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
