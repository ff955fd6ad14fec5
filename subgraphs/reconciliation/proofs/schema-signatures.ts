import { entity, record, type TypeRef } from '#kernel/graphql-types';
import { money } from '#kernel/money';
import { graph } from '../graph.ts';
import { bankAccountById } from '../loaders.ts';
import { MemberStub } from '../references.ts';
import { scope } from '../schema-values.ts';
import { BankAccountType } from '../statements/schema-accounts.ts';
import type { SignedStatement } from './entities.ts';
import * as load from './loaders.ts';
import { VerdictType } from './schema-statement-parts.ts';
import { StatementType } from './schema-statements.ts';

const views = ['partner', 'portal'] as const;

const CountersignatureType: TypeRef<load.Countersignature> = record<load.Countersignature>(
  graph,
  'Countersignature',
  {
    description: 'Somebody who has looked at a signed statement too.',
    scope,
    views,
    fields: (t) => ({
      member: t.field({
        type: MemberStub,
        nullable: true,
        description: 'Who.',
        resolve: (row) => ({ id: row.memberId }),
      }),
      name: t.exposeString('name', { description: 'What they were called then.' }),
      note: t.exposeString('note', { nullable: true, description: 'What they said of it.' }),
      signedAt: t.expose('signedAt', { type: 'DateTime', description: 'When.' }),
    }),
  },
);

/** A reconciliation statement as it was signed. */
export const SignedStatementType: TypeRef<SignedStatement> = entity<SignedStatement>(
  graph,
  'SignedStatement',
  {
    description: 'A reconciliation statement as a person signed it; it never changes.',
    scope,
    views,
    load: (id, context) => load.signedStatementById(context).load(id),
    fields: (t) => ({
      bankAccount: t.field({
        type: BankAccountType,
        nullable: true,
        description: 'The account.',
        resolve: (row, _args, context) => bankAccountById(context).load(row.bankAccountId),
      }),
      on: t.field({
        type: 'Date',
        description: 'The day at whose end the balances were compared.',
        resolve: (row) => row.asOf,
      }),
      verdict: t.field({
        type: VerdictType,
        description: 'Whether bank and books agreed.',
        resolve: (row) => row.verdict as 'PROVEN',
      }),
      bankBalance: t.field({
        type: graph.money,
        description: 'The balance at the bank.',
        resolve: (row) => money(row.bankMinor, row.currency),
      }),
      bookBalance: t.field({
        type: graph.money,
        description: 'The balance in the books.',
        resolve: (row) => money(row.bookMinor, row.currency),
      }),
      remainder: t.field({
        type: graph.money,
        description: 'What the listed items did not explain.',
        resolve: (row) => money(row.remainderMinor, row.currency),
      }),
      statement: t.field({
        type: StatementType,
        nullable: true,
        description: 'All that was signed.',
        resolve: (row, _args, context) => load.signedContentById(context).load(row.id),
      }),
      contentHash: t.exposeString('contentHash', {
        description: 'SHA-256 of the JSON that was signed; it stands in the audit log too.',
      }),
      note: t.exposeString('note', { nullable: true, description: 'What was said of it.' }),
      drawnUpAt: t.expose('drawnUpAt', { type: 'DateTime', description: 'When it was drawn up and signed.' }),
      signedBy: t.field({
        type: MemberStub,
        nullable: true,
        description: 'Who signed it.',
        resolve: (row) => ({ id: row.signedBy }),
      }),
      signerName: t.exposeString('signerName', { description: 'What they were called then.' }),
      countersignatures: t.field({
        type: [CountersignatureType],
        description: 'Who has looked at it too.',
        resolve: (row, _args, context) => load.countersignaturesById(context).load(row.id),
      }),
    }),
  },
);
