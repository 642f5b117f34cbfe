// @ts-check
// What was said: questions, answers in blocks, and what can be tapped below the newest of them.
import { h } from './dom.js';
import { foot, timer } from './foot.js';
import { form } from './form.js';
import { button, link, withLinks } from './links.js';
import { isAlarm, openAlarm } from './view.js';

/**
 * @typedef {import('./view.js').Scene} Scene
 * @typedef {import('./dom.js').Drawn} Drawn
 * @typedef {import('./memory.js').Reply} Reply
 * @typedef {import('./memory.js').Answer} Answer
 * @typedef {import('./memory.js').Question} Question
 */

const GAP_MS = 5 * 60e3; // between two messages, after which the time is shown

/**
 * The replies that go with the newest answer, in the language of the window.
 * @param {import('./view.js').Remembered} memory
 * @param {Pick<import('./view.js').Moment, 'language' | 'starters'>} moment
 * @param {import('./profile.js').Texts} texts
 * @returns {import('./form.js').Choice[]}
 */
export function choicesOf({ session, items }, { language, starters }, texts) {
  const last = items.at(-1);
  if (!session || last?.who !== 'bot') return [];
  if (!last.isGreeting) return (last.reply.choices ?? []).map(({ titles, ...choice }) => ({ ...choice, title: titles?.[language] ?? choice.title }));
  return [...starters.map((text) => ({ title: text, payload: text })), ...(texts.greeting.choices ?? [])];
}

/**
 * What was said, to be taken along.
 * @param {import('./view.js').Remembered} memory
 * @param {import('./profile.js').Texts} texts
 */
export function transcript({ items }, texts) {
  return items.map((item) => (item.who === 'you' ? `${texts.you_said} ${item.text}` : `${texts.assistant_said} ${item.reply.text}`)).join('\n\n');
}

/** @param {Scene} scene */
export function log(scene) {
  const { texts, isQuiet, isVeiled, memory } = scene;
  const pinned = openAlarm(memory);
  let before = 0;
  const said = memory.items.flatMap((item) => {
    const at = item.at && item.at - before > GAP_MS ? clock(scene, item.id, item.at) : null;
    before = item.at ?? before;
    return [at, ...(item.who === 'you' ? [question(scene, item), delivery(scene, item.id)] : [answer(scene, item, item === pinned)])];
  });
  return h('div', { key: 'log', class: 'log', role: 'log', hidden: isVeiled, 'aria-label': texts.log, 'aria-live': isQuiet ? 'off' : 'polite' }, ...said, typing(scene));
}

/** @type {Record<string, Intl.DateTimeFormat>} */
const clocks = {};

/**
 * @param {Scene} scene
 * @param {string} id
 * @param {number} at
 */
function clock({ language }, id, at) {
  clocks[language] ??= new Intl.DateTimeFormat(language, { weekday: 'short', hour: 'numeric', minute: '2-digit' });
  return h('div', { key: `${id} time`, class: 'time', 'aria-live': 'off' }, clocks[language].format(at));
}

/** @param {Scene} scene */
export function isTyping({ memory: { session, queue, got } }) {
  return Boolean(session) && queue.some(({ id }) => got.has(id));
}

/** @param {Scene} scene */
function typing(scene) {
  return isTyping(scene) && h('div', { key: 'typing', class: 'typing', 'aria-hidden': 'true' }, h('i'), h('i'), h('i'));
}

/**
 * @param {Scene} scene
 * @param {Question} item
 */
function question({ texts }, { id, text, language }) {
  return h('div', { key: id, class: 'said you', lang: language, 'data-id': id }, h('span', { class: 'quiet' }, `${texts.you_said} `), text);
}

/**
 * @param {Scene} scene
 * @param {Answer} item
 * @param {boolean} isPinned its calls stand above
 */
function answer(scene, { id, reply: said, isGreeting }, isPinned) {
  const { texts, profile, isQuiet } = scene;
  const reply = isGreeting ? texts.greeting : said;
  const urgent = isAlarm(reply);
  return h(
    'div', { key: id, class: lookOf(reply), lang: reply.language, role: urgent && !isQuiet && 'alert' },
    h('span', { class: 'quiet' }, `${texts.assistant_said} `),
    urgent && !isPinned && mark(profile.texts[reply.language ?? 'en'].emergency),
    drawing(scene, reply),
    ...blocks(scene, reply),
    !isPinned && calls(scene, reply),
    timer(scene, id, reply),
    foot(scene, id, reply),
  );
}

