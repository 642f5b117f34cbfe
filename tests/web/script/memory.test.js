// What a tab remembers, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Memory } from '../../../web/chat/memory.js';

/** A tab's storage that holds one text. */
function storage(stored = null) {
  const kept = { value: stored };
  return { kept, getItem: () => kept.value, setItem: (_, value) => { kept.value = value; } };
}
const remember = (stored) => new Memory('key', () => storage(stored === undefined ? null : JSON.stringify(stored)));
const asked = (memory) => {
  memory.ask('/affirm', 'Yes', 'en');
  return memory.queue[0].id;
};

test('another page of the tab goes on where this one stopped', () => {
  const tab = storage();
  const memory = new Memory('key', () => tab);
  memory.begin('signed');
  memory.ask('hola', 'hola', 'es');
  memory.hear({ text: 'Buenas.' }, { isSeen: false });
  const next = new Memory('key', () => tab);
  assert.equal(next.session, 'signed');
  assert.deepEqual(next.items.map((one) => one.id), memory.items.map((one) => one.id));
  assert.deepEqual(next.queue, memory.queue);
  assert.equal(next.unread, 1);
});

test('a memory without a version is the first one', () => {
  assert.equal(remember({ session: 'signed', since: 3 }).since, 3);
});

test('a memory of another version is not read', () => {
  assert.equal(remember({ version: 2, session: 'signed' }).session, null);
});

for (const odd of [null, 7, 'text', [], { items: 5 }, { items: [null, 7, { who: 'bot' }, { who: 'you', text: 1 }] }, { queue: [null, {}, { id: 'x' }] }, { session: {}, since: -0.5, unread: 'many', open: 'yes', who: 1 }]) {
  test(`an odd memory is an empty one: ${JSON.stringify(odd)}`, () => {
    const { session, since, items, queue, unread, open, who } = remember(odd);
    assert.deepEqual({ session, since, items, queue, unread, open, who }, { session: null, since: 0, items: [], queue: [], unread: 0, open: false, who: null });
  });
}

test('what is good of a memory stays when a part of it is odd', () => {
  const memory = remember({ session: 'signed', items: [null, { who: 'bot', reply: { text: 'Go now.', tier: 'ED_NOW' } }] });
  assert.equal(memory.session, 'signed');
  assert.equal(memory.items.length, 1);
  assert.ok(memory.items[0].id);
});

test('an answer of which the buttons are odd is left out', () => {
  for (const reply of [{ text: 'x', choices: 'all' }, { text: 'x', calls: [null] }, { text: 'x', card: 1 }]) assert.equal(remember({ items: [{ who: 'bot', reply }] }).items.length, 0);
});

test('a blocked or full storage loses nothing as long as the page is there', () => {
  const memory = new Memory('key', () => { throw new Error('SecurityError'); });
  memory.begin('signed');
  memory.hear({ text: 'Here.' }, { isSeen: true });
  assert.equal(memory.items.length, 1);
});

test('clearing leaves nothing that was said, sent, received or refused', () => {
  const memory = remember();
  memory.begin('signed');
  memory.got.add(asked(memory));
  memory.reject(memory.queue[0].id, 'busy');
  memory.ask('two', 'two', 'en');
  memory.forget();
  assert.deepEqual([memory.session, memory.items.length, memory.queue.length, memory.got.size, memory.failed.size], [null, 0, 0, 0, 0]);
});

test('a session that is over keeps what was said and what waits', () => {
  const memory = remember();
  memory.begin('signed');
  asked(memory);
  memory.end();
  assert.deepEqual([memory.session, memory.since, memory.items.length, memory.queue.length], [null, 0, 1, 1]);
});

test('a message that was refused can be sent once more under its own id', () => {
  const memory = remember();
  const id = asked(memory);
  memory.reject(id, 'busy');
  assert.equal(memory.queue.length, 0);
  memory.again(id);
  assert.deepEqual(memory.queue, [{ id, text: '/affirm' }]);
  assert.equal(memory.failed.size, 0);
});

test('an answer that nobody asked about changes nothing', () => {
  const memory = remember();
  const id = asked(memory);
  memory.finish('other');
  memory.reject('other', 'busy');
  memory.again('other');
  assert.deepEqual([memory.queue.map((one) => one.id), memory.failed.size], [[id], 0]);
});

