// @ts-check
// A copied tab brings a copy of the session along; it gives it back, one conversation stays in one tab.
import { randomId } from './memory.js';

/** What the tabs of one website tell each other. */
export class Tabs {
  #name;
  #memory;
  #onTaken;
  #tab = randomId();
  /** @type {BroadcastChannel | null} */
  #channel = null;

  /**
   * @param {string} name
   * @param {{ session: string | null, who: string | null }} memory
   * @param {() => void} onTaken another tab has this conversation
   */
  constructor(name, memory, onTaken) {
    this.#name = name;
    this.#memory = memory;
    this.#onTaken = onTaken;
  }

  meet() {
    if (!('BroadcastChannel' in window) || this.#channel) return;
    const channel = new BroadcastChannel(this.#name);
    const memory = this.#memory;
    this.#channel = channel;
    channel.onmessage = ({ data }) => {
      if (!memory.session || data.from === this.#tab) return;
      if (data.asks && data.who === memory.who) channel.postMessage({ taken: data.who, to: data.from });
      if (data.taken === memory.who && data.to === this.#tab) this.#onTaken();
    };
    if (memory.session) channel.postMessage({ asks: true, who: memory.who, from: this.#tab });
  }

  part() {
    this.#channel?.close();
    this.#channel = null;
  }
}
