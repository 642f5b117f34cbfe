// The picture of a chat, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { safeUrl } from '../../../web/chat/links.js';
import { marked } from '../../../web/chat/form.js';
import { panel } from '../../../web/chat/panel.js';
import { draw, openAlarm } from '../../../web/chat/view.js';

const names = ['step', 'several', 'answer', 'back', 'scale', 'scale_none', 'scale_mild', 'scale_moderate', 'scale_severe', 'staff_title', 'staff_signs', 'staff_words', 'staff_since', 'staff_ask', 'staff_back', 'helped_yes', 'helped_no', 'print', 'choices', 'staff', 'read', 'hush', 'helped', 'thanks', 'timer', 'pause', 'time_up', 'close', 'title', 'label', 'call_911', 'emergency', 'start', 'greeting', 'lost', 'too_long', 'typing', 'sending', 'waiting', 'busy', 'failed', 'retry', 'cleared', 'hello', 'veiled', 'assistant', 'ask_delete', 'keep', 'delete'];
const texts = (language) => ({ ...Object.fromEntries(names.map((name) => [name, `${name} ${language}`])), greeting: { text: `greeting ${language}` }, unread_one: '1 new', unread_many: '# new' });
const profile = { clinic: { tel: 'tel:+15205550142', initial: 'C' }, texts: { en: texts('en'), es: texts('es') } };
const empty = { session: null, items: [], queue: [], unread: 0, got: new Set(), failed: new Map() };
const now = {
  base: 'https://chat.clinic.example/', language: 'en', isOpen: true, hasPanel: true, isMenuOpen: false, isUp: true,
  isQuiet: false, isDark: false, isLeft: false, isFull: false, isAway: false, isVeiled: false, asks: null, starters: [], picked: { id: '', ns: [], score: null }, rated: new Set(), timers: {}, staff: null, reading: null, trouble: null, broken: new Set(), spoken: { text: '', number: 0 },
};
const begun = { ...empty, session: 's' };
const you = (id, text = 'hello') => ({ who: 'you', id, text, language: 'en' });
const bot = (id, reply) => ({ who: 'bot', id, reply: { language: 'en', ...reply } });
const alarm = bot('a', { text: 'Go now.\nMore.', tier: 'ED_NOW', calls: [{ title: 'Call 911', url: 'tel:911' }] });

const picture = (memory, more = {}) => draw({ ...empty, ...memory }, { ...now, ...more }, profile, panel);
const all = (node, fits) => (typeof node === 'string' ? [] : [...(fits(node) ? [node] : []), ...node.children.flatMap((child) => all(child, fits))]);
const classed = (node, name) => all(node, ({ attributes }) => String(attributes.class ?? '').split(' ').includes(name));
const acting = (node, act) => all(node, ({ attributes }) => attributes['data-act'] === act);
const words = (node) => (typeof node === 'string' ? node : node.children.map(words).join(''));

test('the same memory gives the same picture', () => {
  const memory = { ...begun, items: [you('1'), alarm] };
  assert.deepEqual(picture(memory), picture(structuredClone(memory)));
});

test('a picture is plain data: no function and no node of a page', () => {
  const shown = picture({ ...begun, items: [you('1'), alarm] });
  assert.deepEqual(structuredClone(shown), shown);
});

test('a chat that was never opened is a launcher only', () => {
  const shown = picture({}, { hasPanel: false, isOpen: false });
  assert.equal(classed(shown, 'panel').length, 0);
  assert.equal(classed(shown, 'launcher')[0].attributes.hidden, false);
});

test('nothing can be typed before Start', () => {
  assert.equal(all(picture(empty), ({ tag }) => tag === 'form')[0].attributes.hidden, true);
  assert.equal(classed(picture(empty), 'start')[0].attributes.hidden, false);
  assert.equal(all(picture(begun), ({ tag }) => tag === 'form')[0].attributes.hidden, false);
});

