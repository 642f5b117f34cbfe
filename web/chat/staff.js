// @ts-check
// A page to hold out to whoever treats an emergency: signs, since when, in the person's language and in English.
import { h } from './dom.js';
import { button } from './links.js';

/**
 * @typedef {import('./view.js').Scene} Scene
 * @typedef {import('./profile.js').TextName} TextName
 */

/**
 * @param {Scene} scene
 */
export function staff(scene) {
  const { memory, language, texts, profile } = scene;
  const at = memory.items.findIndex(({ id }) => id === scene.staff);
  const alarm = memory.items[at];
  if (alarm?.who !== 'bot') return null;
  const languages = language === 'en' ? ['en'] : [language, 'en'];
  return h(
    'div', { key: 'staff', class: 'staff', role: 'dialog', 'aria-labelledby': 'staff' },
    h('h2', { id: 'staff' }, ...both(languages, (one) => profile.texts[one].staff_title)),
    h('p', {}, profile.texts[language].title),
    ...rows(scene, languages, at),
    button('chat', texts.staff_back, { class: 'main' }),
  );
}

/**
 * @param {Scene} scene
 * @param {string[]} languages
 * @param {number} at which of the items the alarm is
 */
function rows({ memory, profile }, languages, at) {
  const { reply, to, at: time } = /** @type {import('./memory.js').Answer} */ (memory.items[at]);
  const said = memory.items.slice(0, at).filter((item) => item.who === 'you' && (!to || item.id === to)).at(-1);
  const words = said?.who === 'you' ? said.text : '';
  const text = (/** @type {TextName} */ name) => both(languages, (one) => profile.texts[one][name]);
  const signs = (reply.staff ?? []).map((sign) => h('li', {}, ...both(languages, (one) => (one === 'es' ? sign.es : sign.en))));
  return [
    h('h3', {}, ...text('staff_signs')), h('ul', {}, ...signs),
    ...(words ? [h('h3', {}, ...text('staff_words')), h('p', { class: 'words' }, words)] : []),
    ...(time ? [h('h3', {}, ...text('staff_since')), h('p', {}, moment(languages[0], time))] : []),
    h('p', { class: 'ask' }, ...text('staff_ask')),
  ];
}

/**
 * @param {string[]} languages
 * @param {(language: string) => string} text
 */
const both = (languages, text) => languages.map((one) => h('span', { lang: one }, text(one)));

/**
 * @param {string} language
 * @param {number} at
 */
const moment = (language, at) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' }).format(at);
