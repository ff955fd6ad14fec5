import { mutate, tryMutate, type Company } from './company.ts';
import { camtStatement } from './papers.ts';
import { eventually } from './platform.ts';

/** An expense of an employee, an entry the bank knows nothing of, a signed statement, a payroll: one more of each. */
export async function growProofs(company: Company, round: number): Promise<void> {
  const { owner, submitter, bookId, bankAccountId } = company;
  await mutate(submitter, 'submitDocument', {
    input: {
      bookId,
      document: {
        kind: 'EXPENSE',
        issuedOn: '2026-10-06',
        counterpartyName: 'Deutsche Bahn',
        employee: `Employee ${round}`,
        currency: 'EUR',
        total: `${30 + round}.00`,
        lines: [{ net: `${30 + round}.00`, description: 'Train' }],
      },
    },
  });
  // With everything an entry may have, because the first page of all entries ends before the earlier ones.
  const dimensions = [{ dimension: 'costCentre', value: `CC${round}` }];
  for (const postedOn of ['2026-11-26', '2026-11-27']) {
    await mutate(owner, 'postJournalEntry', {
      input: {
        bookId,
        postedOn,
        description: `Unclear ${round}`,
        fields: [{ key: `entryfield${'abcd'.charAt(round)}`, value: 'A' }],
        lines: [
          { accountCode: '9999', side: 'DEBIT', amount: `${7 + round}.00`, currency: 'EUR', dimensions },
          { accountCode: '1000', side: 'CREDIT', amount: `${7 + round}.00`, currency: 'EUR' },
        ],
      },
    });
  }
  await heldBack(company, round);
  const { signedStatement } = await mutate<{ signedStatement: { id: string } }>(
    submitter,
    'signReconciliationStatement',
    {
      input: { bankAccountId, asOf: '2026-11-30', from: '2026-10-01', note: `as far as known ${round}` },
      fields: 'signedStatement { id }',
    },
  );
  await mutate(owner, 'countersignReconciliationStatement', {
    input: { signedStatementId: signedStatement.id },
  });
  const rows = `Employee,Net pay,Date\nHansebank AG,18.5${round},2026-10-20\nNobody ${round},900.00,2026-10-20\n`;
  const fileId = await owner.upload(`payroll-${round}.csv`, Buffer.from(rows));
  await mutate(owner, 'importPayroll', { input: { bookId, fileId, currency: 'EUR' } });
  await eventually(async () => {
    const { reimbursements } = await owner.run<{ reimbursements: { totalCount: number } }>(
      'query ($b: ID!) { reimbursements(bookId: $b, from: "2026-10-01", to: "2026-10-31") { totalCount } }',
      { b: bookId },
    );
    return reimbursements.totalCount === round;
  });
}

/** The last the bank says does not add up, so a proof up to its day remains open by what is missing. */
async function heldBack({ submitter, bookId }: Company, round: number): Promise<void> {
  const on = `2026-11-0${round}`;
  const movement = { cents: 5_000 + round, on, name: 'Cafe Vela', text: `Late ${round}` };
  const file = camtStatement([movement], { id: `5${round}`, opening: 100, closing: 100_000 + round });
  const text = Buffer.from(file).toString('utf8').replaceAll('2026-10-31', on);
  const fileId = await submitter.upload(`late-${round}.xml`, Buffer.from(text));
  await tryMutate(submitter, 'importBankStatement', { input: { bookId, fileId } });
}
