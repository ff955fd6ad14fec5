import type { Config } from '#kernel/config';
import { verifyInstallation, type OrganisationVerification } from '../subgraphs/audit/verify-installation.ts';
import { withExistingDatabase } from './existing-database.ts';

/** Recomputes every audit chain straight from the database, one line an organisation; exit code 1 when one is broken. */
export async function verifyAuditOfInstallation(config: Config): Promise<void> {
  const found = await withExistingDatabase(config, ({ database }) => verifyInstallation(database.ownerUrl));
  for (const one of found) process.stdout.write(`${lineOf(one)}\n`);
  if (found.length === 0) process.stdout.write('there is no organisation yet\n');
  if (found.some((one) => !one.valid)) process.exitCode = 1;
}

function lineOf({
  organisationId,
  valid,
  records,
  headHash,
  firstBroken,
  problem,
  unsealed,
}: OrganisationVerification) {
  const waiting = unsealed > 0 ? `, ${unsealed} waiting to be sealed` : '';
  return valid
    ? `ok      ${organisationId}: ${records} records, head ${headHash ?? 'none'}${waiting}`
    : `BROKEN  ${organisationId}: record ${firstBroken ?? '?'}: ${problem ?? 'the chain does not verify'}${waiting}`;
}
