// @ts-check
// What of the conversation is in view.

/**
 * The text box grows with what is typed; only Chromium does that by itself.
 * @param {HTMLTextAreaElement} input
 */
export function grow(input) {
  if (CSS_GROWS) return;
  input.style.height = 'auto';
  input.style.height = `${input.scrollHeight + 2}px`;
}
const CSS_GROWS = globalThis.CSS?.supports?.('field-sizing', 'content');

/**
 * The element that scrolls: the conversation, or all of a tiny window.
 * @param {HTMLElement} panel
 */
function scrollerOf(panel) {
  return panel.classList.contains('tiny') ? panel : /** @type {HTMLElement} */ (panel.querySelector('.scroll'));
}

/**
 * The newest answer from its first line with its question above it, and its call button in view.
 * @param {HTMLElement} panel
 */
export function showNewest(panel) {
  const said = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll('.log .said')]);
  const newest = said[said.length - 1];
  if (!newest) return;
  const view = scrollerOf(panel);
  const height = view.clientHeight;
  const place = (/** @type {HTMLElement} */ node) => node.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop;
  const asked = said.map((node) => node.classList.contains('you')).lastIndexOf(true);
  const answer = place(said[asked + 1] ?? newest);
  const question = asked < 0 ? answer : place(said[asked]);
  const calls = /** @type {HTMLElement | null} */ (newest.querySelector('.calls'));
  const end = calls ? place(calls) + calls.offsetHeight - height : 0;
  view.scrollTop = Math.max(question, answer - height * 0.35, end + 16, choicesEnd(panel, said.slice(asked + 1), place, height)) - 8;
  showMore(panel);
}

/**
 * How far to scroll for the first three replies to a question that came after something else, such as whom to call.
 * @param {HTMLElement} panel
 * @param {HTMLElement[]} answers
 * @param {(node: HTMLElement) => number} place
 * @param {number} height of the view
 */
function choicesEnd(panel, answers, place, height) {
  const choices = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll('.scroll > .choices :is(button, .tick)')]);
  const third = choices[Math.min(2, choices.length - 1)];
  if (!third || answers.length < 2) return 0;
  const kept = [answers[answers.length - 1], ...answers.flatMap((one) => /** @type {HTMLElement[]} */ ([...one.querySelectorAll('.calls')]))];
  return Math.min(place(third) + third.offsetHeight + 20 - height, ...kept.map(place));
}

let lastHeight = 0; // of the view

/**
 * Whether something lies below is shown. Who was at the end stays there when a line about the connection takes room.
 * @param {HTMLElement} panel
 */
export function showMore(panel) {
  const view = scrollerOf(panel);
  const sign = /** @type {HTMLElement} */ (panel.querySelector('.more'));
  const isShorter = view.clientHeight < lastHeight;
  lastHeight = view.clientHeight;
  if (isShorter && sign.hidden) showNewest(panel);
  sign.hidden = view.scrollHeight - view.scrollTop - view.clientHeight < 24;
}

/** @param {HTMLElement} panel */
export function scrollOn(panel) {
  const view = scrollerOf(panel);
  view.scrollTop += view.clientHeight * 0.8;
}
