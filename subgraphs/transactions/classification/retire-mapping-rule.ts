import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { id } from '#kernel/input';

/** Takes a rule out of force; what it decided before stays explained by it. */
export const retireMappingRule = command({
  name: 'retireMappingRule',
  description: 'Takes a rule out of force; what it decided before stays as it is.',
  scope: 'transactions:write',
  input: z.object({ mappingRuleId: id() }),
  async run(transaction, { mappingRuleId }) {
    const rule = await transaction.require<{ active: boolean }>(
      `There is no mapping rule ${mappingRuleId}`,
      'select active from transactions.mapping_rule where id = $1 for update',
      [mappingRuleId],
    );
    if (!rule.active) {
      const message = `Mapping rule ${mappingRuleId} is out of force already`;
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['mappingRuleId'] });
    }
    await transaction.query(
      'update transactions.mapping_rule set active = false, retired_at = $2 where id = $1',
      [mappingRuleId, transaction.now],
    );
    transaction.audit({
      subjectType: 'MappingRule',
      subjectId: mappingRuleId,
      before: { active: true },
      after: { active: false },
    });
    return { mappingRuleId };
  },
});
