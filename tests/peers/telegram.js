// Starts the Bot API emulator of npm "telegram-test-api": node telegram.js <port>. Prints each call of the bot as one line of JSON.
// Where the emulator is not like Telegram, it is corrected here: the webhook's secret is sent along, `setWebhook` answers
// true, dates are seconds, and `getWebhookInfo` and `setMyCommands` are there.
const axios = require("axios").default;
const { TelegramServer } = require("telegram-test-api/lib/telegramServer");

class Telegram extends TelegramServer {
  addBotMessage(message, token) {
    const added = super.addBotMessage(message, token);
    return { ...added, date: Math.floor(added.date / 1000) };
  }

  async addUserUpdate(update) {
    const webhook = this.webhooks[update.botToken];
    if (!webhook) return super.addUserUpdate(update);
    const headers = { "X-Telegram-Bot-Api-Secret-Token": webhook.secret_token || "" };
    await axios.post(webhook.url, TelegramServer.formatUpdate(update), { headers });
    this.updateId += 1;
  }
}

const telegram = new Telegram({ port: Number(process.argv[2]), host: "127.0.0.1", storeTimeout: 600 });
const app = telegram.webServer;
const layers = app._router.stack;
const known = layers.length;

app.use("/bot:token/:method", (request, _, next) => {
  console.log(JSON.stringify([request.params.method, request.body]));
  next();
});
app.all("/bot:token/setWebhook", (request, response) => {
  telegram.setWebhook(request.body, request.params.token);
  response.json({ ok: true, result: true });
});
app.all("/bot:token/getWebhookInfo", (request, response) => {
  const { url = "", allowed_updates = [] } = telegram.webhooks[request.params.token] || {};
  response.json({ ok: true, result: { url, allowed_updates, has_custom_certificate: false, pending_update_count: 0 } });
});
app.all("/bot:token/setMyCommands", (_, response) => response.json({ ok: true, result: true }));

const ours = layers.splice(known);
layers.splice(layers.findIndex((layer) => layer.route), 0, ...ours); // before the emulator's own

telegram.start();
process.on("SIGTERM", () => telegram.stop().then(() => process.exit(0)));
