// @ts-check

/**
 * @template T
 * @typedef {object} Entry
 * @property {string} key
 * @property {string} looks what the element shows: the same looks, the same element
 * @property {T} item
 */

/** @type {WeakMap<Element, Map<string, { looks: string, element: HTMLElement }>>} */
const shownIn = new WeakMap();

/**
 * Shows a list in a container and makes anew only what looks different from before, so that focus, selection and
 * scrolling stay where they are while events come in.
 * @template T
 * @param {HTMLElement} container
 * @param {Entry<T>[]} entries
 * @param {(item: T) => HTMLElement} render
 */
export function showKeyed(container, entries, render) {
  const before = shownIn.get(container) ?? new Map();
  const now = new Map();
  const focused = document.activeElement?.closest('[data-key]')?.getAttribute('data-key');
  const hadFocus = container.contains(document.activeElement);
  for (const { key, looks, item } of entries) {
    const old = before.get(key);
    const entry = old?.looks === looks ? old : { looks, element: render(item) };
    entry.element.dataset['key'] = key;
    now.set(key, entry);
  }
  const elements = [...now.values()].map(({ element }) => element);
  const kept = new Set(elements);
  for (const { element } of before.values()) if (!kept.has(element)) element.remove();
  elements.forEach((element, index) => {
    const there = container.children[index];
    if (there !== element) container.insertBefore(element, there ?? null);
  });
  shownIn.set(container, now);
  if (hadFocus && focused && !container.contains(document.activeElement)) now.get(focused)?.element.focus();
}
