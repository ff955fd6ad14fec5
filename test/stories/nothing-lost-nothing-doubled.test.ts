import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, tryMutate, type Company } from '../support/company.ts';
import { ublInvoice, type Movement } from '../support/papers.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { importStatement, linesNow, postInvoice, trialBalance } from '../support/steps.ts';

describe.each(modes)('nothing is lost and nothing is doubled, in %s', (mode) => {
  let platform: Platform;
  let company: Company;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
  });
  afterAll(() => platform?.stop());

  const movements: Movement[] = [
    { cents: -420, on: '2026-10-05', name: 'Cafe Vela', text: 'Card 1142 Cafe Vela' },
    { cents: -420, on: '2026-10-05', name: 'Cafe Vela', text: 'Card 1142 Cafe Vela' },
    { cents: 50_000, on: '2026-10-06', name: 'Bergfreunde Handel GmbH', text: 'Advance' },
  ];

  test('the same statement twice adds nothing, and two equal coffees stay two', async () => {
    const first = await importStatement(company, movements, { id: '7' });
    expect(first).toMatchObject({ imported: 3, alreadyKnown: 0 });
    const again = await importStatement(company, movements, { id: '7' });
    expect(again).toMatchObject({ imported: 0, alreadyKnown: 3 });
    expect(await linesNow(company)).toHaveLength(3);
  });

  test('the same invoice twice is answered with the first one', async () => {
    const entry = await postInvoice(company, { number: 'D-1', net: 100 });
    const fileId = await company.submitter.upload('again.xml', ublInvoice({ number: 'D-1', net: 100 }));
    const again = await tryMutate<{ document: { journalEntry: { id: string } } }>(
      company.submitter,
      'submitDocument',
      { input: { bookId: company.bookId, fileId }, fields: 'document { journalEntry { id } }' },
    );
    expect(again.document.journalEntry.id).toBe(entry.id);
    const answer = await company.owner.run<{ documents: { totalCount: number } }>(
      'query ($b: ID!) { documents(bookId: $b, first: 1) { totalCount } }',
      { b: company.bookId },
    );
    expect(answer.documents.totalCount).toBe(1);
  });

  test('a repeated idempotency key answers the first result; other content under it is a conflict', async () => {
    const lines = [
      { accountCode: '6850', side: 'DEBIT', amount: '10.00', currency: 'EUR' },
      { accountCode: '1000', side: 'CREDIT', amount: '10.00', currency: 'EUR' },
    ];
    const entry = {
      bookId: company.bookId,
      postedOn: '2026-10-07',
      description: 'Stamps',
      lines,
      idempotencyKey: 'stamps',
    };
    const post = (input: object) =>
      tryMutate<{ journalEntry: { id: string } | null }>(company.owner, 'postJournalEntry', {
        input,
        fields: 'journalEntry { id }',
      });
    const posted = await Promise.all([post(entry), post(entry), post(entry)]);
    expect(new Set(posted.map((one) => one.journalEntry?.id)).size).toBe(1);
    const other = await post({ ...entry, description: 'Other stamps' });
    expect(other).toMatchObject({ journalEntry: null, errors: [{ code: 'IDEMPOTENCY_CONFLICT' }] });
  });

  test('after a power cut in the middle of work every acknowledged document is in the books once', async () => {
    const before = await trialBalance(company);
    const submitted: string[] = [];
    const work = (async () => {
      for (let n = 0; n < 40; n += 1) {
        const fileId = await company.submitter.upload(
          `K-${n}.xml`,
          ublInvoice({ number: `K-${n}`, net: 10 + n }),
        );
        const input = { bookId: company.bookId, fileId, idempotencyKey: `kill-${n}` };
        await mutate(company.submitter, 'submitDocument', { input });
        submitted.push(`K-${n}`);
      }
    })().catch(() => undefined);
    await eventually(() => Promise.resolve(submitted.length >= 10));
    await platform.killAndRestart();
    await work;
    const entries = await eventually(async () => {
      const answer = await company.owner.run<{
        documents: { edges: { node: { number: string; journalEntry: { id: string } | null } }[] };
      }>(
        'query ($b: ID!) { documents(bookId: $b, first: 200) { edges { node { number journalEntry { id } } } } }',
        { b: company.bookId },
      );
      const ours = answer.documents.edges
        .map(({ node }) => node)
        .filter((node) => node.number.startsWith('K-'));
      return ours.every((node) => node.journalEntry) &&
        submitted.every((n) => ours.some((o) => o.number === n))
        ? ours
        : undefined;
    });
    expect(new Set(entries?.map((one) => one.number)).size).toBe(entries?.length);
    expect(new Set(entries?.map((one) => one.journalEntry?.id)).size).toBe(entries?.length);
    const after = await trialBalance(company);
    expect(before.balanced && after.balanced).toBe(true);
    const unbalanced = await platform.owner.query(
      `select l.journal_entry_id from transactions.journal_line l group by l.journal_entry_id, l.currency
        having sum(case l.side when 'DEBIT' then l.minor else -l.minor end) <> 0`,
    );
    expect(unbalanced.rows).toEqual([]);
  });
});
