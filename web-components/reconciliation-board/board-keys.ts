import { html, type TemplateResult } from 'lit';

/** What a key can do on the board. */
export type BoardCommand =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'page-down'
  | 'page-up'
  | 'mark'
  | 'accept'
  | 'split'
  | 'merge'
  | 'book'
  | 'decline'
  | 'undo'
  | 'bulk'
  | 'search'
  | 'help'
  | 'leave';

const commands: Readonly<Record<string, BoardCommand>> = {
  j: 'next',
  arrowdown: 'next',
  k: 'previous',
  arrowup: 'previous',
  home: 'first',
  end: 'last',
  pagedown: 'page-down',
  pageup: 'page-up',
  ' ': 'mark',
  x: 'mark',
  a: 'accept',
  s: 'split',
  m: 'merge',
  e: 'book',
  d: 'decline',
  z: 'undo',
  u: 'bulk',
  '/': 'search',
  '?': 'help',
  escape: 'leave',
};

const movements = new Set<BoardCommand>([
  'next',
  'previous',
  'first',
  'last',
  'page-down',
  'page-up',
  'mark',
]);

/** What a key press means on the board; undefined when it is none of the board's business. */
export function commandOf(event: KeyboardEvent): BoardCommand | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const command = commands[event.key.toLowerCase()];
  const target = event.composedPath()[0];
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
    return command === 'leave' ? command : undefined;
  }
  // Space and arrows on a button, or in a part that scrolls, keep the meaning they have everywhere.
  const inList = target instanceof Element && target.getAttribute('role') === 'listbox';
  const letter = /^[a-z]$/i.test(event.key);
  return command && movements.has(command) && !inList && !letter ? undefined : command;
}

/** Which of the candidates a key press names: "1" is the first; undefined for every other key. */
export function candidateOf(event: KeyboardEvent): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return undefined;
  const target = event.composedPath()[0];
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return undefined;
  return Number(event.key) - 1;
}

const help: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['J', '↓'], 'Next line'],
  [['K', '↑'], 'Previous line'],
  [['Space', 'X'], 'Mark or unmark the line'],
  [['Shift J', 'Shift ↓'], 'Mark on the way'],
  [['A'], 'Accept the suggestion'],
  [['1', '…', '9'], 'Take a candidate'],
  [['S'], 'Split the line over several items'],
  [['M'], 'Merge the marked lines into one match'],
  [['E'], 'Create an entry for the line'],
  [['D'], 'Decline the suggestion with a reason'],
  [['U'], 'Accept all sure suggestions'],
  [['Z'], 'Undo what was done last'],
  [['/'], 'Search'],
  [['Home', 'End'], 'First and last line'],
  [['Esc'], 'Leave, unmark'],
  [['?'], 'This help'],
];

/** The keys of the board and what they do. */
export function keyHelp(close: () => void): TemplateResult {
  return html`<dialog class="help" aria-labelledby="help-title" part="help" @close=${close}>
    <header>
      <h3 id="help-title">Keys</h3>
      <form method="dialog">
        <button type="submit" class="plain">Close <kbd>Esc</kbd></button>
      </form>
    </header>
    <dl>
      ${help.map(
        ([keys, does]) =>
          html`<div>
            <dt>${does}</dt>
            <dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd>
          </div>`,
      )}
    </dl>
  </dialog>`;
}
