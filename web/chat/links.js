// @ts-check
// Links and buttons: what in a text can be tapped, and what may be an address.
import { h } from './dom.js';
import { icon } from './view.js';

/**
 * @typedef {import('./view.js').Scene} Scene
 */

/**
 * An address that may be a link: nothing that runs.
 * @param {string} address
 */
export function safeUrl(address) {
  try {
    const url = new URL(address);
    return ['https:', 'tel:', 'sms:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} act what chat.js does when it is pressed
 * @param {string} text
 * @param {Record<string, import('./dom.js').Value>} [more]
 */
export function button(act, text, more) {
  return h('button', { type: 'button', 'data-act': act, ...more }, text);
}

/**
 * @param {string} act what is done when it is pressed
 * @param {string} name what it is called
 * @param {string} path of its picture
 * @param {Record<string, import('./dom.js').Value>} [more]
 */
export function tool(act, name, path, more) {
  return h('button', { key: act, type: 'button', class: 'tool', 'data-act': act, 'aria-label': name, title: name, ...more }, icon(path));
}

/**
 * A text with its web addresses and telephone numbers as links.
 * @param {Scene} scene
 * @param {string} text
 */
export function withLinks(scene, text) {
  return text.split(/(https:\/\/[^\s<>"')\]]+[^\s<>"')\].,;:!?]|\b\d{3}-\d{3}-\d{4}\b|\b(?:911|988)\b)/).map((part, n) => {
    if (n % 2 === 0) return part;
    return link(scene, part.startsWith('https:') ? part : `tel:${part.length > 3 ? '+1' : ''}${part.replaceAll('-', '')}`, part);
  });
}

/**
 * @param {Pick<Scene, 'texts'>} scene
 * @param {string} address
 * @param {string} text
 * @param {string} [name] of its look
 */
export function link(scene, address, text, name) {
  const href = safeUrl(address);
  if (!href) return h('span', {}, text);
  return href.startsWith('https:') ? newTab(scene, href, text, name) : h('a', { href, class: 'number' }, text);
}

/**
 * @param {Pick<Scene, 'texts'>} scene
 * @param {string} href
 * @param {string} text
 * @param {string} [name]
 */
function newTab({ texts }, href, text, name) {
  return h('a', { href, target: '_blank', rel: 'noopener noreferrer', class: name }, text, h('span', { class: 'quiet' }, ` ${texts.new_tab}`));
}

/**
 * A page of the chat's own server.
 * @param {Pick<Scene, 'texts' | 'language' | 'base'>} scene
 * @param {string} path
 * @param {string} text
 * @param {string} [name]
 */
export function pageLink(scene, path, text, name) {
  const url = new URL(path, scene.base);
  if (!url.search) url.searchParams.set('lang', scene.language);
  return newTab(scene, url.href, text, name);
}
