import type { Html } from '../../view/html.ts';

/** An element that the page is known to have. @throws Error where the page and its code do not belong together */
export function element<E extends HTMLElement>(id: string, type: abstract new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`Expected an element "${id}" on the page but found none.`);
  return found;
}

/** What is written with `html` is escaped: it is safe to put into the page. */
export function fill(target: Element, content: Html): void {
  target.innerHTML = content.markup;
}

/** A whole element out of markup with one element at its top. */
export function build(content: Html): HTMLElement {
  const template = document.createElement('template');
  template.innerHTML = content.markup.trim();
  const first = template.content.firstElementChild;
  if (!(first instanceof HTMLElement)) throw new Error('Expected markup with one element at its top.');
  return first;
}

/** Calls back when something with this name in `data-action` is clicked within the element. */
export function onAction(within: HTMLElement, actions: Readonly<Record<string, () => void>>): void {
  within.addEventListener('click', (event) => {
    const target =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-action]') : null;
    actions[target?.dataset.action ?? '']?.();
  });
}

/** An element within another. @throws Error where there is none of this kind */
export function part<E extends HTMLElement>(
  within: HTMLElement,
  selector: string,
  type: abstract new () => E,
): E {
  const found = within.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`Expected "${selector}" in an element but found none.`);
  return found;
}
