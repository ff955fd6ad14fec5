import { mutation } from '#kernel/graphql-command';
import { record } from '#kernel/graphql-types';
import { byParent } from '#kernel/loaders';
import { graph } from '../graph.ts';
import { bankAccountById } from '../loaders.ts';
import { scope } from '../schema-values.ts';
import { forgetTableProfile } from './forget-table-profile.ts';
import { BankAccountType } from './schema-accounts.ts';
import { TableProfileEntity, type TableProfile } from './table-profile-entity.ts';

const profilesByAccount = byParent(TableProfileEntity, 'bankAccountId', { namedAt: 'desc', id: 'desc' });

interface NamedColumn {
  readonly column: string;
  readonly heading: string;
}

const NamedColumnType = record<NamedColumn>(graph, 'NamedColumn', {
  description: 'What stands in a column of a table.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    column: t.exposeString('column', {
      description: 'What it holds, as fields of CsvMappingInput are called.',
    }),
    heading: t.exposeString('heading', { description: 'Its heading, or its number from 1.' }),
  }),
});

const TableProfileType = record<TableProfile>(graph, 'TableProfile', {
  description: 'How tables of a bank account are read, CSV or XLSX, as somebody said once by a csvMapping.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque, globally unique.' }),
    headings: t.exposeStringList('headings', {
      description:
        'The headings of the tables it is for, in lower case; none for tables whose columns go by number.',
    }),
    columns: t.field({
      type: [NamedColumnType],
      description: 'What stands where.',
      resolve: ({ profile }) =>
        Object.entries(profile.columns).flatMap(([column, heading]) =>
          typeof heading === 'string' ? [{ column, heading }] : [],
        ),
    }),
    namedAt: t.expose('namedAt', { type: 'DateTime', description: 'When the columns were named.' }),
    usedAt: t.expose('usedAt', { type: 'DateTime', description: 'When a table was read so last.' }),
  }),
});

graph.builder.objectField(BankAccountType, 'tableProfiles', (t) =>
  t.field({
    type: [TableProfileType],
    description: 'How its tables are read, the last named first.',
    resolve: (row, _args, context) => profilesByAccount(context).load(row.id),
  }),
);

mutation(
  graph,
  { ...forgetTableProfile, views: ['partner'] },
  {
    bankAccount: {
      type: BankAccountType,
      description: 'The account.',
      resolve: ({ bankAccountId }, context) => bankAccountById(context).load(bankAccountId),
    },
  },
);
