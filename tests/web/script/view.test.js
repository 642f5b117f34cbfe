// The picture of a chat, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draw, openAlarm, safeUrl } from '../../../web/chat/view.js';

const names = ['close', 'title', 'label', 'call_911', 'emergency', 'start', 'greeting', 'lost', 'too_long', 'typing', 'sending', 'waiting', 'busy', 'failed', 'retry', 'cleared'];
const texts = (language) => ({ ...Object.fromEntries(names.map((name) => [name, `${name} ${language}`])), greeting: { text: `greeting ${language}` }, unread_one: '1 new', unread_many: '# new' });
const profile = { clinic: { tel: 'tel:+15205550142' }, texts: { en: texts('en'), es: texts('es') } };
const empty = { session: null, items: [], queue: [], unread: 0, got: new Set(), failed: new Map() };
const now = {
  base: 'https://chat.clinic.example/', language: 'en', isOpen: true, hasPanel: true, isMenuOpen: false, isUp: true,
  isQuiet: false, isDark: false, isLeft: false, trouble: null, broken: new Set(), spoken: { text: '', number: 0 },
};
const begun = { ...empty, session: 's' };
const you = (id, text = 'hello') => ({ who: 'you', id, text, language: 'en' });
const bot = (id, reply) => ({ who: 'bot', id, reply: { language: 'en', ...reply } });
const alarm = bot('a', { text: 'Go now.\nMore.', tier: 'ED_NOW', calls: [{ title: 'Call 911', url: 'tel:911' }] });

const picture = (memory, more = {}) => draw({ ...empty, ...memory }, { ...now, ...more }, profile);
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
  assert.equal(classed(picture(empty), 'box')[0].attributes.hidden, false);
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
    assert.equal(openAlarm(memory).tier, tier);
    assert.match(words(classed(picture(memory), 'alarm')[0]), /emergency en/);
    assert.equal(classed(picture(memory), 'pin')[0].attributes.hidden, false);
    const closed = { ...memory, items: [...memory.items, bot('c', { text: 'Good.', card: 'alarm:getting_help' })] };
    assert.equal(openAlarm(closed), null);
    assert.equal(classed(picture(closed), 'pin')[0].attributes.hidden, true);
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
  assert.match(words(said), /emergency es/);
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

test('the greeting is said once', () => {
  assert.match(words(classed(picture(empty), 'box')[0]), /greeting en/);
  assert.doesNotMatch(words(classed(picture({ ...empty, items: [you('1')] }), 'box')[0]), /greeting/);
});
