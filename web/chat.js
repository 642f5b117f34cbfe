// A plain page for trying the assistant: posts to the REST channel and shows the replies as text.
const log = document.getElementById('log');
const replies = document.getElementById('replies');
const form = document.getElementById('form');
const text = document.getElementById('text');
const sender = crypto.randomUUID();

function bubble(who, words, language) {
  const div = document.createElement('div');
  div.className = who;
  if (language) div.lang = language;
  div.textContent = words;
  log.append(div);
  log.scrollTop = log.scrollHeight;
  return div;
}

function link(button) {
  const a = document.createElement('a');
  a.href = button.url;
  a.textContent = button.title;
  return a;
}

function quickReply(button) {
  const b = document.createElement('button');
  b.type = 'button';
  b.textContent = button.title;
  b.addEventListener('click', () => send(button.payload, button.title));
  return b;
}

function show(reply) {
  const div = bubble('bot', reply.text, reply.metadata?.language);
  const buttons = reply.buttons ?? [];
  const calls = buttons.filter((b) => b.url?.startsWith('tel:')).map(link);
  if (calls.length) div.append(document.createElement('br'), ...calls);
  replies.replaceChildren(...buttons.filter((b) => !b.url).map(quickReply));
}

async function send(message, shown) {
  if (shown) bubble('user', shown);
  replies.replaceChildren();
  try {
    const answer = await fetch('webhooks/rest/webhook', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sender, message }),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    (await answer.json()).forEach(show);
  } catch {
    bubble('bot', 'The connection failed. Please try again. In an emergency call 911.');
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const words = text.value.trim();
  if (!words) return;
  text.value = '';
  send(words, words);
});

send('hello', null);
