// @ts-check
// What an open window needs beside the script: its style, its texts, its picture, and what its buttons do.
import { Acts } from './acts.js';
import { panel } from './panel.js';
import { grow, showMore, showNewest } from './scroll.js';
import { Tools } from './tools.js';

export const STYLE = '';
export const TEXTS = /** @type {Record<string, import('./profile.js').Texts>} */ ({});
export const shows = { panel, grow, showMore, showNewest };

/**
 * What is done by the name in `data-act` of a button.
 * @param {import('./acts.js').Chat} chat
 * @returns {(name: string, button: HTMLElement) => void}
 */
export function acts(chat) {
  const all = /** @type {any[]} */ ([new Acts(chat), new Tools(chat)]);
  return (name, button) => all.find((one) => name in one)?.[name](button);
}
