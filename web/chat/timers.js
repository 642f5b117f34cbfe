// @ts-check

/** Things to do later, by name: a later wish takes the place of an earlier one. */
export class Timers {
  /** @type {Record<string, ReturnType<typeof setTimeout> | undefined>} */
  #timers = {};

  /**
   * @param {string} name
   * @param {number} wait in milliseconds
   * @param {() => void} act
   */
  set(name, wait, act) {
    this.stop(name);
    this.#timers[name] = setTimeout(() => {
      delete this.#timers[name];
      act();
    }, wait);
  }

  /** @param {string} name */
  has(name) {
    return name in this.#timers;
  }

  /** @param {string} name */
  stop(name) {
    clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }

  clear() {
    Object.keys(this.#timers).forEach((name) => this.stop(name));
  }
}
