// @ts-check
// Descriptions of nodes, and the page's nodes made equal to them. Text is only ever added as text.

/**
 * @typedef {string | number | boolean | null | undefined} Value `true` is an empty attribute; false, null and undefined are none.
 *
 * @typedef {object} Drawn One element as it should be.
 * @property {string} tag
 * @property {Record<string, Value>} attributes
 * @property {(Drawn | string)[]} children
 * @property {string} [key] tells it from its brothers when some come and go; it is then the same node on the page
 */

/** @type {WeakMap<Node, { name: string, attributes: Record<string, Value> }>} */
const shown = new WeakMap();

/**
 * Describe an element. Children that are null or false are left out.
 * @param {string} tag
 * @param {Record<string, Value>} [attributes] `key` is the key of the description, not an attribute
 * @param {(Drawn | string | null | undefined | false)[]} children
 * @returns {Drawn}
 */
export function h(tag, { key, ...attributes } = {}, ...children) {
  const kept = /** @type {(Drawn | string)[]} */ (children.filter((child) => child != null && child !== false && child !== ''));
  return { tag, attributes, children: kept, ...(key == null ? {} : { key: String(key) }) };
}

/**
 * Make the children of a node equal to what is described. What is there already stays the same node, so that focus,
 * typed text and scroll positions are kept and only what is new is announced.
 * @param {ParentNode & Node} parent
 * @param {(Drawn | string)[]} children
 */
export function patch(parent, children) {
  const old = new Map([...parent.childNodes].map((node) => [shown.get(node)?.name, node]));
  const names = naming();
  const nodes = children.map((child) => {
    const name = names(child);
    const node = old.get(name) ?? make(child, name);
    old.delete(name);
    update(node, child);
    return node;
  });
  old.forEach((node) => parent.removeChild(node));
  nodes.forEach((node, place) => {
    if (parent.childNodes[place] !== node) parent.insertBefore(node, parent.childNodes[place] ?? null);
  });
}

/** By its key, or as the third div of its parent. */
function naming() {
  /** @type {Record<string, number>} */
  const count = {};
  return (/** @type {Drawn | string} */ child) => {
    const tag = typeof child === 'string' ? '' : child.tag;
    if (typeof child !== 'string' && child.key) return `${tag} ${child.key}`;
    count[tag] = (count[tag] ?? 0) + 1;
    return `${tag}#${count[tag]}`;
  };
}

/**
 * @param {Drawn | string} child
 * @param {string} name
 * @returns {ChildNode}
 */
function make(child, name) {
  const node = typeof child === 'string' ? document.createTextNode('') : element(child.tag);
  shown.set(node, { name, attributes: {} });
  return node;
}

/** @param {string} tag */
function element(tag) {
  return tag === 'svg' || tag === 'path' ? document.createElementNS('http://www.w3.org/2000/svg', tag) : document.createElement(tag);
}

/**
 * @param {ChildNode} node
 * @param {Drawn | string} child
 */
function update(node, child) {
  if (typeof child === 'string') {
    if (node.textContent !== child) node.textContent = child;
    return;
  }
  setAttributes(/** @type {Element} */ (node), child.attributes);
  patch(/** @type {Element} */ (node), child.children);
}

/**
 * Only what the description names or has named: `open` of a dialog belongs to the browser.
 * @param {Element} element
 * @param {Record<string, Value>} attributes
 */
function setAttributes(element, attributes) {
  const last = /** @type {{ attributes: Record<string, Value> }} */ (shown.get(element));
  for (const name of Object.keys({ ...last.attributes, ...attributes })) {
    const value = attributes[name];
    if (value === last.attributes[name]) continue;
    if (value == null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  last.attributes = attributes;
}
