// @ts-check
// Parts that are fetched when they are needed; spineline/channels/web/script.py says what they are made of.
import { PROFILE, SHARED } from './profile.js';
import { BASE } from './site.js';

/** @type {Record<string, Promise<any>>} */
const coming = {};
/** @type {Record<string, number>} */
const failures = {};

/**
 * What a part exports. It is fetched once; when that fails, by the next who asks.
 * @param {string} name
 * @returns {Promise<any>}
 */
export function part(name) {
  coming[name] ??= fetched(name).catch((error) => {
    delete coming[name];
    failures[name] = (failures[name] ?? 0) + 1;
    throw error;
  });
  return coming[name];
}

/** @param {string} name */
async function fetched(name) {
  const again = name in failures ? `&again=${failures[name]}` : ''; // a browser remembers an address that did not come
  const { default: make } = await import(`${BASE}parts/${name}.js?v=${PROFILE.parts[name]}${again}`);
  return make(SHARED());
}
