// @ts-check
// Below an answer: where it comes from, where it leads, whether it helped, and a timer for one block of a routine.
import { h } from './dom.js';
import { button, link, pageLink } from './links.js';
import { isAlarm } from './view.js';

/**
 * @typedef {import('./view.js').Scene} Scene
 * @typedef {import('./memory.js').Reply} Reply
 */

/**
 * @param {Scene} scene
 * @param {string} id of the answer
 * @param {Reply} reply
 */
export function foot(scene, id, reply) {
  const { texts, memory, canSpeak, reading } = scene;
  const isNewest = memory.items.filter(({ who }) => who === 'bot').at(-1)?.id === id;
  const ways = leadsTo(scene, id, reply);
  const about = aboutIt(scene, reply);
  const parts = [
    ...(isAlarm(reply) ? [...ways, ...about] : [...about, ...ways]),
    isNewest && canSpeak && button('read', reading === id ? texts.hush : texts.read, { key: 'read', class: 'small', 'data-id': id }),
    isNewest && helped(scene, id, reply),
  ].filter(Boolean);
  return parts.length > 0 && h('div', { key: 'foot', class: 'foot' }, ...parts);
}

/**
 * What an alarm leads to looks like a button and comes first.
 * @param {Scene} scene
 * @param {string} id
 * @param {Reply} reply
 */
function leadsTo(scene, id, reply) {
  const { links = [], staff } = reply;
  const look = isAlarm(reply) ? 'act' : 'small';
  return [
    ...links.map(({ title, url }) => (url.startsWith('https:') ? link(scene, url, title, look) : pageLink(scene, url, title, look))),
    staff && button('staff', scene.texts.staff, { key: 'staff', class: look, 'data-id': id }),
  ];
}

/**
 * @param {Scene} scene
 * @param {Reply} reply
 */
function aboutIt(scene, reply) {
  return [sources(scene, reply), reply.page && pageLink(scene, reply.page, scene.texts.print, 'small')];
}

/**
 * @param {Scene} scene
 * @param {Reply} reply
 */
function sources(scene, { sources: named }) {
  if (!named) return null;
  const lines = named.map(({ title, publisher, address }) => h('li', {}, address ? link(scene, address, title) : title, `, ${publisher}`));
  return h('details', {}, h('summary', {}, scene.texts.sources), h('ul', {}, ...lines));
}

/**
 * Not asked of who was told to call.
 * @param {Scene} scene
 * @param {string} id
 * @param {Reply} reply
 */
function helped({ texts, rated }, id, { page, urgent, calls }) {
  if (!page || urgent || calls) return null;
  const answers = [button('helped', texts.helped_yes, { class: 'small', 'data-id': id, 'data-yes': true }), button('helped', texts.helped_no, { class: 'small', 'data-id': id })];
  return h('div', { key: 'helped', class: 'helped', role: 'group', 'aria-label': texts.helped }, ...(rated.has(id) ? [texts.thanks] : [texts.helped, ...answers]));
}

/**
 * @param {Scene} scene
 * @param {string} id
 * @param {Reply} reply
 */
export function timer({ texts, timers }, id, { timer: seconds }) {
  if (!seconds) return null;
  const { left, until } = timers[id] ?? { left: seconds * 1000, until: null };
  const whole = Math.ceil(left / 1000);
  const clock = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  return h(
    'div', { key: 'timer', class: 'timer' },
    h('span', { role: 'timer', 'aria-live': 'off' }, whole > 0 ? clock : texts.time_up),
    whole > 0 && button('time', until ? texts.pause : texts.timer, { 'data-id': id, 'data-seconds': seconds }),
  );
}
