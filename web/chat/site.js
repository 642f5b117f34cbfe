// @ts-check
// What the owner of a website has: attributes, `window.spineline`, events. And the place of the element on the page.

/**
 * What `window.spineline` can do.
 * @typedef {object} Chat
 * @property {(more?: { ask?: string }) => void} open
 * @property {() => void} close
 * @property {(language: string) => void} speak
 * @property {(questions: string[]) => void} offer
 */

const NAMES = ['lang', 'theme', 'side', 'launcher', 'hide', 'exit', 'full', 'greet'];
const NAME = 'spineline-chat';
const SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript ?? document.querySelector('script[src*="spineline.js"]'));

export const BASE = new URL('.', SCRIPT?.src || location.href).href;

/**
 * Whether a page is one of those where the chat is not wanted: "/pay* /login".
 * @param {string} wanted
 * @param {string} path
 */
export function isHidden(wanted, path) {
  return wanted.split(/\s+/).some((one) => one && (one.endsWith('*') ? path.startsWith(one.slice(0, -1)) : path === one));
}

/**
 * Tell the page what happened; never what was said.
 * @param {HTMLElement} chat
 * @param {'open' | 'close' | 'message' | 'alarm'} name
 */
export function tell(chat, name) {
  chat.dispatchEvent(new CustomEvent(`spineline:${name}`, { bubbles: true }));
}

/** @returns {any} */
const here = () => document.querySelector(NAME);

/** One chat on a page, however often the script stands there; the page may have put the element where it likes. */
function place() {
  if (here()) return;
  const chat = document.createElement(NAME);
  for (const name of NAMES) {
    if (SCRIPT?.dataset[name] !== undefined) chat.dataset[name] = SCRIPT.dataset[name];
  }
  document.body.append(chat);
}

/** A page that changes without loading (Turbo, a single-page app) may throw the chat away with the rest. */
function stay() {
  place();
  new MutationObserver(place).observe(document.documentElement, { childList: true });
  addEventListener('popstate', place);
  document.addEventListener('turbo:load', place);
}

/**
 * A page that Firefox kept and shows again sees the tab's storage as it was when the page was left, even after a reload:
 * an alarm that was raised since would be gone. Firefox keeps no page that holds a lock.
 */
function neverStale() {
  if (!('mozInnerScreenX' in window)) return;
  navigator.locks?.request(NAME, { mode: 'shared' }, () => new Promise(() => {})).catch(() => {});
}

/** @param {() => void} act */
function whenReady(act) {
  if (document.body) act();
  else document.addEventListener('DOMContentLoaded', act);
}

/** @param {CustomElementConstructor} element */
export function mount(element) {
  const chat = here();
  for (const name of NAMES) {
    if (chat && SCRIPT?.dataset[name] !== undefined) chat.dataset[name] ??= SCRIPT.dataset[name];
  }
  customElements.define(NAME, element);
  neverStale();
  /** @type {any} */ (window).spineline = {
    open: (/** @type {{ ask?: string }} */ more) => here()?.open(more),
    close: () => here()?.close(),
    language: (/** @type {string} */ language) => here()?.speak(language),
    context: (/** @type {{ questions?: string[] }} */ { questions = [] }) => here()?.offer(questions),
  };
  document.addEventListener('click', (event) => {
    const asks = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.('[data-spineline-ask]'));
    if (!asks || !here()?.open({ ask: asks.dataset.spinelineAsk })) return;
    event.preventDefault();
  });
  whenReady(stay);
}

/** The script came once more: another page of a single-page app. */
export function again() {
  whenReady(place);
}
