// @ts-check
// What few people need, fetched when they do: read aloud, speak instead of typing, take the chat along.

const VOICES_MS = 1000; // so long some browsers need to list their voices
/** @type {any} */
let recognition = null;

/**
 * Voices that live on this device: others would send the text to the browser's maker.
 * @param {string} language
 * @returns {Promise<SpeechSynthesisVoice | undefined>}
 */
async function voiceFor(language) {
  const fitting = () => speechSynthesis.getVoices().find((voice) => voice.localService && voice.lang.startsWith(language));
  if (!speechSynthesis.getVoices().length) await new Promise((done) => setTimeout(done, VOICES_MS));
  return fitting();
}

/**
 * Read a text aloud.
 * @param {string} text
 * @param {string} language
 * @returns {Promise<boolean>} when it is over; false where the device has no voice for the language
 */
export async function read(text, language) {
  const voice = await voiceFor(language);
  if (!voice) return false;
  const said = new SpeechSynthesisUtterance(text);
  Object.assign(said, { voice, lang: voice.lang });
  return new Promise((done) => {
    said.onend = said.onerror = () => done(true);
    speechSynthesis.speak(said);
  });
}

export function hush() {
  speechSynthesis.cancel();
}

/**
 * Turn what is said into text. The browser may send the voice to its maker; whoever calls this has said so.
 * @param {string} language
 * @param {(text: string) => void} onText all that was heard so far
 * @returns {Promise<boolean>} when it is over: whether anything was heard
 */
export function listen(language, onText) {
  const { SpeechRecognition, webkitSpeechRecognition } = /** @type {any} */ (window);
  recognition = new (SpeechRecognition ?? webkitSpeechRecognition)();
  Object.assign(recognition, { lang: language === 'es' ? 'es-US' : 'en-US', interimResults: true });
  let isHeard = false;
  return new Promise((done) => {
    recognition.onresult = (/** @type {any} */ { results }) => {
      isHeard = true;
      onText([...results].map((result) => result[0].transcript).join(' ').trim());
    };
    recognition.onend = recognition.onerror = () => done(isHeard);
    recognition.start();
  });
}

export function stopListening() {
  recognition?.stop();
}

/**
 * Give the person a file.
 * @param {string} name
 * @param {string} text
 */
export function save(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }));
  Object.assign(document.createElement('a'), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10e3);
}
