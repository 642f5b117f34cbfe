// @ts-check
// The window around the conversation: its head, what is pinned, and where to type.
import { h } from './dom.js';
import { button, pageLink, safeUrl, tool, withLinks } from './links.js';
import { calls, choices, isTyping, log, mark } from './said.js';
import { staff } from './staff.js';
import { icon, openAlarm } from './view.js';

/**
 * @typedef {import('./view.js').Scene} Scene
 */

const QUIET_TROUBLES = ['cleared', 'deleted', 'copied', 'listening']; // what went well
const PHONE = 'M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4q0 2-2 2A17 17 0 0 1 4 5q0-2 2-2z';
const DOTS = 'M5 12h.01M12 12h.01M19 12h.01';
const CROSS = 'M6 6l12 12M18 6 6 18';
const PLANE = 'M4 12l16-8-5 16-3-7z';
const MICROPHONE = 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4';
const DOWN = 'M6 10l6 6 6-6';

/** @param {Scene} scene */
export function panel(scene) {
  const { texts, language, memory, asks, canListen, isListening } = scene;
  const inert = Boolean(scene.staff); // the page for the staff lies over it
  return h(
    'dialog', { class: 'panel', lang: language, 'aria-labelledby': 'title', 'aria-describedby': 'notice' },
    head(scene),
    pin(scene),
    h(
      'div', { key: 'middle', class: 'middle', inert },
      h('div', { key: 'scroll', class: 'scroll', tabindex: '0', role: 'region', 'aria-label': texts.log }, box(scene), log(scene), choices(scene)),
      tool('more', texts.more, DOWN, { class: 'more' }),
    ),
    staff(scene),
    status(scene),
    confirm(scene),
    start(scene),
    h(
      'form', { hidden: !memory.session || Boolean(asks), inert },
      h('label', { class: 'quiet', for: 'input' }, texts.input),
      h('textarea', { id: 'input', rows: '1', autocomplete: 'off', enterkeyhint: 'send', placeholder: texts.placeholder }),
      canListen && tool('listen', texts.listen, MICROPHONE, { 'aria-pressed': String(isListening) }),
      h('button', { type: 'submit', class: 'round', 'aria-label': texts.send }, icon(PLANE)),
    ),
  );
}

/** @param {Scene} scene */
function head({ texts, language, profile, isMenuOpen, isFull, base, staff }) {
  const other = Object.keys(profile.texts).find((one) => one !== language);
  return h(
    'div', { key: 'head', class: 'head', inert: Boolean(staff) },
    h('i', { class: 'logo', 'aria-hidden': 'true' }, profile.clinic.initial),
    h('div', { class: 'who' }, h('h2', { id: 'title' }, texts.title), h('p', {}, texts.assistant)),
    h('a', { class: 'tool person', href: safeUrl(profile.clinic.tel), 'aria-label': texts.person, title: texts.person }, icon(PHONE)),
    tool('menu', texts.menu, DOTS, { 'aria-expanded': String(isMenuOpen), 'aria-controls': 'menu' }),
    !isFull && tool('close', texts.close, CROSS),
    h(
      'div', { class: 'menu', id: 'menu', hidden: !isMenuOpen },
      button('language', texts.other_language, { lang: other }),
      button('copy', texts.copy),
      button('save', texts.save),
      button('clear', texts.clear),
      button('delete', texts.delete),
      pageLink({ texts, language, base }, 'privacy', texts.privacy),
      button('exit', texts.exit),
    ),
  );
}

/**
 * Whom to call, as long as the alarm is open. What to do stands in the answer itself.
 * @param {Scene} scene
 */
function pin(scene) {
  const alarm = openAlarm(scene.memory)?.reply;
  const language = alarm?.language ?? scene.language;
  const name = scene.profile.texts[language]?.emergency;
  return h(
    'div', { key: 'pin', class: 'pin', role: 'region', hidden: !alarm, inert: Boolean(scene.staff), lang: language, 'aria-label': name },
    alarm && mark(name),
    alarm && calls(scene, alarm),
  );
}

/**
 * The first bubble: what this is, and before Start what happens with it.
 * @param {Scene} scene
 */
function box(scene) {
  const { texts, memory, isVeiled } = scene;
  return h(
    'div', { key: 'box', class: 'box' },
    isVeiled && h('div', { key: 'veil', class: 'said' }, h('p', { class: 'lead' }, texts.veiled), h('div', { class: 'choices' }, button('show', texts.show), button('delete', texts.delete))),
    !memory.session && h('p', { key: 'hello', class: 'hello' }, texts.hello),
    !memory.session && h('p', { key: 'consent' }, `${texts.notice} `, pageLink(scene, 'privacy', texts.privacy)),
    h('p', { key: 'notice', id: 'notice', class: 'fine' }, `${texts.automated} `, h('a', { href: 'tel:911' }, texts.call_911), '. ', texts.pending),
  );
}

/**
 * Nothing goes to the server before Start.
 * @param {Scene} scene
 */
function start({ texts, memory, profile, language }) {
  const other = Object.keys(profile.texts).find((one) => one !== language);
  return h(
    'div', { key: 'start', class: 'start', hidden: Boolean(memory.session) },
    button('start', texts.start, { class: 'main' }),
    button('language', texts.other_language, { lang: other }),
  );
}

/** @param {Scene} scene */
function confirm({ texts, asks }) {
  return asks && h(
    'div', { key: 'confirm', class: 'start', role: 'alertdialog', 'aria-labelledby': 'asked' },
    h('p', { id: 'asked' }, texts[`ask_${asks}`]),
    button('yes', texts[asks], { class: 'main' }),
    button('no', asks === 'listen' ? texts.no_greet : texts.keep),
  );
}

/** @param {Scene} scene */
function status(scene) {
  const { texts, trouble } = scene;
  const look = !trouble ? 'status quiet' : QUIET_TROUBLES.includes(trouble) ? 'status done' : 'status lost';
  return h('p', { key: 'status', class: look, role: 'status' }, ...(trouble ? withLinks(scene, texts[trouble]) : [isTyping(scene) ? texts.typing : '']));
}
