import { CrossfootError } from '#kernel/errors';

/** Which state of a bank line may follow which. */
export const lineTransitions = {
  UNMATCHED: ['SUGGESTED', 'MATCHED', 'EXCEPTION', 'BOOKED'],
  SUGGESTED: ['UNMATCHED', 'MATCHED', 'EXCEPTION', 'BOOKED'],
  EXCEPTION: ['UNMATCHED', 'SUGGESTED', 'MATCHED', 'BOOKED'],
  MATCHED: ['UNMATCHED', 'SUGGESTED'],
  BOOKED: ['UNMATCHED', 'EXCEPTION'],
} as const satisfies Record<string, readonly string[]>;

/** One state of a bank line. */
export type LineStatus = keyof typeof lineTransitions;

/** Which state of a match may follow which; DECLINED and UNDONE are final. */
export const matchTransitions = {
  SUGGESTED: ['ACCEPTED', 'DECLINED'],
  ACCEPTED: ['UNDONE', 'SUGGESTED'],
  DECLINED: [],
  UNDONE: [],
} as const satisfies Record<string, readonly string[]>;

/** One state of a match. */
export type MatchStatus = keyof typeof matchTransitions;

/** Which state of an exception may follow which. */
export const exceptionTransitions = { OPEN: ['RESOLVED'], RESOLVED: [] } as const satisfies Record<
  string,
  readonly string[]
>;

/** Which state of a bank statement may follow which. */
export const statementTransitions = { QUARANTINED: ['IMPORTED'], IMPORTED: [] } as const satisfies Record<
  string,
  readonly string[]
>;

/** Refuses a step its table does not have, with STATE_CONFLICT. */
export function advance<Table extends Readonly<Record<string, readonly string[]>>>(
  what: string,
  table: Table,
  step: { from: string; to: keyof Table & string },
): void {
  if (!table[step.from]?.includes(step.to)) {
    throw new CrossfootError('STATE_CONFLICT', `${what} that is ${step.from} cannot become ${step.to}`);
  }
}
