// @ts-check
// What is shown, as a description. The same memory always gives the same picture; nothing here touches the page.
import { h } from './dom.js';

/**
 * @typedef {import('./dom.js').Drawn} Drawn
 * @typedef {import('./memory.js').Reply} Reply
 * @typedef {import('./memory.js').Answer} Answer
 * @typedef {import('./memory.js').Question} Question
 * @typedef {import('./profile.js').Profile} Profile
 * @typedef {import('./profile.js').TextName} TextName
 *
 * @typedef {object} Remembered What the picture is made of.
 * @property {string | null} session
 * @property {import('./memory.js').Item[]} items
 * @property {import('./memory.js').Waiting[]} queue
 * @property {number} unread
 * @property {ReadonlySet<string>} got
 * @property {ReadonlyMap<string, import('./memory.js').Failed>} failed
 *
 * @typedef {object} Kept What is true as long as the page is there.
 * @property {string} base the address of the server
 * @property {boolean} hasPanel the window was open once on this page
 * @property {boolean} isMenuOpen
 * @property {boolean} isQuiet the log is not announced
 * @property {TextName | null} trouble
 * @property {Set<string>} broken drawings that did not load
 * @property {{ text: string, number: number }} spoken what a screen reader is told, and how many things before it
 *
 * @typedef {object} Seen What the page, the device and the line say right now.
 * @property {string} language
 * @property {boolean} isOpen
 * @property {boolean} isUp whether the line to the server stands
 * @property {boolean} isDark
 * @property {boolean} isLeft
 *
 * @typedef {Kept & Seen} Moment
 * @typedef {Moment & { memory: Remembered, profile: Profile, texts: import('./profile.js').Texts }} Scene
 */

const ALARMS = ['CALL_911', 'CRISIS_988', 'ED_NOW'];

/**
 * The launcher, what is announced, and the window once it was opened.
 * @param {Remembered} memory
 * @param {Moment} moment
 * @param {Profile} profile
 * @returns {Drawn}
 */
export function draw(memory, moment, profile) {
  const scene = { ...moment, memory, profile, texts: profile.texts[moment.language] };
  const { language, isDark, isLeft, spoken } = moment;
  return h(
    'div', { class: `frame${isDark ? ' dark' : ''}${isLeft ? ' left' : ''}`, lang: language },
    moment.hasPanel && panel(scene),
    launcher(scene),
    h('div', { key: 'announcer', class: 'quiet', role: 'status' }, h('span', { key: spoken.number }, spoken.text)),
  );
}

/**
 * The replies that go with the newest answer.
 * @param {Remembered} memory
 */
export function choicesOf({ session, items }) {
  const last = items.at(-1);
  return (session && last?.who === 'bot' && last.reply.choices) || [];
}

/**
 * The alarm that is not taken care of.
 * @param {Remembered} memory
 */
export function openAlarm({ items }) {
  /** @type {Reply | null} */
  let alarm = null;
  for (const item of items) {
    if (item.who !== 'bot') continue;
    if (item.reply.card?.startsWith('alarm:')) alarm = null;
    else if (isAlarm(item.reply)) alarm = item.reply;
  }
  return alarm;
}

/**
 * What a closed chat says of itself.
 * @param {number} unread
 * @param {import('./profile.js').Texts} texts
 */
export function launcherName(unread, texts) {
  const news = unread === 1 ? texts.unread_one : texts.unread_many.replace('#', String(unread));
  return unread ? `${texts.label}, ${news}` : texts.label;
}

