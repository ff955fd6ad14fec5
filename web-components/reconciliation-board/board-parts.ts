import type { VirtualWindow } from '../base/virtual-window.ts';
import type { BoardActions } from './board-actions.ts';
import type { BoardDesk } from './board-desk.ts';
import type { BookingAccount } from './board-forms.ts';
import type { BoardCommand } from './board-keys.ts';
import type { BoardList, FilterName } from './board-list.ts';

/** What the parts of the board are drawn from, and what they ask of it. */
export interface BoardParts {
  readonly list: BoardList;
  readonly desk: BoardDesk;
  readonly actions: BoardActions;
  readonly window: VirtualWindow;
  readonly locale: string;
  /** The accounts the page has given. */
  readonly accounts: readonly BookingAccount[];
  readonly run: (command: BoardCommand) => void;
  readonly leave: () => void;
  readonly take: (candidate: number) => void;
  readonly find: (text: string) => void;
  readonly choose: (filter: FilterName) => void;
  readonly onClick: (event: MouseEvent) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}
