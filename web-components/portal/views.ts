/**
 * Shows the view the address names, the first one when it names none, and marks its link. The element of a view is put
 * into it when the view is first opened, so that a page loads only what is looked at.
 */
export function showViews(links: HTMLElement, elements: Readonly<Record<string, string>>): void {
  const all = Array.from(links.querySelectorAll('a'), (link) => ({ link, id: link.hash.slice(1) }));
  const show = (): void => {
    const wanted = location.hash.slice(1);
    const shown = all.some(({ id }) => id === wanted) ? wanted : all[0]?.id;
    for (const { link, id } of all) {
      const view = document.getElementById(id);
      const element = elements[id];
      if (!view) continue;
      view.hidden = id !== shown;
      link.ariaCurrent = id === shown ? 'page' : null;
      if (id === shown && element && !view.querySelector(element))
        view.append(document.createElement(element));
    }
  };
  addEventListener('hashchange', show);
  show();
}
