import type { PersonName, SimulatedMatch } from './simulated-entities.ts';

/** An amount as the API writes it. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

/** A bank line as the simulated gateway keeps it. */
export interface SimulatedLine {
  readonly id: string;
  readonly bookedOn: string;
  readonly amount: Money;
  bookedAccountCode: string | null;
  memo: string | null;
  exceptionReason: string | null;
  [field: string]: unknown;
}

/** An open item as the simulated gateway keeps it. */
export interface SimulatedItem {
  readonly id: string;
  readonly counterpartyName: string | null;
  readonly amount: Money;
  open: Money;
  [field: string]: unknown;
}

interface Decision {
  readonly match?: unknown;
  readonly errors: readonly unknown[];
}

/** What the bank side needs of the books around it. */
export interface Books {
  readonly matches: SimulatedMatch[];
  readonly calls: { command: string; by: PersonName; input: Record<string, unknown> }[];
  tell(topic: string, change: string, value: unknown): void;
  decideMatch(command: string, input: Record<string, unknown>, by: PersonName): Decision;
}

/** What a mutation is given. */
export type Input = Record<string, unknown>;

/** Who calls. */
export interface Viewer {
  readonly viewer: PersonName;
}

/** A payload that says no. */
export interface Refusal {
  readonly errors: { code: string; message: string; remedy: string; path: string[] }[];
}

/** A payload that says no, and why. */
export function refusal(code: string, message: string): Refusal {
  return { errors: [{ code, message, remedy: 'Look at it again.', path: [] }] };
}