/** @param {Reply} reply */
function lookOf(reply) {
  if (isAlarm(reply)) return 'said alarm';
  return reply.urgent ? 'said soon' : 'said';
}

/**
 * The text of an answer: as the server divided it, else line by line; "1. …" is a step.
 * @param {Scene} scene
 * @param {Reply} reply
 */
function blocks(scene, { text, body }) {
  if (body) return body.map((one) => block(scene, one));
  const lines = text.split('\n');
  const isStep = (/** @type {string} */ line) => /^\d+\. /.test(line);
  const steps = lines.filter(isStep).map((line) => line.replace(/^\d+\. /, ''));
  const plain = lines.filter((line) => !isStep(line));
  return [...plain.map((line) => block(scene, { kind: 'text', text: line })), steps.length > 0 && block(scene, { kind: 'steps', items: steps })];
}

/**
 * @param {Scene} scene
 * @param {import('./memory.js').Block} block
 */
function block(scene, { kind, text = '', items = [] }) {
  if (kind === 'steps') return h('ol', {}, ...items.map((item) => h('li', {}, ...withLinks(scene, item))));
  if (kind === 'list') return h('ul', {}, ...items.map((item) => h('li', {}, ...withLinks(scene, item))));
  if (kind !== 'safety') return h('p', { class: kind }, ...withLinks(scene, text));
  return h('details', { class: kind }, h('summary', {}, items[0]), h('p', {}, ...withLinks(scene, items.slice(1).join(' '))));
}

/**
 * Below a message: how far it has come, as long as it has no answer.
 * @param {Scene} scene
 * @param {string} id
 */
function delivery(scene, id) {
  const { texts, isUp, memory: { queue, got, failed } } = scene;
  const state = (/** @type {(Drawn | string)[]} */ ...children) => h('div', { key: `${id} state`, class: 'state', 'aria-live': 'off' }, ...children);
  const rejected = failed.get(id);
  if (rejected) return state(...withLinks(scene, rejected.why === 'busy' ? texts.busy : texts.failed), button('again', texts.retry, { 'data-id': id }));
  if (got.has(id) || !queue.some((message) => message.id === id)) return null;
  return state(isUp ? texts.sending : texts.waiting);
}

/**
 * @param {Scene} scene
 * @param {Reply} reply
 */
export function calls(scene, { calls: numbers }) {
  return numbers && h('div', { key: 'calls', class: 'calls' }, ...numbers.map(({ title, url }) => link(scene, url, title)));
}

/**
 * @param {Scene} scene
 * @param {Reply} reply
 */
function drawing({ broken, base }, reply) {
  if (!reply.drawing) return null;
  const { src, alt } = reply.drawing;
  const address = new URL(src, base).href;
  return broken.has(address) ? h('p', { key: 'alt' }, alt) : h('img', { src: address, alt, width: 320, height: 200 });
}

/**
 * Below the last message: its quick replies. Those of another message are other buttons.
 * @param {Scene} scene
 */
export function choices(scene) {
  const { memory, texts, language, isVeiled } = scene;
  const offered = isVeiled ? [] : choicesOf(memory, scene, texts);
  const last = /** @type {Answer} */ (memory.items.at(-1));
  const asked = last?.reply?.form;
  const buttons = offered.map(({ title }, n) => button('choose', title, { key: `${last.id} ${n}`, lang: language, 'data-n': n }));
  return h(
    'div', { key: 'choices', class: 'choices', role: 'group', hidden: !offered.length, 'aria-label': texts.choices },
    ...(asked && offered.length ? [form(scene, last.id, asked, offered)] : buttons),
  );
}

/** @param {string} name */
export function mark(name) {
  return h('p', { key: 'mark', class: 'mark' }, h('i', { 'aria-hidden': 'true' }, '!'), h('span', {}, name));
}