test('unread answers are counted in words and not only in colour', () => {
  assert.equal(classed(picture({ unread: 1 }), 'launcher')[0].attributes['aria-label'], 'label en, 1 new');
  assert.equal(classed(picture({ unread: 3 }), 'launcher')[0].attributes['aria-label'], 'label en, 3 new');
  assert.equal(classed(picture({ unread: 0 }), 'badge')[0].attributes.hidden, true);
});

for (const tier of ['CALL_911', 'CRISIS_988', 'ED_NOW']) {
  test(`${tier} is an alarm by words and stays above until it is taken care of`, () => {
    const memory = { ...begun, items: [bot('a', { text: 'Go now.', tier }), you('1'), bot('b', { text: 'Fine.' })] };
    assert.equal(openAlarm(memory).reply.tier, tier);
    assert.match(words(classed(picture(memory), 'pin')[0]), /emergency en/);
    assert.equal(classed(picture(memory), 'pin')[0].attributes.hidden, false);
    const closed = { ...memory, items: [...memory.items, bot('c', { text: 'Good.', card: 'alarm:getting_help' })] };
    assert.equal(openAlarm(closed), null);
    assert.equal(classed(picture(closed), 'pin')[0].attributes.hidden, true);
    assert.match(words(classed(picture(closed), 'alarm')[0]), /emergency en/);
  });
}

test('an alarm after a closed one is open again', () => {
  assert.ok(openAlarm({ ...begun, items: [alarm, bot('c', { text: 'Good.', card: 'alarm:not_meant' }), alarm] }));
});

test('an answer that is no alarm is not drawn as one', () => {
  for (const tier of [undefined, 'ROUTINE', 'SOON']) assert.equal(classed(picture({ ...begun, items: [bot('a', { text: 'x', tier })] }), 'alarm').length, 0);
});

test('each message says in its own language what it is', () => {
  const memory = { ...begun, items: [bot('a', { text: 'Vaya.', tier: 'ED_NOW', language: 'es' })] };
  const [said] = classed(picture(memory), 'alarm');
  assert.equal(said.attributes.lang, 'es');
  assert.match(words(classed(picture(memory), 'pin')[0]), /emergency es/);
});

test('an open alarm has its call buttons above and nowhere else', () => {
  const shown = picture({ ...begun, items: [alarm] });
  const calling = all(shown, ({ attributes }) => attributes.href === 'tel:911').filter((one) => words(one) === 'Call 911');
  assert.equal(calling.length, 1);
  assert.equal(classed(shown, 'alarm')[0].attributes.role, 'alert');
});

test('what is drawn again is no alert', () => {
  assert.ok(!classed(picture({ ...begun, items: [alarm] }, { isQuiet: true }), 'alarm')[0].attributes.role);
});

test('an answer is drawn in the blocks that it came in', () => {
  const body = [{ kind: 'steps', items: ['One.', 'Two.'] }, { kind: 'safety', items: ['Stop.', 'Then call 911.'] }];
  const shown = picture({ ...begun, items: [bot('a', { text: 'One. Two.', body })] });
  assert.deepEqual(all(shown, ({ tag }) => tag === 'li').map(words), ['One.', 'Two.']);
  assert.equal(words(all(shown, ({ tag }) => tag === 'summary')[0]), 'Stop.');
});

test('numbered lines of a plain text are steps', () => {
  const shown = picture({ ...begun, items: [bot('a', { text: 'So:\n1. Lie down.\n2. Breathe.' })] });
  assert.deepEqual(all(shown, ({ tag }) => tag === 'li').map(words), ['Lie down.', 'Breathe.']);
});

test('quick replies are in the language of the window', () => {
  const memory = { ...begun, items: [bot('a', { text: '?', choices: [{ title: 'One', payload: '/1', titles: { en: 'One', es: 'Uno' } }] })] };
  assert.equal(words(acting(picture(memory, { language: 'es' }), 'choose')[0]), 'Uno');
});

