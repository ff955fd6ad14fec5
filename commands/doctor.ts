import pg from 'pg';
import type { Config } from '#kernel/config';
import { withExistingDatabase, type ExistingDatabase } from './existing-database.ts';
import { bookChecks } from './doctor/book-checks.ts';
import type { Check, Finding, OwnerQuery, Patient } from './doctor/check.ts';
import { databaseChecks } from './doctor/database-checks.ts';
import { eventChecks } from './doctor/event-checks.ts';
import { fileChecks } from './doctor/file-checks.ts';
import { tenancyChecks } from './doctor/tenancy-checks.ts';

const checks: readonly Check[] = [
  ...databaseChecks,
  ...tenancyChecks,
  ...bookChecks,
  ...eventChecks,
  ...fileChecks,
];

/** Checks the invariants of the installation, one line each; the exit code is 1 when one does not hold. */
export async function doctor(config: Config): Promise<void> {
  const failed = await withExistingDatabase(config, (existing) =>
    examine(config, existing, (line) => process.stdout.write(`${line}\n`)),
  );
  process.stdout.write(failed === 0 ? 'all is well\n' : `${failed} of ${checks.length} checks failed\n`);
  if (failed > 0) process.exitCode = 1;
}

/** Runs every check over a database and prints a line for each; answers how many failed. */
export async function examine(
  config: Config,
  { database, atRest }: ExistingDatabase,
  print: (line: string) => void,
): Promise<number> {
  let failed = 0;
  const owner = await connectOwner(database.ownerUrl);
  try {
    for (const check of checks) {
      const finding = await examined(check, { config, database, atRest, query: owner.query });
      if (finding.problems.length > 0) failed += 1;
      print(report(check, finding));
    }
  } finally {
    await owner.end();
  }
  return failed;
}

async function connectOwner(url: string): Promise<{ query: OwnerQuery; end(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url, application_name: 'crossfoot_doctor' });
  await client.connect();
  // A role that must not see all rows gets an error instead of fewer rows.
  await client.query('set row_security = off');
  const query: OwnerQuery = async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
    (await client.query<Row>(sql, [...values])).rows;
  return { query, end: () => client.end() };
}

/** A check that cannot be made has failed: nobody knows whether its invariant holds. */
async function examined(check: Check, patient: Patient): Promise<Finding> {
  try {
    return await check.examine(patient);
  } catch (error) {
    return { problems: [`could not be checked: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

function report({ name, remedy }: Check, { problems, seen }: Finding): string {
  if (problems.length === 0) return `ok      ${name}${seen ? ` (${seen})` : ''}`;
  return [`FAILED  ${name}`, ...problems.map((one) => `        ${one}`), `        -> ${remedy}`].join('\n');
}
