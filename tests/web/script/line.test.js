// The line to the server with a stand-in for the websocket.
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Line } from '../../../web/chat/line.js';

/** Every socket that was opened; the newest one is spoken to. */
let sockets = [];
class FakeSocket {
  sent = [];
  constructor(address) {
    this.address = address;
    sockets.push(this);
  }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.isClosed = true; }
  hear(event) { this.onmessage({ data: JSON.stringify(event) }); }
}
globalThis.WebSocket = FakeSocket;
beforeEach(() => { sockets = []; });

function begun(more = {}) {
  const memory = { session: 'signed', since: 0, queue: [], wish: null, save() {}, ...more };
  const heard = [];
  const line = new Line('https://chat.clinic.example/', memory, (event) => heard.push(event), () => {});
  line.start();
  const socket = sockets.at(-1);
  socket.onopen();
  socket.hear({ type: 'ready', session: 'renewed' });
  return { line, memory, heard, socket };
}
/** Ends the timers of a line, so that the test ends. */
const over = ({ line }) => line.stop();

test('it says who it is before anything else, and keeps the renewed session', () => {
  const chat = begun();
  assert.equal(chat.socket.address, 'wss://chat.clinic.example/webhooks/web/socket');
  assert.deepEqual(chat.socket.sent, [{ session: 'signed', since: 0 }]);
  assert.equal(chat.memory.session, 'renewed');
  over(chat);
});

test('without a session nobody is called', () => {
  const line = new Line('https://chat.clinic.example/', { session: null, since: 0, queue: [], wish: null, save() {} }, () => {}, () => {});
  line.start();
  assert.equal(sockets.length, 0);
});

test('what waits is sent once, in order, after the language that is wished', () => {
  const chat = begun({ wish: 'es', queue: [{ id: 'a', text: 'uno' }, { id: 'b', text: 'dos' }] });
  chat.line.flush();
  assert.deepEqual(chat.socket.sent.slice(1), [{ language: 'es' }, { id: 'a', text: 'uno' }, { id: 'b', text: 'dos' }]);
  over(chat);
});

test('a wish is kept until the server has it, and told again on a new line', () => {
  const chat = begun({ wish: 'es' });
  chat.line.lose();
  assert.equal(chat.memory.wish, 'es');
  chat.line.hurry();
  const again = sockets.at(-1);
  again.onopen();
  again.hear({ type: 'ready', session: 'renewed' });
  assert.deepEqual(again.sent.at(-1), { language: 'es' });
  again.hear({ type: 'pong' });
  assert.equal(chat.memory.wish, null);
  over(chat);
});

test('a wish without a line waits for it', () => {
  const memory = { session: 'signed', since: 0, queue: [], wish: null, save() {} };
  const line = new Line('https://chat.clinic.example/', memory, () => {}, () => {});
  line.start();
  line.wish('es');
  assert.deepEqual(sockets[0].sent, []);
  sockets[0].onopen();
  sockets[0].hear({ type: 'ready', session: 'signed' });
  assert.deepEqual(sockets[0].sent.at(-1), { language: 'es' });
  line.stop();
});

test('switching there and back tells both', () => {
  const chat = begun();
  for (const language of ['es', 'en', 'es']) chat.line.wish(language);
  assert.deepEqual(chat.socket.sent.slice(1), [{ language: 'es' }, { language: 'en' }, { language: 'es' }]);
  over(chat);
});

test('a message that the server did not take can be sent once more', () => {
  const chat = begun({ queue: [{ id: 'a', text: 'uno' }] });
  chat.line.unsend('a');
  chat.line.flush();
  assert.equal(chat.socket.sent.filter(({ id }) => id === 'a').length, 2);
  over(chat);
});

test('what the server says is handed on, and its signs of life are not', () => {
  const chat = begun();
  chat.socket.hear({ type: 'pong' });
  chat.socket.hear({ type: 'got', id: 'a' });
  assert.deepEqual(chat.heard, [{ type: 'got', id: 'a' }]);
  over(chat);
});

test('a line that was left says nothing more', () => {
  const chat = begun();
  chat.line.stop();
  chat.socket.hear({ type: 'got', id: 'a' });
  assert.deepEqual([chat.heard, chat.line.isUp, chat.socket.isClosed], [[], false, true]);
});
