import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id, text } from '#kernel/input';
import { loadVersion } from './load-templates.ts';
import { advanceTemplate } from './template-status.ts';

/** Approves a tested version; whoever wrote it cannot. */
export const approveMappingTemplate = command({
  name: 'approveMappingTemplate',
  description: 'Approves a tested template version; somebody other than its author must.',
  scope: 'approvals:decide',
  input: z.object({ versionId: id(), comment: text(2_000).optional() }),
  async run(transaction, { versionId, comment }) {
    const version = await loadVersion(transaction, versionId);
    const approver = transaction.actor.memberId ?? transaction.actor.id;
    if (version.authorId === approver) {
      const message = `Version ${version.number} of ${version.name} was written by you`;
      throw new CrossfootError('FOUR_EYES', message, { path: ['versionId'] });
    }
    const status = advanceTemplate(versionId, version.status, 'APPROVED');
    await transaction.query(
      `update transactions.mapping_template_version
          set status = $2, approved_by_id = $3, approved_by_name = $4, approved_at = $5 where id = $1`,
      [versionId, status, approver, transaction.actor.name, transaction.now],
    );
    transaction.audit({
      subjectType: 'MappingTemplate',
      subjectId: version.templateId,
      before: { versionId, status: version.status },
      after: { versionId, number: version.number, status, comment },
    });
    return { versionId };
  },
});