test('what was said is hidden when nobody was here, and whom to call is not', () => {
  const shown = picture({ ...begun, items: [alarm] }, { isVeiled: true });
  assert.equal(classed(shown, 'log')[0].attributes.hidden, true);
  assert.equal(classed(shown, 'pin')[0].attributes.hidden, false);
});

test('deleting is asked about before it is done', () => {
  const shown = picture({ ...begun, items: [you('1')] }, { asks: 'delete' });
  assert.equal(acting(shown, 'yes').length, 1);
  assert.equal(all(shown, ({ tag }) => tag === 'form')[0].attributes.hidden, true);
});

test('a message shows how far it has come', () => {
  const memory = { ...begun, items: [you('1')], queue: [{ id: '1', text: 'hello' }] };
  const state = (more, moment) => classed(picture({ ...memory, ...more }, moment), 'state').map(words).join();
  assert.equal(state({}), 'sending en');
  assert.equal(state({}, { isUp: false }), 'waiting en');
  assert.equal(state({ got: new Set(['1']) }), '');
  assert.equal(state({ queue: [] }), '');
  assert.match(state({ queue: [], failed: new Map([['1', { id: '1', text: 'hello', why: 'busy' }]]) }), /busy en/);
});

test('the assistant is answering while a message that arrived has no answer', () => {
  const memory = { ...begun, items: [you('1')], queue: [{ id: '1', text: 'hello' }] };
  const status = (more, moment) => words(classed(picture({ ...memory, ...more }, moment), 'status')[0]);
  assert.equal(status({ got: new Set(['1']) }), 'typing en');
  assert.equal(status({}), '');
  assert.equal(status({ got: new Set(['1']) }, { trouble: 'lost' }), 'lost en');
  assert.equal(status({}, { trouble: 'too_long', language: 'es' }), 'too_long es');
});

test('quick replies belong to the newest answer and need a session', () => {
  const asks = bot('a', { text: 'Which?', choices: [{ title: 'One', payload: '/1' }] });
  assert.equal(acting(picture({ ...begun, items: [asks] }), 'choose').length, 1);
  assert.equal(acting(picture({ ...begun, items: [asks, you('1')] }), 'choose').length, 0);
  assert.equal(acting(picture({ ...empty, items: [asks] }), 'choose').length, 0);
});

test('quick replies of two answers are different buttons', () => {
  const key = (id) => acting(picture({ ...begun, items: [bot(id, { text: '?', choices: [{ title: 'One', payload: '/1' }] })] }), 'choose')[0].key;
  assert.notEqual(key('a'), key('b'));
});

test('addresses in a text are links, and what runs is none', () => {
  const links = (text) => all(picture({ ...begun, items: [bot('a', { text })] }), ({ attributes }) => attributes.target === '_blank' && String(attributes.href).includes('nih')).map((one) => one.attributes.href);
  assert.deepEqual(links('See https://nih.example/back.'), ['https://nih.example/back']);
  assert.deepEqual(links('See javascript:alert(1)//nih'), []);
  assert.equal(safeUrl('javascript:alert(1)'), null);
  assert.equal(safeUrl('no address'), null);
  assert.equal(safeUrl('tel:911'), 'tel:911');
});

test('a drawing that did not load is told in words', () => {
  const memory = { ...begun, items: [bot('a', { text: 'x', drawing: { src: 'drawings/plank.svg', alt: 'A plank' } })] };
  const images = (broken) => all(picture(memory, { broken }), ({ tag }) => tag === 'img').length;
  assert.equal(images(new Set()), 1);
  assert.equal(images(new Set(['https://chat.clinic.example/drawings/plank.svg'])), 0);
});

