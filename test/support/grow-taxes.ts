import { mutate, type Company } from './company.ts';

/** A tax code more with a rate still to come, an entry that uses it, and a receipt whose tax fits no code. */
export async function growTaxes(
  { owner, bookId }: Pick<Company, 'owner' | 'bookId'>,
  round: number,
): Promise<void> {
  const code = `OWN-${round}`;
  const { taxCode } = await mutate<{ taxCode: { id: string } }>(owner, 'createTaxCode', {
    input: {
      bookId,
      code,
      name: `Own ${round}`,
      jurisdiction: 'DE',
      percent: `${30 + round}`,
      startsOn: '2020-01-01',
    },
    fields: 'taxCode { id }',
  });
  await mutate(owner, 'changeTaxRate', {
    input: { taxCodeId: taxCode.id, startsOn: '2090-01-01', percent: '1' },
  });
  const line = (accountCode: string, side: string, amount: string) => ({
    accountCode,
    side,
    amount,
    currency: 'EUR',
  });
  await mutate(owner, 'postJournalEntry', {
    input: {
      bookId,
      postedOn: '2026-10-05',
      description: `Sold ${round}`,
      lines: [
        line('1000', 'DEBIT', `${130 + round}.00`),
        { ...line('4400', 'CREDIT', '100.00'), taxCode: code },
        { ...line('2200', 'CREDIT', `${30 + round}.00`), taxCode: code, taxRole: 'TAX' },
      ],
    },
  });
  const total = `${117 + round}.00`;
  await mutate(owner, 'submitDocument', {
    input: {
      bookId,
      document: {
        kind: 'RECEIPT',
        issuedOn: '2026-10-06',
        counterpartyName: 'Similar Vendor',
        currency: 'EUR',
        total,
        tax: '17.00',
        lines: [{ net: `${100 + round}.00`, taxRate: '17', tax: '17.00' }],
      },
    },
  });
}
