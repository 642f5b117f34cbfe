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
 * @property {boolean} isAway the window could not be fetched
 * @property {boolean} isQuiet the log is not announced
 * @property {boolean} isVeiled what was said is hidden, because nobody was here for a while
 * @property {'clear' | 'delete' | null} asks what the person is asked to confirm
 * @property {Set<string>} broken drawings that did not load
 * @property {string[]} starters questions that the page offers
 * @property {{ text: string, number: number }} spoken what a screen reader is told, and how many things before it
 *
 * @typedef {object} Seen What the page, the device and the line say right now.
 * @property {string} language
 * @property {boolean} isOpen
 * @property {TextName | null} trouble
 * @property {boolean} isFull the window is all that there is: no launcher, nothing to close
 * @property {boolean} isUp whether the line to the server stands
 * @property {boolean} isDark
 * @property {boolean} isLeft
 *
 * @typedef {Kept & Seen} Moment
 * @typedef {Moment & { memory: Remembered, profile: Profile, texts: import('./profile.js').Texts }} Scene
 */

const ALARMS = ['CALL_911', 'CRISIS_988', 'ED_NOW'];
const GAP_MS = 5 * 60e3; // between two messages, after which the time is shown
const QUIET_TROUBLES = ['cleared', 'deleted', 'copied']; // what went well
const ICONS = {
  back: 'M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5',
  phone: 'M6 3h4l2 5-3 2a12 12 0 0 0 5 5l2-3 5 2v4q0 2-2 2A17 17 0 0 1 4 5q0-2 2-2z',
  menu: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M6 6l12 12M18 6 6 18',
  send: 'M4 12l16-8-5 16-3-7z',
  down: 'M6 10l6 6 6-6',
};

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
    !moment.isFull && launcher(scene),
    h('div', { key: 'announcer', class: 'quiet', role: 'status' }, h('span', { key: spoken.number }, spoken.text)),
  );
}

/**
 * The replies that go with the newest answer, in the language of the window.
 * @param {Remembered} memory
 * @param {Pick<Moment, 'language' | 'starters'>} moment
 * @param {Profile} profile
 * @returns {{ title: string, payload: string }[]}
 */
export function choicesOf({ session, items }, { language, starters }, profile) {
  const last = items.at(-1);
  if (!session || last?.who !== 'bot') return [];
  if (!last.isGreeting) return (last.reply.choices ?? []).map(({ title, payload, titles }) => ({ title: titles?.[language] ?? title, payload }));
  return [...starters.map((text) => ({ title: text, payload: text })), ...(profile.texts[language].greeting.choices ?? [])];
}

/**
 * The alarm that is not taken care of.
 * @param {Remembered} memory
 */
export function openAlarm({ items }) {
  /** @type {Answer | null} */
  let alarm = null;
  for (const item of items) {
    if (item.who !== 'bot') continue;
    if (item.reply.card?.startsWith('alarm:')) alarm = null;
    else if (isAlarm(item.reply)) alarm = item;
  }
  return alarm;
}

/**
 * What a closed chat says of itself.
 * @param {Remembered} memory
 * @param {import('./profile.js').Texts} texts
 */
export function launcherName(memory, texts) {
  const { unread } = memory;
  const name = openAlarm(memory) ? `${texts.emergency}. ${texts.label}` : texts.label;
  const news = unread === 1 ? texts.unread_one : texts.unread_many.replace('#', String(unread));
  return unread ? `${name}, ${news}` : name;
}

/**
 * What was said, to be taken along.
 * @param {Remembered} memory
 * @param {import('./profile.js').Texts} texts
 */
export function transcript({ items }, texts) {
  return items.map((item) => (item.who === 'you' ? `${texts.you_said} ${item.text}` : `${texts.assistant_said} ${item.reply.text}`)).join('\n\n');
}

