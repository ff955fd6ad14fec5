import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, oneOf, text } from '#kernel/input';
import { foldName } from '#kernel/names';
import { lockBook } from '../intake/books.ts';
import { documentKinds } from '../intake/document.ts';

/** Adds a rule by which documents find their account. */
export const createMappingRule = command({
  name: 'createMappingRule',
  description: 'Adds a rule by which new documents find their account; all conditions it has must hold.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    name: text().meta({
      description: 'Shown as the reason of what it decides; unique among the rules in force.',
    }),
    priority: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .meta({ description: 'Rules are asked from the lowest number on; 100 when left out.' }),
    vendorNameContains: text()
      .optional()
      .meta({ description: 'A part of the counterparty name; case and accents do not matter.' }),
    category: text().optional().meta({ description: "The sender's category of one of the lines." }),
    documentKind: oneOf('DocumentKind', documentKinds).optional(),
    accountCode: text(20).meta({ description: 'The account documents go to.' }),
    taxAccountCode: text(20).optional().meta({ description: 'The account their tax goes to.' }),
  }),
  async run(transaction, input) {
    const { bookId, name, priority, vendorNameContains, category, documentKind } = input;
    if (vendorNameContains === undefined && category === undefined && documentKind === undefined) {
      const message = 'A rule needs at least one of vendorNameContains, category and documentKind';
      throw new CrossfootError('FIELD_MISSING', message, { path: ['vendorNameContains'] });
    }
    if (vendorNameContains !== undefined && foldName(vendorNameContains) === '') {
      const message = 'vendorNameContains needs at least one letter or digit';
      throw new CrossfootError('FIELD_INVALID', message, { path: ['vendorNameContains'] });
    }
    await lockBook(transaction, bookId);
    await refuseTakenName(transaction, bookId, name);
    await requireAccount(transaction, input, 'accountCode');
    await requireAccount(transaction, input, 'taxAccountCode');
    const mappingRuleId = newId('rule');
    await transaction.insert('transactions.mapping_rule', {
      id: mappingRuleId,
      book_id: bookId,
      name,
      priority,
      vendor_name_contains: vendorNameContains ?? null,
      category: category ?? null,
      document_kind: documentKind ?? null,
      account_code: input.accountCode,
      tax_account_code: input.taxAccountCode ?? null,
      created_at: transaction.now,
    });
    transaction.audit({ subjectType: 'MappingRule', subjectId: mappingRuleId, after: input });
    return { mappingRuleId };
  },
});

async function refuseTakenName(transaction: Transaction, bookId: string, name: string): Promise<void> {
  const taken = await transaction.maybe(
    'select 1 from transactions.mapping_rule where book_id = $1 and name = $2 and active',
    [bookId, name],
  );
  if (taken)
    throw new CrossfootError('ALREADY_EXISTS', `A rule named ${name} is in force`, { path: ['name'] });
}

async function requireAccount(
  transaction: Transaction,
  input: {
    readonly bookId: string;
    readonly accountCode: string;
    readonly taxAccountCode?: string | undefined;
  },
  field: 'accountCode' | 'taxAccountCode',
): Promise<void> {
  const code = input[field];
  if (code === undefined) return;
  const account = await transaction.maybe<{ active: boolean }>(
    'select active from transactions.account where book_id = $1 and code = $2',
    [input.bookId, code],
  );
  if (!account)
    throw new CrossfootError('ACCOUNT_UNKNOWN', `The book has no account ${code}`, { path: [field] });
  if (!account.active)
    throw new CrossfootError('ACCOUNT_INACTIVE', `Account ${code} is inactive`, { path: [field] });
}
