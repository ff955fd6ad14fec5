/** Defines an element once; a second copy of the bundle on the page leaves the first definition alone. */
export function define(tag: string, element: CustomElementConstructor): void {
  if (!customElements.get(tag)) customElements.define(tag, element);
}
