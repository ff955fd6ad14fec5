import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { importStatement, linesNow, postInvoice, trialBalance } from '../support/steps.ts';

describe.each(modes)('a bank statement becomes reconciled lines, in %s', (mode) => {
  let platform: Platform;
  let company: Company;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
    await postInvoice(company, { number: 'NH-20418', net: 1000 });
    await postInvoice(company, { number: 'AS-3101', net: 300, supplier: 'Alpina Spedition GmbH' });
    await postInvoice(company, { number: 'AS-3144', net: 450, supplier: 'Alpina Spedition GmbH' });
  });
  afterAll(() => platform?.stop());

  test('lines find their invoices, one to one and one to many; the rest become exceptions with a reason', async () => {
    const imported = await importStatement(company, [
      {
        cents: -119_000,
        on: '2026-10-16',
        name: 'Nordlicht Hosting GmbH',
        text: 'Invoice NH-20418',
        reference: 'NH-20418',
      },
      { cents: -89_250, on: '2026-10-17', name: 'Alpina Spedition', text: 'Invoices AS-3101, AS-3144' },
      { cents: -1_850, on: '2026-10-30', name: 'Hansebank AG', text: 'Account fee' },
    ]);
    expect(imported).toMatchObject({
      imported: 3,
      alreadyKnown: 0,
      statements: [{ status: 'IMPORTED', lineCount: 3 }],
    });

    const lines = await eventually(async () => {
      const now = await linesNow(company);
      return now.length === 3 && now.every((line) => line.status !== 'UNMATCHED') ? now : undefined;
    });
    const find = (text: string) => lines?.find((line) => line.remittance.includes(text));
    expect(find('NH-20418')).toMatchObject({ status: 'MATCHED', match: { automatic: true } });
    expect(find('NH-20418')?.match?.evidence.length).toBeGreaterThan(1);
    expect(find('AS-3101')).toMatchObject({ status: 'MATCHED' });
    expect(find('AS-3101')?.match?.items).toHaveLength(2);
    expect(find('Account fee')).toMatchObject({
      status: 'EXCEPTION',
      exception: { reason: 'FEE_UNKNOWN', status: 'OPEN' },
    });
  });

  test('matched lines are in the journal: the payable is settled and the bank account is lower', async () => {
    await eventually(async () => (await trialBalance(company)).balances['1000 EUR'] === '-2082.50');
    const { balanced, balances } = await trialBalance(company);
    expect(balanced).toBe(true);
    expect(balances['2000 EUR'] ?? '0.00').toBe('0.00');
  });

  test('an unmatched line is booked to an account by hand and its exception ends', async () => {
    const [fee] = (await linesNow(company)).filter((line) => line.status === 'EXCEPTION');
    await mutate(company.owner, 'bookStatementLine', {
      input: {
        lineId: fee?.id,
        accountCode: '6855',
        memo: 'Account fee',
      },
    });
    await eventually(async () => (await trialBalance(company)).balances['6855 EUR'] === '18.50');
    const after = (await linesNow(company)).find((line) => line.id === fee?.id);
    expect(after).toMatchObject({ status: 'BOOKED' });
    expect(after?.exception?.status ?? 'RESOLVED').toBe('RESOLVED');
  });
});
