// @ts-check
// A question about pain as a form: several answers at once, a scale with words, which one of how many, and the way back.
import { h } from './dom.js';
import { button } from './links.js';

/**
 * @typedef {import('./view.js').Scene} Scene
 * @typedef {{ title: string, payload: string, alone?: boolean, scored?: boolean }} Choice
 * @typedef {{ choice: Choice, n: number }} Place a quick reply and its number among all of them
 */

const NONE = { id: '', ns: [], score: null };
const WORDS = /** @type {const} */ ([['scale_none', 0, 0], ['scale_mild', 1, 3], ['scale_moderate', 4, 6], ['scale_severe', 7, 10]]);

/**
 * What is marked in the form below a message.
 * @param {import('./view.js').Kept['picked']} picked
 * @param {string} id of the message
 */
export const pickedIn = (picked, id) => (picked.id === id ? picked : NONE);

/**
 * What marked answers say: what is sent, and what is shown. Null when nothing is marked.
 * @param {import('./view.js').Kept['picked']} picked
 * @param {Choice[]} offered
 */
export function marked({ ns, score }, offered) {
  const ticked = offered.filter((_, n) => ns.includes(n));
  const titles = [...(score === null ? [] : [`${score}/10`]), ...ticked.map(({ title }) => title)];
  if (!titles.length) return null;
  return { text: ticked.map(({ payload }) => payload).join('\n') || String(score), shown: titles.join(', ') };
}

/**
 * @param {Scene} scene
 * @param {string} id of the message that asks
 * @param {import('./memory.js').Form} asked
 * @param {Choice[]} offered
 */
export function form(scene, id, asked, offered) {
  const { texts } = scene;
  const picked = pickedIn(scene.picked, id);
  const places = offered.map((choice, n) => ({ choice, n }));
  const ticks = asked.kind === 'one' ? [] : places.filter(({ choice }) => !choice.alone && !(asked.kind === 'scale' && choice.scored));
  const taps = places.filter(({ choice }) => asked.kind === 'one' || choice.alone);
  const isMarked = marked(picked, offered) !== null;
  const back = asked.back && button('back', texts.back, { key: `${id} back` });
  return h(
    'fieldset', { key: `${id} form`, class: 'form' },
    h('legend', {}, legend(scene, asked)),
    asked.kind === 'scale' && scale(scene, id, picked.score),
    ...ticks.map((place) => tick(id, place, picked.ns)),
    ...(isMarked ? [] : taps.map(({ choice, n }) => button('choose', choice.title, { key: `${id} ${n}`, 'data-n': n }))),
    isMarked ? h('div', { key: 'acts', class: 'acts' }, button('answer', texts.answer, { class: 'main' }), back) : back,
  );
}

/**
 * @param {Scene} scene
 * @param {import('./memory.js').Form} asked
 */
function legend({ texts }, { kind, step, of }) {
  const place = step ? texts.step.replace('##', String(of)).replace('#', String(step)) : '';
  return [place, kind === 'several' && texts.several].filter(Boolean).join(' ') || texts.choices;
}

/**
 * @param {string} id
 * @param {Place} place
 * @param {number[]} ns
 */
function tick(id, { choice, n }, ns) {
  const isOn = ns.includes(n);
  return h('label', { key: `${id} ${n}`, class: isOn ? 'tick on' : 'tick' }, h('input', { type: 'checkbox', 'data-n': n }), choice.title);
}

/**
 * Numbers in groups with a word each: 0 none, 1 to 3 mild ...
 * @param {Scene} scene
 * @param {string} id
 * @param {number | null} score
 */
function scale({ texts }, id, score) {
  const rows = WORDS.map(([name, first, last]) => {
    const numbers = Array.from({ length: last - first + 1 }, (_, n) => number(id, first + n, score, texts[name]));
    return h('div', { class: 'row' }, h('span', { 'aria-hidden': 'true' }, texts[name]), ...numbers);
  });
  return h('div', { key: `${id} scale`, class: 'scale', role: 'radiogroup', 'aria-label': texts.scale }, ...rows);
}

/**
 * @param {string} id
 * @param {number} n
 * @param {number | null} score
 * @param {string} word
 */
function number(id, n, score, word) {
  return h('label', { class: n === score ? 'tick on' : 'tick' }, h('input', { type: 'radio', name: `score ${id}`, 'data-score': n, 'aria-label': `${n}, ${word}` }), String(n));
}
