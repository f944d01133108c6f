import type { Html } from '../../view/html.ts';

/**
 * Brings an element's content up to date and touches nothing that stays the same: focus, selection and scrolling are
 * kept, and a screen reader that reads a table is not thrown out of it.
 */
export function patch(target: Element, content: Html): void {
  const template = document.createElement('template');
  template.innerHTML = content.markup;
  patchChildren(target, template.content);
}

function patchChildren(old: Node, fresh: Node): void {
  const before = [...old.childNodes];
  const after = [...fresh.childNodes];
  after.forEach((node, index) => {
    const was = before[index];
    if (was === undefined) old.appendChild(node);
    else patchNode(was, node);
  });
  for (const left of before.slice(after.length)) left.remove();
}

function patchNode(old: ChildNode, fresh: ChildNode): void {
  if (old.nodeName !== fresh.nodeName) old.replaceWith(fresh);
  else if (old instanceof Element && fresh instanceof Element) {
    patchAttributes(old, fresh);
    patchChildren(old, fresh);
  } else if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
}

function patchAttributes(old: Element, fresh: Element): void {
  for (const name of old.getAttributeNames()) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}