/**
 * An address that may be a link: nothing that runs.
 * @param {string} address
 */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return ['https:', 'tel:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {Reply} reply */
const isAlarm = ({ tier = '' }) => ALARMS.includes(tier);

/** @param {Scene} scene */
function launcher({ texts, isOpen, memory: { unread } }) {
  return h(
    'button', { class: 'launcher', type: 'button', hidden: isOpen, 'aria-haspopup': 'dialog', 'aria-label': launcherName(unread, texts), 'data-act': 'open' },
    h('span', {}, texts.label),
    h('span', { class: 'badge', 'aria-hidden': 'true', hidden: !unread }, String(unread)),
  );
}

/** @param {Scene} scene */
function panel(scene) {
  const { texts, language, profile, memory } = scene;
  return h(
    'dialog', { class: 'panel', lang: language, 'aria-labelledby': 'title', 'aria-describedby': 'notice' },
    head(scene),
    h('a', { class: 'person', href: safeUrl(profile.clinic.tel) }, texts.person),
    pin(scene),
    h('div', { key: 'middle', class: 'scroll', tabindex: '0', role: 'region', 'aria-label': texts.log }, log(scene), choices(scene), box(scene)),
    status(scene),
    h(
      'form', { hidden: !memory.session },
      h('label', { class: 'quiet', for: 'input' }, texts.input),
      h('textarea', { id: 'input', rows: '1', autocomplete: 'off', enterkeyhint: 'send', placeholder: texts.placeholder }),
      h('button', { type: 'submit' }, texts.send),
    ),
  );
}

/** @param {Scene} scene */
function head({ texts, language, profile, isMenuOpen, base }) {
  const other = Object.keys(profile.texts).find((one) => one !== language);
  return h(
    'div', { key: 'head', class: 'head' },
    h('h2', { id: 'title' }, texts.title),
    button('close', '✕', { 'aria-label': texts.close }),
    h('p', { id: 'notice' }, `${texts.automated} `, h('a', { href: 'tel:911' }, texts.call_911), texts.pending && `. ${texts.pending}`),
    button('language', texts.other_language, { lang: other }),
    button('menu', texts.menu, { 'aria-expanded': String(isMenuOpen), 'aria-controls': 'menu' }),
    h(
      'div', { class: 'menu', id: 'menu', hidden: !isMenuOpen },
      button('clear', texts.clear),
      button('delete', texts.delete),
      pageLink({ texts, language, base }, 'privacy', texts.privacy),
    ),
  );
}

/**
 * @param {string} act what chat.js does when it is pressed
 * @param {string} text
 * @param {Record<string, import('./dom.js').Value>} [more]
 */
function button(act, text, more) {
  return h('button', { type: 'button', 'data-act': act, ...more }, text);
}

/** @param {Scene} scene */
function pin(scene) {
  const alarm = openAlarm(scene.memory);
  return h(
    'div', { key: 'pin', class: 'pin', role: 'region', hidden: !alarm, lang: alarm?.language ?? scene.language, 'aria-label': scene.texts.emergency },
    alarm && h('p', {}, alarm.text.split('\n')[0]),
    alarm && calls(scene, alarm),
  );
}

/** @param {Scene} scene */
function log(scene) {
  const { texts, isQuiet, memory } = scene;
  const said = memory.items.flatMap((item) => (item.who === 'you' ? [question(scene, item), delivery(scene, item.id)] : [answer(scene, item)]));
  return h('div', { key: 'log', class: 'log', role: 'log', 'aria-label': texts.log, 'aria-live': isQuiet ? 'off' : 'polite' }, ...said);
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
 */
function answer(scene, { id, reply }) {
  const { texts, profile, broken, base } = scene;
  const urgent = isAlarm(reply);
  return h(
    'div', { key: id, class: urgent ? 'said alarm' : 'said', lang: reply.language },
    h('span', { class: 'quiet' }, `${texts.assistant_said} `),
    urgent && h('p', { key: 'mark', class: 'mark' }, h('i', { 'aria-hidden': 'true' }, '!'), profile.texts[reply.language ?? '']?.emergency),
    h('p', {}, ...withLinks(scene, reply.text)),
    calls(scene, reply),
    reply.drawing && drawing(reply.drawing, broken, base),
    reply.page && pageLink(scene, reply.page, texts.print, 'print'),
    sources(scene, reply),
  );
}

/**
 * Below a message: how far it has come, as long as it has no answer.
 * @param {Scene} scene
 * @param {string} id
 */
function delivery({ texts, isUp, memory: { queue, got, failed } }, id) {
  const state = (/** @type {(Drawn | string)[]} */ ...children) => h('div', { key: `${id} state`, class: 'state', 'aria-live': 'off' }, ...children);
  const rejected = failed.get(id);
  if (rejected) return state(rejected.why === 'busy' ? texts.busy : texts.failed, button('again', texts.retry, { 'data-id': id }));
  if (got.has(id) || !queue.some((message) => message.id === id)) return null;
  return state(isUp ? texts.sending : texts.waiting);
}

/**
 * @param {Scene} scene
 * @param {string} text
 */
function withLinks(scene, text) {
  return text.split(/(https:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?])/).map((part, n) => (n % 2 ? link(scene, part, part) : part));
}

/**
 * @param {Pick<Scene, 'texts'>} scene
 * @param {string} address
 * @param {string} text
 */
function link(scene, address, text) {
  const href = safeUrl(address);
  if (!href) return h('span', {}, text);
  return href.startsWith('https:') ? newTab(scene, href, text) : h('a', { href }, text);
}

/**
 * @param {Pick<Scene, 'texts'>} scene
 * @param {string} href
 * @param {string} text
 * @param {string} [name]
 */
function newTab({ texts }, href, text, name) {
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer', class: name }, text, h('span', { class: 'quiet' }, ` ${texts.new_tab}`));
}

/**
 * A page of the chat's own server.
 * @param {Pick<Scene, 'texts' | 'language' | 'base'>} scene
 * @param {string} path
 * @param {string} text
 * @param {string} [name]
 */
function pageLink(scene, path, text, name) {
  const url = new URL(path, scene.base);
  if (!url.search) url.searchParams.set('lang', scene.language);
  return newTab(scene, url.href, text, name);
}

/**
 * @param {Scene} scene
 * @param {Reply} reply
 */
function calls(scene, { calls: numbers }) {
  return numbers && h('div', { key: 'calls', class: 'calls' }, ...numbers.map(({ title, url }) => link(scene, url, title)));
}

/**
 * @param {{ src: string, alt: string }} drawing
 * @param {ReadonlySet<string>} broken
 * @param {string} base
 */
function drawing({ src, alt }, broken, base) {
  const address = new URL(src, base).href;
  return broken.has(address) ? h('p', { key: 'alt' }, alt) : h('img', { src: address, alt, width: 320, height: 200 });
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
 * Below the last message: its quick replies. Those of another message are other buttons.
 * @param {Scene} scene
 */
function choices({ memory, texts }) {
  const offered = choicesOf(memory);
  const last = /** @type {Answer} */ (memory.items.at(-1));
  return h(
    'div', { key: 'choices', class: 'choices', role: 'group', hidden: !offered.length, 'aria-label': texts.choices },
    ...offered.map(({ title }, n) => button('choose', title, { key: `${last.id} ${n}`, lang: last.reply.language, 'data-n': n })),
  );
}

/**
 * The greeting, the notice and Start: nothing goes to the server before that.
 * @param {Scene} scene
 */
function box(scene) {
  const { texts, memory } = scene;
  return h(
    'div', { key: 'box', class: 'box', hidden: Boolean(memory.session) },
    !memory.items.length && h('p', { key: 'greeting' }, texts.greeting.text),
    h('p', {}, texts.notice),
    pageLink(scene, 'privacy', texts.privacy),
    button('start', texts.start),
  );
}

/** @param {Scene} scene */
function status({ texts, trouble, memory: { queue, got } }) {
  const typing = queue.some(({ id }) => got.has(id)) ? texts.typing : '';
  return h('p', { key: 'status', class: trouble ? 'status lost' : 'status', role: 'status' }, trouble ? texts[trouble] : typing);
}