test('a quick reply is shown by its title and sent as its payload', () => {
  const memory = remember();
  asked(memory);
  assert.deepEqual([memory.items[0].text, memory.queue[0].text], ['Yes', '/affirm']);
});

test('a memory is read again when another page of the tab went on', () => {
  const tab = storage();
  const memory = new Memory('key', () => tab);
  memory.begin('signed');
  const next = new Memory('key', () => tab);
  next.ask('more', 'more', 'en');
  memory.reread();
  assert.deepEqual(memory.queue, next.queue);
});

test('an answer that tells of a deletion leaves nothing of what was said before', () => {
  const memory = remember();
  asked(memory);
  memory.hear({ text: 'Done.', forgotten: true }, { isSeen: true });
  assert.deepEqual(memory.items.map(({ reply }) => reply?.text), ['Done.']);
});

test('only answers that were not seen are counted', () => {
  const memory = remember();
  memory.hear({ text: 'one' }, { isSeen: true });
  memory.hear({ text: 'two' }, { isSeen: false });
  assert.equal(memory.unread, 1);
});

const one = (id, at, more = {}) => ({ who: 'you', id, text: id, at, ...more });
const told = (more = {}) => ({ who: 'w', session: 's', since: 4, items: [], queue: [], got: [], language: 'es', at: 1, emptied: 0, ...more });

test('a tab without a conversation takes over that of another one', () => {
  const memory = remember();
  assert.equal(memory.take(told({ items: [one('a', 1)], queue: [{ id: 'a', text: 'a' }], got: ['a'] })), true);
  assert.deepEqual([memory.session, memory.who, memory.since, memory.language, memory.items.length, memory.queue.length, memory.got.has('a')], ['s', 'w', 4, 'es', 1, 1, true]);
});

test('of the same conversation only what is new is taken, in its order, once', () => {
  const memory = remember();
  memory.take(told({ items: [one('a', 1), one('c', 3)] }));
  memory.session = 'renewed';
  assert.equal(memory.take(told({ items: [one('a', 1), one('b', 2)] })), true);
  assert.deepEqual(memory.items.map(({ id }) => id), ['a', 'b', 'c']);
  assert.equal(memory.session, 'renewed', 'each tab has a line of its own');
  assert.equal(memory.take(told({ items: [one('a', 1), one('b', 2)] })), false);
});

test('another conversation is left alone, and so is what is none', () => {
  const memory = remember();
  memory.begin('mine');
  for (const odd of [told(), null, 7, {}, { session: 's' }, told({ who: null })]) assert.equal(memory.take(odd), false);
  assert.equal(memory.session, 'mine');
});

test('what was answered in the other tab does not wait here any longer; what was asked here meanwhile does', () => {
  const memory = remember();
  memory.take(told({ items: [one('a', 1)], queue: [{ id: 'a', text: 'a' }] }));
  memory.ask('b', 'b', 'en');
  memory.take(told({ items: [one('a', 1), one('c', 2)], queue: [{ id: 'c', text: 'c' }] }));
  assert.deepEqual(memory.queue.map(({ text }) => text), ['b', 'c']);
});

test('what was deleted does not come back with what another tab still tells', () => {
  const memory = remember();
  memory.take(told({ items: [one('a', 1)] }));
  memory.hear({ text: 'Deleted.', forgotten: true }, { isSeen: true, seq: 1 });
  memory.take(told({ items: [one('a', 1)] }));
  assert.deepEqual(memory.items.map(({ who }) => who), ['bot']);
});

test('the same answer has the same name in every tab', () => {
  const [first, second] = [remember(), remember()];
  first.begin('s');
  second.take(first.share());
  for (const memory of [first, second]) memory.hear({ text: 'Hello.' }, { isSeen: true, seq: 1 });
  second.take(first.share());
  assert.equal(second.items.length, 1);
});

test('a tab that was asleep does not bring back what was cleared meanwhile', () => {
  const memory = remember();
  memory.begin('s');
  memory.forget();
  const asleep = told({ items: [one('a', 1)], at: memory.emptied - 1 });
  assert.equal(memory.take(asleep), false);
  assert.equal(memory.outlived(asleep), true);
  assert.equal(memory.take(told({ at: memory.emptied + 1 })), true, 'but a new conversation goes on here');
});
