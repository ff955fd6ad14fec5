const root = document.documentElement;

/** Wires the menu that switches brand and light or dark, and remembers the choice on this device. */
export function chooseTheme(menu: HTMLDetailsElement): void {
  for (const name of ['brand', 'scheme']) {
    const kept = localStorage.getItem(`harbor-desk.${name}`);
    const option =
      kept && menu.querySelector<HTMLInputElement>(`input[name="${name}"][value="${CSS.escape(kept)}"]`);
    if (option) {
      option.checked = true;
      apply(name, kept);
    }
  }
  menu.addEventListener('change', (event) => {
    const { name, value } = event.target as HTMLInputElement;
    localStorage.setItem(`harbor-desk.${name}`, value);
    apply(name, value);
  });
  document.addEventListener('click', (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') menu.open = false;
  });
}

function apply(name: string, value: string): void {
  root.dataset[name] = value;
}
