import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { compileTemplate } from './compile-template.ts';
import { loadVersion } from './load-templates.ts';
import { advanceTemplate } from './template-status.ts';
import { runTemplateTests, testErrors, untestedRules } from './test-template.ts';

/** Runs the tests a version brings; it is TESTED when it has some and all pass. */
export const testMappingTemplate = command({
  name: 'testMappingTemplate',
  description: 'Runs the tests a template version brings with it; the version is TESTED when all pass.',
  scope: 'transactions:write',
  input: z.object({ versionId: id() }),
  async run(transaction, { versionId }) {
    const version = await loadVersion(transaction, versionId);
    const results = runTemplateTests(version.content, compileTemplate(version.content, version.contentHash));
    const errors = testErrors(results);
    for (const error of errors) transaction.report(error);
    const passed = errors.length === 0;
    if (passed && version.status === 'DRAFT') {
      const status = advanceTemplate(versionId, version.status, 'TESTED');
      await transaction.query(
        'update transactions.mapping_template_version set status = $2, tested_at = $3 where id = $1',
        [versionId, status, transaction.now],
      );
    }
    transaction.audit({
      subjectType: 'MappingTemplate',
      subjectId: version.templateId,
      after: { versionId, number: version.number, tests: results.length, failed: errors.length },
    });
    return { versionId, passed, results, untestedRules: untestedRules(version.content, results) };
  },
});