test('before Start there is the notice, after it the greeting', () => {
  const greeted = { who: 'bot', id: 'g', reply: { text: 'x' }, isGreeting: true };
  assert.match(words(classed(picture(empty), 'box')[0]), /hello en/);
  assert.doesNotMatch(words(picture(empty)), /greeting/);
  assert.doesNotMatch(words(picture({ ...begun, items: [greeted] })), /hello en/);
  assert.match(words(picture({ ...begun, items: [greeted] }, { language: 'es' })), /greeting es/);
});

const asks = (form, choices) => ({ ...begun, items: [bot('q', { text: 'Any of these?', form, choices })] });
const signs = [{ title: 'Fever', payload: '/f' }, { title: 'Numb', payload: '/n' }, { title: 'None', payload: '/none', alone: true }];
const tagged = (node, tag) => all(node, (one) => one.tag === tag);

test('of a question with several answers those that leave no room for others are buttons, the rest boxes', () => {
  const shown = picture(asks({ kind: 'several', step: 1, of: 4 }, signs));
  assert.equal(tagged(shown, 'input').length, 2);
  assert.deepEqual(acting(shown, 'choose').map(words), ['None']);
  assert.equal(words(tagged(shown, 'legend')[0]), 'step en several en');
});

test('what is marked can be sent, and then none of these cannot be said', () => {
  const shown = picture(asks({ kind: 'several' }, signs), { picked: { id: 'q', ns: [1], score: null } });
  assert.equal(acting(shown, 'answer').length, 1);
  assert.equal(acting(shown, 'choose').length, 0);
  const other = picture(asks({ kind: 'several' }, signs), { picked: { id: 'before', ns: [1], score: null } });
  assert.equal(acting(other, 'answer').length, 0, 'what was marked below another message is gone');
});

test('marked answers go out one a line, a score as a number, and what one cannot do before the score', () => {
  assert.deepEqual(marked({ id: 'q', ns: [1, 0], score: null }, signs), { text: '/f\n/n', shown: 'Fever, Numb' });
  assert.deepEqual(marked({ id: 'q', ns: [], score: 0 }, signs), { text: '0', shown: '0/10' });
  assert.deepEqual(marked({ id: 'q', ns: [1], score: 7 }, signs), { text: '/n', shown: '7/10, Numb' });
  assert.equal(marked({ id: 'q', ns: [], score: null }, signs), null);
});

test('a scale has every number once, in place of its ranges', () => {
  const ranges = [{ title: '0 to 3', payload: '/3', scored: true }, { title: 'No sleep', payload: '/l' }, { title: 'Skip', payload: '/s', alone: true }];
  const inputs = tagged(picture(asks({ kind: 'scale', back: '/b' }, ranges)), 'input');
  assert.deepEqual(inputs.filter(({ attributes }) => attributes.type === 'radio').map(({ attributes }) => attributes['data-score']), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  assert.equal(inputs.filter(({ attributes }) => attributes.type === 'checkbox').length, 1);
});

test('the page for the staff shows signs and words in both languages and lies over all else', () => {
  const sign = { en: 'Numbness', es: 'Entumecimiento' };
  const items = [you('1', 'no siento nada'), { ...bot('a', { text: 'Go.', tier: 'ED_NOW', staff: [sign] }), to: '1' }];
  const shown = picture({ ...begun, items }, { language: 'es', staff: 'a' });
  assert.match(words(classed(shown, 'staff')[0]), /EntumecimientoNumbness.*no siento nada/);
  for (const name of ['head', 'middle']) assert.equal(classed(shown, name)[0].attributes.inert, true);
});

test('only what has a page is asked about, and never who was told to call', () => {
  const asked = (more) => acting(picture({ ...begun, items: [bot('a', { text: 'x', ...more })] }), 'helped').length;
  assert.deepEqual([asked({ page: 'cards/plank/how' }), asked({}), asked({ page: 'x', urgent: true }), asked({ page: 'x', calls: [{ title: 'Call', url: 'tel:911' }] })], [2, 0, 0, 0]);
});
