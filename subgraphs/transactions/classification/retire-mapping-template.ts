import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { loadVersion } from './load-templates.ts';
import { advanceTemplate } from './template-status.ts';

/** Takes a version out of use; what it decided stays explained by it. */
export const retireMappingTemplate = command({
  name: 'retireMappingTemplate',
  description: 'Takes a template version out of use; what it decided before stays as it is.',
  scope: 'transactions:post',
  input: z.object({ versionId: id() }),
  async run(transaction, { versionId }) {
    const version = await loadVersion(transaction, versionId);
    const status = advanceTemplate(versionId, version.status, 'RETIRED');
    await transaction.query(
      'update transactions.mapping_template_version set status = $2, retired_at = $3 where id = $1',
      [versionId, status, transaction.now],
    );
    transaction.audit({
      subjectType: 'MappingTemplate',
      subjectId: version.templateId,
      before: { versionId, status: version.status },
      after: { versionId, number: version.number, status },
    });
    return { versionId };
  },
});
