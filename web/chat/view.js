// @ts-check
// What is shown, as a description. The same memory always gives the same picture; nothing here touches the page.
import { h } from './dom.js';

/**
 * @typedef {import('./dom.js').Drawn} Drawn
 * @typedef {import('./memory.js').Reply} Reply
 * @typedef {import('./memory.js').Answer} Answer
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
 * @property {'clear' | 'delete' | 'listen' | null} asks what the person is asked to confirm
 * @property {Set<string>} broken drawings that did not load
 * @property {{ id: string, ns: number[], score: number | null }} picked what is marked in the form below the message of that id
 * @property {boolean} canSpeak the browser can read aloud
 * @property {boolean} canListen the browser can turn speech into text
 * @property {boolean} mayListen the person agreed that the browser listens
 * @property {boolean} isListening
 * @property {string | null} reading the answer that is read aloud
 * @property {string | null} staff the alarm that is shown to the staff
 * @property {Set<string>} rated answers of which the person said whether they helped
 * @property {Record<string, { left: number, until: number | null }>} timers of answers, in milliseconds
 * @property {boolean} isGreeting whether the page greets beside the launcher
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
/**
 * What is true on a page that was just loaded.
 * @param {string} base
 * @returns {Kept}
 */
export const fresh = (base) => ({
  base, hasPanel: false, isMenuOpen: false, isAway: false, isQuiet: false, isVeiled: false, asks: null, broken: new Set(), starters: [], picked: { id: '', ns: [], score: null },
  rated: new Set(), timers: {}, spoken: { text: '', number: 0 }, canSpeak: false, canListen: false, mayListen: false, isListening: false, reading: null, staff: null, isGreeting: false,
});

const BUBBLE = 'M4 5h16v11H10l-4 4v-4H4zM8 9h8M8 12h5';

/**
 * The launcher, what is announced, and the window once it was opened.
 * @param {Remembered} memory
 * @param {Moment} moment
 * @param {Profile} profile
 * @param {((scene: Scene) => Drawn) | null} panel the window, once it was fetched (window.js)
 * @returns {Drawn}
 */
export function draw(memory, moment, profile, panel) {
  const scene = { ...moment, memory, profile, texts: profile.texts[moment.language] };
  const { language, isDark, isLeft, spoken } = moment;
  return h(
    'div', { class: `frame${isDark ? ' dark' : ''}${isLeft ? ' left' : ''}`, lang: language },
    moment.hasPanel && panel?.(scene),
    !moment.isFull && launcher(scene),
    greets(scene),
    h('div', { key: 'announcer', class: 'quiet', role: 'status' }, h('span', { key: spoken.number }, spoken.text)),
  );
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

/** @param {Reply} reply */
export const isAlarm = ({ tier = '' }) => ALARMS.includes(tier);

/** @param {string} path */
export function icon(path) {
  return h('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, h('path', { d: path }));
}

/**
 * A word beside the launcher, where the owner of the page wants one; it takes no focus and covers nothing.
 * @param {Scene} scene
 */
function greets({ texts, isGreeting, isOpen, isFull }) {
  if (!isGreeting || isOpen || isFull) return null;
  return h(
    'div', { key: 'greet', class: 'greet', role: 'status' },
    h('button', { type: 'button', 'data-act': 'open' }, texts.greet),
    h('button', { type: 'button', 'data-act': 'ungreet', 'aria-label': texts.no_greet }, icon('M6 6l12 12M18 6 6 18')),
  );
}

/** @param {Scene} scene */
function launcher({ texts, isOpen, isAway, memory }) {
  const alarm = openAlarm(memory);
  const name = isAway ? texts.lost : launcherName(memory, texts);
  return h(
    'button', { class: `launcher${alarm ? ' urgent' : ''}${isAway ? ' away' : ''}`, type: 'button', hidden: isOpen, 'aria-haspopup': 'dialog', 'aria-label': name, 'data-act': 'open' },
    icon(BUBBLE),
    h('span', { class: 'label' }, isAway ? name : alarm ? texts.emergency : texts.label),
    h('span', { class: 'badge', 'aria-hidden': 'true', hidden: !memory.unread && !alarm }, alarm ? '!' : String(memory.unread)),
  );
}

