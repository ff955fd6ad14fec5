import { userError, type ErrorCode } from '#kernel/errors';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import { TaxRoleEnum } from '../tax/schema.ts';
import type { LineTax } from './entry.ts';
import * as load from './loaders.ts';
import { overrideTax } from './override-tax.ts';
import { DraftLineType, DraftType } from './schema-drafts.ts';
import { JournalLineType } from './schema-journal.ts';

const taxCode = {
  nullable: true,
  description: 'The tax code it is base or tax of.',
} as const;
const taxRole = { type: TaxRoleEnum, nullable: true, description: 'Its part in that tax.' } as const;

graph.builder.objectFields(DraftLineType, (t) => ({
  taxCode: t.exposeString('taxCode', taxCode),
  taxRole: t.field({ ...taxRole, resolve: (row) => row.taxRole as LineTax['role'] | null }),
}));

graph.builder.objectFields(JournalLineType, (t) => ({
  taxCode: t.exposeString('taxCode', taxCode),
  taxRole: t.field({ ...taxRole, resolve: (row) => row.taxRole as LineTax['role'] | null }),
}));

graph.builder.objectFields(DraftType, (t) => ({
  findings: t.field({
    type: [graph.userError],
    description: 'What somebody should look at before it is approved, such as a tax that differs.',
    resolve: (row) => row.findings.map(({ code, message }) => userError(code as ErrorCode, message)),
  }),
}));

mutation(
  graph,
  { ...overrideTax, views: ['partner', 'portal'] },
  {
    draft: {
      type: DraftType,
      description: 'The draft as it is now.',
      resolve: (result, context) => load.draftById(context).load(result.draftId),
    },
  },
);
