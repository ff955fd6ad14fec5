import { invariants } from './cross-foot.ts';

const remedies = new Map(invariants.map(({ code, remedy }) => [code, remedy]));

/** What to do where an invariant does not hold. */
export function remedyOf(code: string): string {
  return remedies.get(code) ?? 'Look at the evidence and correct the book that is wrong.';
}
