import { z } from 'zod';
import { addDays, type CalendarDate } from '#kernel/calendar';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id } from '#kernel/input';
import { isErrorCode } from '../intake/document.ts';
import { checkTemplateAccounts, type BookAccount } from './check-template-accounts.ts';
import { compileTemplate } from './compile-template.ts';
import { loadVersion, type StoredVersion } from './load-templates.ts';
import { advanceTemplate } from './template-status.ts';

/** Makes an approved version decide, in place of the version before from its first day on. */
export const activateMappingTemplate = command({
  name: 'activateMappingTemplate',
  description:
    'Makes an approved template version decide for documents and transactions of its days, in place of the version before.',
  scope: 'transactions:post',
  input: z.object({
    versionId: id(),
    startsOn: date()
      .optional()
      .meta({ graphql: 'Date', description: 'Its first day; what the template says when left out.' }),
    endsOn: date()
      .optional()
      .meta({ graphql: 'Date', description: 'Its last day; what the template says when left out.' }),
  }),
  async run(transaction, { versionId, startsOn, endsOn }) {
    const version = await loadVersion(transaction, versionId);
    if (version.status === 'RETIRED') {
      const message = `Version ${version.number} of ${version.name} is retired; roll back to it instead`;
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['versionId'] });
    }
    await activate(transaction, version, {
      from: startsOn ?? version.effectiveFrom,
      until: endsOn ?? version.effectiveUntil,
    });
    return { versionId, templateId: version.templateId };
  },
});

/** Days a version decides for; without bound where undefined. */
export interface EffectiveDays {
  readonly from: CalendarDate | undefined;
  readonly until: CalendarDate | undefined;
}

/**
 * Activates a version for its days: versions that were active end the day before, or are retired when nothing of them
 * is left. Throws STATE_CONFLICT, DATE_INVALID, and what is wrong with the accounts it names.
 */
export async function activate(
  transaction: Transaction,
  version: StoredVersion,
  { from, until }: EffectiveDays,
): Promise<void> {
  if (from !== undefined && until !== undefined && until < from) {
    const message = `It would end on ${until}, before it begins on ${from}`;
    throw new CrossfootError('DATE_INVALID', message, { path: ['endsOn'] });
  }
  const status = advanceTemplate(version.id, version.status, 'ACTIVE');
  await refuseWrongAccounts(transaction, version);
  await endOthers(transaction, version, { from, until });
  await transaction.query(
    `update transactions.mapping_template_version
        set status = $2, effective_from = $3, effective_until = $4, activated_at = $5, retired_at = null where id = $1`,
    [version.id, status, from ?? null, until ?? null, transaction.now],
  );
  transaction.audit({
    subjectType: 'MappingTemplate',
    subjectId: version.templateId,
    before: { versionId: version.id, status: version.status },
    after: {
      versionId: version.id,
      number: version.number,
      status,
      effectiveFrom: from,
      effectiveUntil: until,
    },
  });
}

async function refuseWrongAccounts(transaction: Transaction, version: StoredVersion): Promise<void> {
  const accounts = await transaction.query<BookAccount>(
    'select code, type, active from transactions.account where book_id = $1',
    [version.bookId],
  );
  const [first, ...more] = checkTemplateAccounts(
    compileTemplate(version.content, version.contentHash),
    new Map(accounts.map((account) => [account.code, account])),
  );
  if (!first) return;
  for (const error of more) transaction.report(error);
  const code = isErrorCode(first.code) ? first.code : 'TEMPLATE_INVALID';
  throw new CrossfootError(code, first.message, { path: first.path });
}

/** What is active on days of the new version ends before them. */
async function endOthers(
  transaction: Transaction,
  version: StoredVersion,
  { from, until }: EffectiveDays,
): Promise<void> {
  const overlapping = await transaction.query<{ id: string; effective_from: CalendarDate | null }>(
    `select id, effective_from from transactions.mapping_template_version
      where template_id = $1 and id <> $2 and status = 'ACTIVE'
        and daterange(effective_from, effective_until, '[]') && daterange($3::date, $4::date, '[]')`,
    [version.templateId, version.id, from ?? null, until ?? null],
  );
  const ends = overlapping.filter(
    (one) => from !== undefined && (one.effective_from === null || one.effective_from < from),
  );
  const gone = overlapping.filter((one) => !ends.includes(one));
  if (from !== undefined) {
    await transaction.query(
      'update transactions.mapping_template_version set effective_until = $2 where id = any ($1)',
      [ends.map((one) => one.id), addDays(from, -1)],
    );
  }
  await transaction.query(
    `update transactions.mapping_template_version set status = 'RETIRED', retired_at = $2 where id = any ($1)`,
    [gone.map((one) => one.id), transaction.now],
  );
}
