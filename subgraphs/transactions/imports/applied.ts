import type { ImportProblem } from './store-problems.ts';

/** What became of rows that left the stage. */
export interface Applied {
  /** The last entry that has left it. */
  readonly entry: number;
  readonly rowsApplied: number;
  readonly rowsRefused: number;
  readonly made: number;
  /** What was there before and stays as it is. */
  readonly known: number;
  readonly problems: readonly ImportProblem[];
}