/**
 * An address that may be a link: nothing that runs.
 * @param {string} address
 */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return ['https:', 'tel:', 'sms:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** @param {Reply} reply */
const isAlarm = ({ tier = '' }) => ALARMS.includes(tier);

/** @param {keyof typeof ICONS} name */
function icon(name) {
  return h('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, h('path', { d: ICONS[name] }));
}

/** @param {Scene} scene */
function launcher({ texts, isOpen, isAway, memory }) {
  const alarm = openAlarm(memory);
  const name = isAway ? texts.lost : launcherName(memory, texts);
  return h(
    'button', { class: `launcher${alarm ? ' urgent' : ''}${isAway ? ' away' : ''}`, type: 'button', hidden: isOpen, 'aria-haspopup': 'dialog', 'aria-label': name, 'data-act': 'open' },
    icon('back'),
    h('span', { class: 'label' }, isAway ? name : alarm ? texts.emergency : texts.label),
    h('span', { class: 'badge', 'aria-hidden': 'true', hidden: !memory.unread && !alarm }, alarm ? '!' : String(memory.unread)),
  );
}

/** @param {Scene} scene */
function panel(scene) {
  const { texts, language, memory, asks } = scene;
  return h(
    'dialog', { class: 'panel', lang: language, 'aria-labelledby': 'title', 'aria-describedby': 'notice' },
    head(scene),
    pin(scene),
    h(
      'div', { key: 'middle', class: 'middle' },
      h('div', { key: 'scroll', class: 'scroll', tabindex: '0', role: 'region', 'aria-label': texts.log }, box(scene), log(scene), choices(scene)),
      h('button', { key: 'more', class: 'more', type: 'button', 'data-act': 'more' }, icon('down'), texts.more),
    ),
    status(scene),
    confirm(scene),
    start(scene),
    h(
      'form', { hidden: !memory.session || Boolean(asks) },
      h('label', { class: 'quiet', for: 'input' }, texts.input),
      h('textarea', { id: 'input', rows: '1', autocomplete: 'off', enterkeyhint: 'send', placeholder: texts.placeholder }),
      h('button', { type: 'submit', class: 'round', 'aria-label': texts.send }, icon('send')),
    ),
  );
}

/** @param {Scene} scene */
function head({ texts, language, profile, isMenuOpen, isFull, base }) {
  const other = Object.keys(profile.texts).find((one) => one !== language);
  return h(
    'div', { key: 'head', class: 'head' },
    h('i', { class: 'logo', 'aria-hidden': 'true' }, profile.clinic.initial),
    h('div', { class: 'who' }, h('h2', { id: 'title' }, texts.title), h('p', {}, texts.assistant)),
    h('a', { class: 'tool person', href: safeUrl(profile.clinic.tel), 'aria-label': texts.person, title: texts.person }, icon('phone')),
    h('button', { key: 'menu', type: 'button', class: 'tool', 'data-act': 'menu', 'aria-expanded': String(isMenuOpen), 'aria-controls': 'menu', 'aria-label': texts.menu }, icon('menu')),
    !isFull && h('button', { key: 'close', type: 'button', class: 'tool', 'data-act': 'close', 'aria-label': texts.close }, icon('close')),
    h(
      'div', { class: 'menu', id: 'menu', hidden: !isMenuOpen },
      button('language', texts.other_language, { lang: other }),
      button('copy', texts.copy),
      button('clear', texts.clear),
      button('delete', texts.delete),
      pageLink({ texts, language, base }, 'privacy', texts.privacy),
      button('exit', texts.exit),
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

/**
 * Whom to call, as long as the alarm is open. What to do stands in the answer itself.
 * @param {Scene} scene
 */
function pin(scene) {
  const alarm = openAlarm(scene.memory)?.reply;
  const language = alarm?.language ?? scene.language;
  const name = scene.profile.texts[language]?.emergency;
  return h(
    'div', { key: 'pin', class: 'pin', role: 'region', hidden: !alarm, lang: language, 'aria-label': name },
    alarm && mark(name),
    alarm && calls(scene, alarm),
  );
}

/** @param {string} name */
function mark(name) {
  return h('p', { key: 'mark', class: 'mark' }, h('i', { 'aria-hidden': 'true' }, '!'), h('span', {}, name));
}

/** @param {Scene} scene */
function log(scene) {
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
function isTyping({ memory: { session, queue, got } }) {
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
    foot(scene, reply),
  );
}

/** @param {Reply} reply */
function lookOf(reply) {
  if (isAlarm(reply)) return 'said alarm';
  return reply.urgent ? 'said soon' : 'said';
}

/**
 * @param {Scene} scene
 * @param {Reply} reply
 */
function foot(scene, reply) {
  const { page } = reply;
  const isThere = page || reply.sources;
  return isThere && h('div', { key: 'foot', class: 'foot' }, sources(scene, reply), page && pageLink(scene, page, scene.texts.print, 'print'));
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
  if (kind !== 'safety') return h('p', { class: kind }, ...withLinks(scene, text));
  return h('details', { class: kind }, h('summary', {}, items[0]), h('p', {}, ...withLinks(scene, items.slice(1).join(' '))));
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
 * A text with its web addresses and telephone numbers as links.
 * @param {Scene} scene
 * @param {string} text
 */
function withLinks(scene, text) {
  return text.split(/(https:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?]|\b\d{3}-\d{3}-\d{4}\b|\b(?:911|988)\b)/).map((part, n) => {
    if (n % 2 === 0) return part;
    return link(scene, part.startsWith('https:') ? part : `tel:${part.length > 3 ? '+1' : ''}${part.replaceAll('-', '')}`, part);
  });
}

/**
 * @param {Pick<Scene, 'texts'>} scene
 * @param {string} address
 * @param {string} text
 */
function link(scene, address, text) {
  const href = safeUrl(address);
  if (!href) return h('span', {}, text);
  return href.startsWith('https:') ? newTab(scene, href, text) : h('a', { href, class: 'number' }, text);
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
function choices(scene) {
  const { memory, texts, language, isVeiled } = scene;
  const offered = isVeiled ? [] : choicesOf(memory, scene, scene.profile);
  const last = /** @type {Answer} */ (memory.items.at(-1));
  return h(
    'div', { key: 'choices', class: 'choices', role: 'group', hidden: !offered.length, 'aria-label': texts.choices },
    ...offered.map(({ title }, n) => button('choose', title, { key: `${last.id} ${n}`, lang: language, 'data-n': n })),
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
    h('p', { id: 'asked' }, asks === 'delete' ? texts.ask_delete : texts.ask_clear),
    button('yes', asks === 'delete' ? texts.delete : texts.clear, { class: 'main' }),
    button('no', texts.keep),
  );
}

/** @param {Scene} scene */
function status(scene) {
  const { texts, trouble } = scene;
  const look = !trouble ? 'status quiet' : QUIET_TROUBLES.includes(trouble) ? 'status done' : 'status lost';
  return h('p', { key: 'status', class: look, role: 'status' }, ...(trouble ? withLinks(scene, texts[trouble]) : [isTyping(scene) ? texts.typing : '']));
}
