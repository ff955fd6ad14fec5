import type { CrossfootClient } from '../client/client.ts';
import type { BoardLine, LineStatus } from './board.operations.ts';
import type { Deed } from './decisions.ts';

/** What the side beside the list is used for. */
export type Mode =
  | 'look'
  | 'compose'
  | 'decline'
  | 'book'
  | 'bulk'
  | 'help'
  | 'comment'
  | 'resolve'
  | 'ask'
  | 'rule'
  | 'account';

/** What is told to the page about decided lines. */
export interface Decided {
  readonly verdict: Deed['verdict'] | 'undo';
  readonly lines: readonly string[];
}

/** A decision about lines that is shown at once and goes back when it is refused. */
export interface Change {
  readonly lines: readonly BoardLine[];
  /** The state the lines are shown in meanwhile; without one they stay where they are. */
  readonly becomes?: LineStatus;
  readonly run: (client: CrossfootClient) => Promise<Deed>;
}
