// @ts-check

/** @typedef {Node | string | number | undefined | false | null} Child */
/** @typedef {Record<string, string | number | boolean | undefined | ((event: any) => void)>} Props */

/**
 * An element. Texts become text nodes, so that nothing which comes from outside is ever read as HTML; functions listen
 * to the event of their name; false and undefined leave an attribute out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Props} props
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  setProps(element, props);
  element.append(...toNodes(children));
  return element;
}

/**
 * @param {string} tag
 * @param {Props} props
 * @param {...(Child | Child[])} children
 * @returns {SVGElement}
 */
export function svg(tag, props, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setProps(element, props);
  element.append(...toNodes(children));
  return element;
}

/**
 * A link, if the address is one of the web; else its text.
 * @param {unknown} address
 * @param {string} text
 * @returns {HTMLElement}
 */
export function webLink(address, text) {
  const isWeb = typeof address === 'string' && /^https?:\/\//i.test(address) && URL.canParse(address);
  if (!isWeb) return h('span', {}, text);
  return h(
    'a',
    { href: address, target: '_blank', rel: 'noopener noreferrer' },
    text,
    h('span', { class: 'out' }, ' ↗'),
  );
}

/** Characters that turn the direction of the text after them, so that it reads otherwise than it is. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * Text from outside, whose direction of writing does not spill over to what stands beside it.
 * @param {string} value
 * @param {Props} [props]
 */
export const outside = (value, props = {}) => h('bdi', props, value.replace(TURNS, toEscape));

/** @param {string} character */
const toEscape = (character) => `\\u${character.charCodeAt(0).toString(16)}`;

/**
 * Styles that come of figures. Set here, they are no inline style of the document, which the policy refuses.
 * @template {HTMLElement | SVGElement} T
 * @param {T} element
 * @param {Record<string, string>} styles
 * @returns {T}
 */
export function style(element, styles) {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
  return element;
}

/**
 * @param {Element} element
 * @param {Props} props
 */
function setProps(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** @param {(Child | Child[])[]} children */
const toNodes = (children) =>
  children
    .flat()
    .filter((child) => child !== undefined && child !== false && child !== null && child !== '')
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
