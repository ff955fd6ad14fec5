import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, id, text } from '#kernel/input';
import { activate } from './activate-mapping-template.ts';
import { loadVersion } from './load-templates.ts';

/** Makes an earlier version decide again, which was approved and active before. */
export const rollBackMappingTemplate = command({
  name: 'rollBackMappingTemplate',
  description:
    'Makes an earlier version of a template decide again, in place of the present one: the one that was active before it, unless a number is given.',
  scope: 'transactions:post',
  input: z.object({
    templateId: id(),
    number: z.int().min(1).optional().meta({ description: 'The number of the version to go back to.' }),
    startsOn: date()
      .optional()
      .meta({ graphql: 'Date', description: 'Its first day; all days when left out.' }),
    reason: text(2_000).meta({ description: 'Kept in the audit log.' }),
  }),
  async run(transaction, { templateId, number, startsOn, reason }) {
    const versionId = await versionToReturnTo(transaction, templateId, number);
    const version = await loadVersion(transaction, versionId);
    // A version that ended early in favour of a later one is still active for its days; it comes back like a retired one.
    await activate(transaction, { ...version, status: 'RETIRED' }, { from: startsOn, until: undefined });
    transaction.audit({
      subjectType: 'MappingTemplate',
      subjectId: templateId,
      after: { rolledBackTo: version.number, versionId, reason },
    });
    return { templateId, versionId };
  },
});

async function versionToReturnTo(
  transaction: Transaction,
  templateId: string,
  number: number | undefined,
): Promise<string> {
  const earlier = await transaction.query<{ id: string; number: number }>(
    `select id, number from transactions.mapping_template_version
      where template_id = $1 and activated_at is not null order by activated_at desc, number desc`,
    [templateId],
  );
  const found = number === undefined ? earlier[1] : earlier.find((one) => one.number === number);
  if (found) return found.id;
  const message =
    number === undefined
      ? 'The template has no earlier version that was active'
      : `Version ${number} of the template was never active`;
  throw new CrossfootError('NOT_FOUND', message, { path: ['number'] });
}
