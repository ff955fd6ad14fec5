import type { Config } from '#kernel/config';
import type { Database } from '#kernel/database';

/** Runs SQL as the owner of the database, with no row hidden. */
export type OwnerQuery = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<Row[]>;

/** What the doctor examines. */
export interface Patient {
  readonly config: Config;
  readonly database: Database;
  readonly query: OwnerQuery;
  /** True when no other part of the installation can be running: then waiting work is nobody's fault. */
  readonly atRest: boolean;
}

/** What a check found: nothing wrong, or each thing that is, in a sentence; and how much it looked at. */
export interface Finding {
  readonly problems: readonly string[];
  /** For example `312 entries`. */
  readonly seen?: string;
}

/** One invariant of an installation. */
export interface Check {
  /** The invariant as a sentence that is true when all is well. */
  readonly name: string;
  /** What to do when it is not. */
  readonly remedy: string;
  examine(patient: Patient): Promise<Finding>;
}

const mostShown = 10;

/** Runs a statement that selects one text a problem; answers the first few and how many more there are. */
export async function problemsOf(
  query: OwnerQuery,
  sql: string,
  values?: readonly unknown[],
): Promise<string[]> {
  const rows = await query<{ problem: string; total: bigint | string }>(
    `select problem, count(*) over () as total from (${sql}) as found (problem) order by problem limit ${mostShown}`,
    values,
  );
  return rows.map((row) => row.problem).concat(more(Number(rows[0]?.total ?? 0)));
}

/** The first few of a list of problems and how many more there are. */
export function firstOf(problems: readonly string[]): string[] {
  return [...problems.slice(0, mostShown), ...more(problems.length)];
}

function more(total: number): string[] {
  return total > mostShown ? [`and ${total - mostShown} more`] : [];
}
