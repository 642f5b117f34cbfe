// @ts-check
// The room that a window has: how large the screen is, the keyboard over it, and the text in it.

const DODGE_MS = 250; // a bar may slide in
const NARROW_PX = 480;
const NARROW_EM = 30; // of a screen: with less there is no room beside the window
const SHORT_EM = 34; // of a window: with less the fixed rows are one line each
const TINY_EM = 9; // of a window: with less everything scrolls as one column

/**
 * @param {number} height of the window
 * @param {number} em size of its text
 */
function sizeOf(height, em) {
  if (height < TINY_EM * em) return 'short tiny';
  return height < SHORT_EM * em ? 'short' : '';
}

/** What is left of the screen when the keyboard is up. */
function screenLeft() {
  const view = window.visualViewport;
  const isZoomed = view && Math.abs(view.scale - 1) > 0.01; // with two fingers: the window stays where it is
  return !view || isZoomed ? { top: 0, height: window.innerHeight } : { top: view.offsetTop, height: view.height };
}

/** The place of one chat on its page: the whole screen, or a corner of it. */
export class Room {
  #root;
  #isFull;
  #onSettled;
  #isWhole = false;

  /**
   * @param {ShadowRoot} root
   * @param {boolean} isFull the window is all that the page has
   * @param {() => void} onSettled the window has another size
   */
  constructor(root, isFull, onSettled) {
    this.#root = root;
    this.#isFull = isFull;
    this.#onSettled = onSettled;
  }

  /** Whether there is no room beside a window. */
  get isNarrow() {
    return Math.min(window.innerWidth, window.innerHeight) <= Math.max(NARROW_PX, NARROW_EM * this.#em);
  }

  get #em() {
    return parseFloat(getComputedStyle(/** @type {Element} */ (this.#root.querySelector('.frame'))).fontSize);
  }

  get #panel() {
    return /** @type {HTMLDialogElement | null} */ (this.#root.querySelector('.panel'));
  }

  /**
   * Show the window; one that takes the whole screen keeps the rest of the page out.
   * @param {boolean} focus
   */
  raise(focus) {
    const panel = /** @type {HTMLDialogElement} */ (this.#panel);
    this.#isWhole = this.#isFull || this.isNarrow;
    if (this.#isWhole && !this.#isFull) panel.showModal();
    else if (focus) panel.show();
    else panel.open = true;
    this.hold(this.#isWhole);
    this.settle();
  }

  /** The screen was turned, the keyboard came up, the text became larger. */
  settle() {
    const panel = this.#panel;
    if (!panel?.open) return;
    if (!this.#isFull && this.isNarrow !== this.#isWhole) return this.#turn(panel);
    const { top, height } = screenLeft();
    const em = this.#em;
    panel.style.setProperty('--top', `${top}px`);
    panel.style.setProperty('--height', `${height}px`);
    panel.className = `panel${this.#isWhole ? ' whole' : ''} ${sizeOf(this.#isWhole ? height : Math.min(40 * em, height - 40), em)}`.trim();
    this.#onSettled();
  }

  /** @param {HTMLDialogElement} panel */
  #turn(panel) {
    const focused = /** @type {HTMLElement | null} */ (this.#root.activeElement);
    panel.close();
    this.raise(true);
    focused?.focus({ preventScroll: true });
  }

  /**
   * The page does not scroll behind a window that takes the whole screen.
   * @param {boolean} isHeld
   */
  hold(isHeld) {
    const { style } = document.documentElement;
    if (isHeld) style.setProperty('overflow', 'hidden');
    else if (style.overflow === 'hidden') style.removeProperty('overflow');
  }

  /**
   * Bars come and go.
   * @param {AbortSignal} signal
   */
  watch(signal) {
    const soon = () => setTimeout(() => this.dodge(), DODGE_MS);
    const bars = new MutationObserver(soon);
    bars.observe(document.body, { childList: true });
    signal.addEventListener('abort', () => bars.disconnect());
    soon();
  }

  /** A bar at the edge of the page, such as one about cookies, must not lie under the launcher. */
  dodge() {
    const launcher = /** @type {HTMLElement | null} */ (this.#root.querySelector('.launcher:not([hidden])'));
    if (launcher) dodge(launcher, this.#root.host);
  }
}

/**
 * @param {HTMLElement} launcher
 * @param {Element} host
 */
function dodge(launcher, host) {
  launcher.style.setProperty('--lift', '0px');
  const { left, right, top, bottom } = launcher.getBoundingClientRect();
  const under = [[left, top], [right, top], [left, bottom], [right, bottom]].flatMap(([x, y]) => document.elementsFromPoint(x, y));
  const bars = under.map((element) => barOf(element, host)).filter((bar) => bar !== null);
  const highest = Math.min(window.innerHeight, ...bars.map((bar) => bar.getBoundingClientRect().top));
  const lift = highest > window.innerHeight / 2 ? window.innerHeight - highest : 0;
  launcher.style.setProperty('--lift', `${lift}px`);
}

/**
 * The fixed bar that an element belongs to.
 * @param {Element | null} element
 * @param {Element} host
 */
function barOf(element, host) {
  for (let one = element; one && one !== host; one = one.parentElement) {
    if (['fixed', 'sticky'].includes(getComputedStyle(one).position)) return one;
  }
  return null;
}
