import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, tryMutate, type Company } from '../support/company.ts';
import { camtStatement, ublInvoice } from '../support/papers.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { linesNow } from '../support/steps.ts';

describe.each(modes)('bad input is answered with what to do, and the rest goes on, in %s', (mode) => {
  let platform: Platform;
  let company: Company;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
  });
  afterAll(() => platform?.stop());

  const submit = async (name: string, bytes: Uint8Array) => {
    const fileId = await company.submitter.upload(name, bytes);
    return tryMutate<{
      documents: { status: string; problems: { code: string; remedy: string }[] }[] | null;
    }>(company.submitter, 'submitDocument', {
      input: { bookId: company.bookId, fileId },
      fields: 'documents { status problems { code message remedy path } }',
    });
  };
  const importFile = async (name: string, bytes: Uint8Array) => {
    const fileId = await company.submitter.upload(name, bytes);
    return tryMutate<{
      statements: { status: string; problems: { code: string }[] }[] | null;
      imported: number | null;
    }>(company.submitter, 'importBankStatement', {
      input: { bookId: company.bookId, fileId },
      fields: 'statements { status problems { code } } imported',
    });
  };

  test('an unreadable file is refused with the line', async () => {
    const torn = ublInvoice({ number: 'B-1', net: 10 }).slice(0, 900);
    const answer = await submit('torn.xml', torn);
    expect(answer.errors[0]).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(answer.errors[0]?.message).toMatch(/line \d+/i);
    expect(answer.errors[0]?.remedy.length).toBeGreaterThan(20);
  });

  test('a statement sent as a document, and the other way round, names the right operation', async () => {
    const asDocument = await submit('statement.xml', camtStatement([], { id: '3' }));
    expect(asDocument.errors[0]).toMatchObject({ code: 'FORMAT_WRONG' });
    expect(asDocument.errors[0]?.message).toContain('importBankStatement');
    const asStatement = await importFile('invoice.xml', ublInvoice({ number: 'B-2', net: 10 }));
    expect(asStatement.errors[0]?.code).toBe('FORMAT_WRONG');
  });

  test('a file of no known format says which there are', async () => {
    const answer = await submit('notes.txt', Buffer.from('Dear all,\nsee you on Monday.\n'));
    expect(answer.errors[0]?.code).toBe('FORMAT_UNKNOWN');
    expect(answer.errors[0]?.remedy).toContain('UBL');
  });

  test('a statement whose balances do not agree is kept apart, not lost', async () => {
    const movements = [{ cents: -500, on: '2026-10-05', name: 'Cafe Vela', text: 'Coffee' }];
    const answer = await importFile('torn.xml', camtStatement(movements, { id: '4', closing: 1 }));
    expect(answer.errors[0]?.code).toBe('STATEMENT_UNBALANCED');
    expect(answer.statements).toMatchObject([{ status: 'QUARANTINED' }]);
    const found = await company.owner.run<{ exceptions: { edges: { node: { reason: string } }[] } }>(
      'query ($b: ID!) { exceptions(bookId: $b, first: 10) { edges { node { reason } } } }',
      { b: company.bookId },
    );
    expect(found.exceptions.edges.map(({ node }) => node.reason)).toContain('STATEMENT_UNBALANCED');
  });

  test('an unknown currency and a missing field are named with their path', async () => {
    const document = {
      kind: 'RECEIPT',
      number: 'R-9',
      issuedOn: '2026-10-03',
      counterpartyName: 'Kolb',
      total: '5.00',
    };
    const unknown = await tryMutate(company.submitter, 'submitDocument', {
      input: {
        bookId: company.bookId,
        document: { ...document, currency: 'EUR', total: '5.001' },
      },
    });
    expect(unknown.errors[0]).toMatchObject({ code: 'AMOUNT_TOO_PRECISE' });
    const euX = await tryMutate(company.submitter, 'submitDocument', {
      input: {
        bookId: company.bookId,
        document: { ...document, currency: 'EUX' },
      },
    });
    expect(euX.errors[0]).toMatchObject({ code: 'CURRENCY_UNKNOWN' });
    expect(euX.errors[0]?.message).toContain('EUX');
    const post = await tryMutate(company.owner, 'postJournalEntry', {
      input: {
        bookId: company.bookId,
        postedOn: '2026-10-07',
        description: ' ',
        lines: [{ accountCode: '6850', side: 'DEBIT', amount: '10.00', currency: 'EUR' }],
      },
    });
    expect(post.errors.map((error) => error.path[0])).toContain('description');
  });

  test('one bad row of an expense file waits in quarantine; the others are drafted', async () => {
    const csv = [
      'Date,Merchant,Amount,Currency,Category,Employee',
      '2026-10-03,Cafe Vela,12.40,EUR,meals,Ana Lindqvist',
      '2026-10-33,Taxi Hansa,20.00,EUR,travel,Ana Lindqvist',
      '2026-10-05,Deutsche Bahn,64.90,EUR,travel,Ana Lindqvist',
    ].join('\n');
    const answer = await submit('expenses.csv', Buffer.from(csv));
    expect(answer.documents?.map((one) => one.status === 'QUARANTINED')).toEqual([false, true, false]);
    expect(answer.documents?.[1]?.problems[0]).toMatchObject({ code: 'DATE_INVALID' });
    await eventually(async () => {
      const now = await company.owner.run<{ documents: { totalCount: number } }>(
        'query ($b: ID!) { documents(bookId: $b, status: POSTED, first: 1) { totalCount } }',
        { b: company.bookId },
      );
      return now.documents.totalCount === 2;
    });
  });

  test('an unbalanced entry and one into a closed period are refused', async () => {
    const lines = (credit: string) => [
      { accountCode: '6850', side: 'DEBIT', amount: '10.00', currency: 'EUR' },
      { accountCode: '1000', side: 'CREDIT', amount: credit, currency: 'EUR' },
    ];
    const post = (postedOn: string, credit: string) =>
      tryMutate(company.owner, 'postJournalEntry', {
        input: {
          bookId: company.bookId,
          postedOn,
          description: 'Stamps',
          lines: lines(credit),
        },
      });
    expect((await post('2026-10-07', '9.99')).errors[0]).toMatchObject({ code: 'ENTRY_UNBALANCED' });
    const period = { bookId: company.bookId, startsOn: '2026-01-01', endsOn: '2026-01-31' };
    await mutate(company.owner, 'lockPeriod', { input: period });
    expect((await post('2026-01-15', '10.00')).errors[0]).toMatchObject({ code: 'PERIOD_CLOSED' });
    await mutate(company.owner, 'openPeriod', { input: { ...period, reason: 'Late invoice' } });
    expect((await post('2026-01-15', '10.00')).errors).toEqual([]);
  });

  test('a statement of an unknown account is refused without showing the number', async () => {
    const foreign = Buffer.from(
      Buffer.from(camtStatement([], { id: '5' }))
        .toString()
        .replace('DE05200505500123456789', 'DE89370400440532013000'),
    );
    const answer = await importFile('foreign.xml', foreign);
    expect(answer.errors[0]?.code).toBe('BANK_ACCOUNT_UNKNOWN');
    expect(JSON.stringify(answer)).not.toContain('370400440532');
    expect(await linesNow(company)).toHaveLength(1);
  });
});
