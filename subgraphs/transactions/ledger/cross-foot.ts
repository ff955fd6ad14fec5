import { formatMoney } from '#kernel/money';
import { balanceInvariants } from './validate-balances.ts';
import { documentInvariants } from './validate-documents.ts';
import { entryInvariants } from './validate-entries.ts';
import { subledgerInvariants } from './validate-subledgers.ts';
import {
  mostFound,
  type EvidenceRow,
  type FindingSeverity,
  type FoundRow,
  type Invariant,
} from './validate-invariant.ts';

/** Everything that must hold inside the books of one organisation, in the order in which it is asked. */
export const invariants: readonly Invariant[] = [
  ...entryInvariants,
  ...documentInvariants,
  ...subledgerInvariants,
  ...balanceInvariants,
];

/** A place where the books part from what must hold. */
export interface Discrepancy {
  readonly invariant: string;
  readonly severity: FindingSeverity;
  readonly subjectType: string;
  readonly subjectId: string;
  /** Tells places of one subject apart. */
  readonly part: string;
  readonly detail: string;
  readonly expected: string;
  readonly found: string;
  /** Found less expected, in minor units as text; only where both are amounts. */
  readonly difference?: { readonly minor: string; readonly currency: string } | undefined;
  readonly evidence: readonly EvidenceRow[];
}

/** Runs a statement and answers its rows. */
export type RowsOf = <Row extends object>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/** What of a book to look at. */
export interface Extent {
  readonly organisationId: string;
  readonly bookId: string;
  /** Entries from this id on; all of them when left out. */
  readonly since?: string;
  /** Earlier entries to look at besides. */
  readonly besides?: readonly string[];
}

/**
 * Asks invariants of a book; answers where they do not hold, at most `mostFound` places for each. The continuous
 * validation and the doctor both ask by this.
 */
export async function crossFoot(
  rowsOf: RowsOf,
  extent: Extent,
  asked: readonly Invariant[] = invariants,
): Promise<Discrepancy[]> {
  const found: Discrepancy[] = [];
  const { organisationId, bookId, since = '', besides = [] } = extent;
  for (const invariant of asked) {
    const values = [organisationId, bookId, ...(invariant.reach === 'ENTRIES' ? [since, besides] : [])];
    const rows = await rowsOf<FoundRow>(
      `select * from (${invariant.sql}) as parted order by subject_id, part limit ${mostFound}`,
      values,
    );
    found.push(...rows.map((row) => discrepancy(invariant, row)));
  }
  return found;
}

function discrepancy({ code, severity }: Invariant, row: FoundRow): Discrepancy {
  const { currency } = row;
  const shown = (text: string): string =>
    currency === null ? text : `${formatMoney({ minor: BigInt(text), currency })} ${currency}`;
  const [expected, found] = [shown(row.expected), shown(row.found)];
  return {
    invariant: code,
    severity,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    part: row.part,
    detail: `${row.detail}: expected ${expected}, found ${found}.`,
    expected,
    found,
    difference:
      currency === null ? undefined : { minor: String(BigInt(row.found) - BigInt(row.expected)), currency },
    evidence: row.evidence ?? [],
  };
}
