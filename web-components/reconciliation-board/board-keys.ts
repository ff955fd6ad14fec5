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
  | 'comment'
  | 'resolve'
  | 'ask'
  | 'take-over'
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
  c: 'comment',
  r: 'resolve',
  q: 'ask',
  o: 'take-over',
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

/** Which of the offers a key press names: "1" is the first; undefined for every other key. */
export function offerOf(event: KeyboardEvent): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return undefined;
  const target = event.composedPath()[0];
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return undefined;
  return Number(event.key) - 1;
}

interface KeyGroup {
  readonly title: string;
  readonly keys: readonly (readonly [keys: readonly string[], does: string])[];
}

const help: readonly KeyGroup[] = [
  {
    title: 'Decide',
    keys: [
      [['A'], 'Accept the suggestion'],
      [['1', '…', '9'], 'Do what carries the number: a way out, or a candidate'],
      [['S'], 'Split the line over several items'],
      [['M'], 'Merge the marked lines into one match'],
      [['E'], 'Create an entry for the line'],
      [['D'], 'Decline the suggestion with a reason'],
      [['U'], 'Accept all sure suggestions'],
      [['Z'], 'Undo what was done last'],
    ],
  },
  {
    title: 'Exceptions',
    keys: [
      [['Q'], 'Ask the other side'],
      [['C'], 'Comment'],
      [['O'], 'Look after it yourself'],
      [['R'], 'Close it in your own words'],
    ],
  },
  {
    title: 'Move',
    keys: [
      [['J', '↓'], 'Next line'],
      [['K', '↑'], 'Previous line'],
      [['Home', 'End'], 'First and last line'],
      [['Space', 'X'], 'Mark or unmark the line'],
      [['Shift J', 'Shift ↓'], 'Mark on the way'],
      [['/'], 'Search all lines'],
      [['Esc'], 'Leave, unmark'],
      [['?'], 'This help'],
    ],
  },
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
    <div class="key-groups">${help.map(keyGroup)}</div>
  </dialog>`;
}

function keyGroup({ title, keys }: KeyGroup): TemplateResult {
  return html`<section>
    <h4>${title}</h4>
    <dl>
      ${keys.map(
        ([names, does]) =>
          html`<div>
            <dt>${does}</dt>
            <dd>${names.map((key) => html`<kbd>${key}</kbd>`)}</dd>
          </div>`,
      )}
    </dl>
  </section>`;
}
