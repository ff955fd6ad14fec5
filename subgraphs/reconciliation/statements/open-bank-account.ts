import { z } from 'zod';
import { compactNumber, isIban } from '#kernel/account-number';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { currency, id, text } from '#kernel/input';
import { spellings } from './account-number.ts';

/** Opens a bank account of a book; its number is sealed at once and shown by its last four characters only. */
export const openBankAccount = command({
  name: 'openBankAccount',
  description:
    'Opens a bank account of a book; its number is sealed at once and shown by its last four characters only.',
  scope: 'reconciliation:write',
  input: z
    .object({
      bookId: id(),
      name: text(),
      iban: text(42).optional().meta({ description: 'Either this or the account number.' }),
      accountNumber: text(40).optional().meta({ description: 'Where there is no IBAN.' }),
      bic: text(11).optional(),
      currency: currency(),
      ledgerAccountCode: text(20).meta({ description: 'The account of the ledger that stands for it.' }),
    })
    .refine((input) => (input.iban === undefined) !== (input.accountNumber === undefined), {
      message: 'give either an iban or an accountNumber',
    })
    .refine((input) => input.iban === undefined || isIban(input.iban), {
      message: 'is not an IBAN: its check digits do not fit',
      path: ['iban'],
    })
    .refine((input) => input.accountNumber === undefined || compactNumber(input.accountNumber).length >= 4, {
      message: 'has fewer than four letters and digits',
      path: ['accountNumber'],
    }),
  async run(transaction, input) {
    const { organisationId, services } = transaction;
    const number = compactNumber(input.iban ?? input.accountNumber ?? '');
    const index = (spelling: string) => services.vault.blindIndex(spelling, organisationId);
    const bankAccountId = newId('ba');
    const [made] = await transaction.query(
      `insert into reconciliation.bank_account (organisation_id, id, book_id, name, sealed_number, number_index,
         last_four, bic, currency, ledger_account_code, opened_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (organisation_id, number_index, currency) do nothing returning id`,
      [
        organisationId,
        bankAccountId,
        input.bookId,
        input.name,
        services.vault.seal(number, { organisationId, column: 'bank_account.number', rowId: bankAccountId }),
        index(number),
        number.slice(-4),
        input.bic ?? null,
        input.currency,
        input.ledgerAccountCode,
        transaction.now,
      ],
    );
    if (!made) {
      throw new CrossfootError(
        'ALREADY_EXISTS',
        `The account …${number.slice(-4)} in ${input.currency} is open already`,
        { path: [input.iban === undefined ? 'accountNumber' : 'iban'] },
      );
    }
    await transaction.query(
      `insert into reconciliation.bank_account_number (organisation_id, bank_account_id, number_index)
       select $1, $2, unnest($3::text[])`,
      [organisationId, bankAccountId, spellings(number).map(index)],
    );
    const { name, ledgerAccountCode, bookId } = input;
    const facts = { name, currency: input.currency, ledgerAccountCode };
    transaction.emit({ type: 'bankAccount.opened', subjectId: bankAccountId, bookId, facts });
    transaction.audit({
      subjectType: 'BankAccount',
      subjectId: bankAccountId,
      after: { ...facts, number: `…${number.slice(-4)}` },
    });
    return { bankAccountId };
  },
});
