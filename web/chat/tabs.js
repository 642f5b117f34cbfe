// @ts-check
// One conversation over the tabs of a website: each tells the others what is new. It is gone with the last of them.
import { randomId } from './memory.js';

const TOGETHER_MS = 30; // what is new within this time is told at once

/**
 * @typedef {object} Shown What happens in a tab when another one told it something.
 * @property {() => void} isNew
 * @property {() => void} isGone the conversation was deleted or cleared
 */

/** What the tabs of one website tell each other. */
export class Tabs {
  #name;
  #memory;
  #shown;
  #tab = randomId();
  #isAlone = true;
  #isTold = false; // what is done now came from another tab
  /** @type {BroadcastChannel | null} */
  #channel = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #soon;

  /**
   * @param {string} name
   * @param {import('./memory.js').Memory} memory
   * @param {Shown} shown
   */
  constructor(name, memory, shown) {
    this.#name = name;
    this.#memory = memory;
    this.#shown = shown;
    memory.onChange = (what) => this.#changed(what);
  }

  meet() {
    if (!('BroadcastChannel' in window) || this.#channel) return;
    this.#channel = new BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }) => this.#hear(data);
    this.#tell({ asks: true, ...this.#what });
  }

  part() {
    clearTimeout(this.#soon);
    this.#channel?.close();
    this.#channel = null;
  }

  get #what() {
    return this.#memory.session ? { shared: this.#memory.share() } : {};
  }

  /** @param {object} data */
  #tell(data) {
    this.#channel?.postMessage({ ...data, from: this.#tab });
  }

  /** @param {'new' | 'gone'} what */
  #changed(what) {
    if (this.#isTold || this.#isAlone) return;
    clearTimeout(this.#soon);
    if (what === 'gone') this.#tell({ gone: this.#memory.who });
    else this.#soon = setTimeout(() => this.#tell(this.#what), TOGETHER_MS);
  }

  /** @param {any} data */
  #hear(data) {
    if (!data?.from || data.from === this.#tab) return;
    this.#isAlone = false;
    this.#isTold = true;
    if (data.gone && data.gone === this.#memory.who) this.#shown.isGone();
    if (data.shared) this.#take(data.shared);
    this.#isTold = false;
    if (data.asks) this.#tell({ here: true, ...this.#what });
  }

  /**
   * A tab that was asleep may still have what was deleted meanwhile.
   * @param {import('./memory.js').Shared} shared
   */
  #take(shared) {
    if (this.#memory.outlived(shared)) this.#tell({ gone: shared.who });
    else if (this.#memory.take(shared)) this.#shown.isNew();
  }
}
