import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  eventsOf,
  importText,
  linesOf,
  mt940,
  openAccount,
  openItemsOf,
  postItem,
  type ShownLine,
} from '../../../test/support/reconciliation.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { reconciliation } from '../subgraph.ts';
import { acceptMatch } from './accept-match.ts';
import { acceptMatches } from './accept-matches.ts';
import { declineMatch } from './decline-match.ts';
import { matchManually } from './match-manually.ts';
import { matchStatementLines } from './match-statement-lines.ts';
import { setMatchingSettings } from './set-matching-settings.ts';
import { undoMatches } from './undo-matches.ts';
import { withdrawDeclinedPair } from './withdraw-declined-pair.ts';
import { withdrawPayerAlias } from './withdraw-payer-alias.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench([reconciliation]);
});
afterAll(() => bench.close());

let accounts = 0;

type Movement = Parameters<typeof mt940>[0]['lines'][number];

/** A book with a bank account whose statements go on where the one before ended. */
async function newBook() {
  accounts += 1;
  const bban = `500105170000${String(accounts).padStart(6, '0')}`;
  const account = `DE${String(98n - (BigInt(`${bban}131400`) % 97n)).padStart(2, '0')}${bban}`;
  const { bookId } = await openAccount(bench, { iban: account });
  let cents = 0n;
  let number = 0;
  return {
    bookId,
    async bring(...lines: Movement[]): Promise<ShownLine[]> {
      const before = new Set((await linesOf(bench, bookId)).map(({ id }) => id));
      const shown = (value: bigint) => {
        const digits = String(value < 0n ? -value : value).padStart(3, '0');
        return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
      };
      number += 1;
      const text = mt940({ account, number: String(number), opening: shown(cents), lines });
      cents += lines.reduce((sum, { amount }) => sum + BigInt(amount.replace('.', '')), 0n);
      await importText(bench, { bookId, text });
      return (await linesOf(bench, bookId)).filter(({ id }) => !before.has(id));
    },
    run: async (...[command, input]: Parameters<ReturnType<Workbench['door']>['run']>) => {
      const outcome = await bench.door('reconciliation').run(command, input);
      await bench.settle();
      return outcome;
    },
  };
}

type Book = Awaited<ReturnType<typeof newBook>>;

const name = 'Nordlicht Hosting GmbH';
let serial = 4000;

/** An invoice and the payment that names it. */
async function paid(book: Book, amount = '120.00', received = amount): Promise<ShownLine> {
  serial += 1;
  const reference = `RE-2026-${serial}`;
  await postItem(bench, book.bookId, { amount, reference, name });
  const [line] = await book.bring({ day: '260302', amount: received, name, text: reference });
  return line!;
}

interface ShownMatch {
  readonly evidence: { signal: string; detail: string }[];
  readonly rivals: { itemLabel: string; reason: string }[];
  readonly differenceSplits: {
    kind: string;
    amount: { amount: string } | null;
    accountCode: string | null;
  }[];
}

async function matchOf(line: ShownLine): Promise<ShownMatch> {
  const data = await bench.query<{ match: ShownMatch }>(
    'reconciliation',
    `query ($id: ID!) { match(id: $id) { evidence { signal detail } rivals { itemLabel reason }
       differenceSplits { kind amount { amount } accountCode } } }`,
    { variables: { id: line.match?.id } },
  );
  return data.match;
}

const ask = async <Data>(text: string, bookId: string): Promise<Data> =>
  bench.query<Data>('reconciliation', `query ($bookId: ID!) { ${text} }`, { variables: { bookId } });

interface Calibration {
  readonly matchingCalibration: {
    readonly methods: {
      readonly method: string;
      readonly automaticFrom: string | null;
      readonly reason: string;
      readonly bands: Record<'confirmed' | 'stood' | 'declined' | 'undone', number>[];
    }[];
  };
}

async function calibrationOf(bookId: string) {
  const { matchingCalibration } = await ask<Calibration>(
    `matchingCalibration(bookId: $bookId) { methods { method automaticFrom reason
       bands { from to confirmed stood declined undone probability } } }`,
    bookId,
  );
  const found = matchingCalibration.methods.find(({ method }) => method === 'reference');
  const count = (key: 'confirmed' | 'stood' | 'declined' | 'undone') =>
    found?.bands.reduce((sum, band) => sum + band[key], 0);
  return { ...found, stood: count('stood'), undone: count('undone'), confirmed: count('confirmed') };
}

describe('a book whose people take matches back', () => {
  test('stops accepting what is found like them, says why, and goes on when people confirm', async () => {
    const book = await newBook();
    const lines = [await paid(book), await paid(book), await paid(book), await paid(book)];
    expect(lines.map(({ status }) => status)).toEqual(['MATCHED', 'MATCHED', 'MATCHED', 'MATCHED']);
    const wrong = lines.slice(1).map(({ match }) => match?.id);
    await book.run(undoMatches, { matchIds: wrong, reason: 'Another customer' });

    const held = await paid(book, '77.00');
    expect(held).toMatchObject({ status: 'SUGGESTED', match: { automatic: false, method: 'reference' } });
    const { evidence } = await matchOf(held);
    expect(evidence.find(({ detail }) => detail.startsWith('It waits'))?.detail).toContain('1 of 4 matches');
    expect(await calibrationOf(book.bookId)).toMatchObject({ automaticFrom: null, stood: 1, undone: 3 });

    await bench.door('reconciliation').run(acceptMatch, { matchId: held.match?.id });
    expect(await calibrationOf(book.bookId)).toMatchObject({ automaticFrom: null, confirmed: 1 });
    // As many as it takes are brought in at once.
    await bench.owner.query(
      `update reconciliation.matching_history set confirmed = 700 where book_id = $1 and undone = 3`,
      [book.bookId],
    );
    expect(await paid(book, '78.00')).toMatchObject({ status: 'MATCHED', match: { automatic: true } });
    const now = await calibrationOf(book.bookId);
    expect(now.automaticFrom).toBe('0.9700');
    expect(now.reason).toContain('bears out');
  });

  test('does not change what another book accepts', async () => {
    expect(await paid(await newBook())).toMatchObject({ status: 'MATCHED' });
  });
});

describe('settings', () => {
  test('a book that only wants suggestions accepts nothing by itself', async () => {
    const book = await newBook();
    const { bookId } = book;
    const outcome = await book.run(setMatchingSettings, { bookId, automatic: false });
    expect(outcome.errors).toEqual([]);
    const line = await paid(book);
    expect(line).toMatchObject({ status: 'SUGGESTED', match: { automatic: false } });
    expect((await matchOf(line)).evidence.at(-1)?.detail).toContain('nothing matched by itself');
    await book.run(setMatchingSettings, { bookId, automatic: true });
    await book.run(matchStatementLines, { bookId });
    expect((await linesOf(bench, bookId))[0]).toMatchObject({
      status: 'MATCHED',
      match: { automatic: true },
    });
  });

  test('what a book tolerates is settled whole and goes to its account; one cent more is not', async () => {
    const book = await newBook();
    const { bookId } = book;
    const most = { amount: '5.00', currency: 'EUR' };
    const tolerances = [
      { most, accountCode: '6990', mostShare: '0.05' },
      { vendorId: 'ven_other', most: { ...most, amount: '50.00' }, accountCode: '6991', mostShare: '0.5' },
    ];
    await book.run(setMatchingSettings, { bookId, differenceTolerances: tolerances });
    const within = await paid(book, '1000.00', '995.17');
    expect(within).toMatchObject({ status: 'MATCHED', match: { automatic: true } });
    expect((await matchOf(within)).differenceSplits).toEqual([
      { kind: 'TOLERANCE', amount: { amount: '-4.83' }, accountCode: '6990' },
    ]);
    const [accepted] = await eventsOf(bench, bookId, 'match.accepted');
    expect(accepted?.facts).toMatchObject({
      items: [{ applied: { minor: '100000' } }],
      differences: [{ kind: 'TOLERANCE', money: { minor: '-483', currency: 'EUR' }, accountCode: '6990' }],
    });
    expect(await paid(book, '1000.00', '994.99')).toMatchObject({ status: 'SUGGESTED' });
    const { matchingSettings } = await ask<{ matchingSettings: object }>(
      `matchingSettings(bookId: $bookId) { automatic precisionTarget changedBy { id }
         differenceTolerances { vendor { id } most { amount } mostShare accountCode } }`,
      bookId,
    );
    expect(matchingSettings).toEqual({
      automatic: true,
      precisionTarget: '0.9950',
      changedBy: { id: 'mem_ana' },
      differenceTolerances: [
        { vendor: null, most: { amount: '5.00' }, mostShare: '0.0500', accountCode: '6990' },
        { vendor: { id: 'ven_other' }, most: { amount: '50.00' }, mostShare: '0.5000', accountCode: '6991' },
      ],
    });
  });

  test('are for those who may post, and take no nonsense', async () => {
    const { bookId } = await newBook();
    const set = (input: object, actor = bench.actor()) =>
      bench.door('reconciliation').run(setMatchingSettings, { bookId, ...input }, { actor });
    const submitter = bench.actor('Sam', ['SUBMITTER']);
    expect((await set({ automatic: false }, submitter)).errors).toMatchObject([{ code: 'FORBIDDEN' }]);
    for (const precisionTarget of ['1', '0.4', '0.99999', '-1'])
      expect((await set({ precisionTarget })).errors).toMatchObject([
        { code: 'FIELD_INVALID', path: ['precisionTarget'] },
      ]);
    const most = { amount: '5.00', currency: 'EUR' };
    const twice = { differenceTolerances: [1, 2].map(() => ({ most, accountCode: '6990' })) };
    expect((await set(twice)).errors).toMatchObject([{ code: 'FIELD_INVALID' }]);
  });
});

/** An invoice and a payment that only its amount points to. */
async function suggested(book: Book, amount: string, from: Partial<Movement> = {}): Promise<ShownLine> {
  await postItem(bench, book.bookId, { amount, reference: `B-${amount}`, name: 'Borealis Werke AG' });
  const [line] = await book.bring({ day: '260302', amount, name: 'K. Meier', text: 'Danke', ...from });
  return line!;
}

describe('many at once', () => {
  test('suggestions are accepted but for those that cannot be, and taken back again', async () => {
    const book = await newBook();
    const lines = [await suggested(book, '731.17'), await suggested(book, '812.03')];
    const ids = lines.map(({ match }) => match?.id ?? '');
    const outcome = await book.run(acceptMatches, { matchIds: [...ids, 'ma_none'] });
    expect(outcome.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['matchIds', '2'] }]);
    expect(outcome.result).toEqual({ matchIds: ids });
    expect((await linesOf(bench, book.bookId)).map(({ status }) => status)).toEqual(['MATCHED', 'MATCHED']);
    const again = await book.run(acceptMatches, { matchIds: ids });
    expect(again.errors).toMatchObject([{ code: 'STATE_CONFLICT' }, { code: 'STATE_CONFLICT' }]);
    const undone = await book.run(undoMatches, { matchIds: [ids[0], 'ma_none'] });
    expect(undone.result).toEqual({ matchIds: [ids[0]] });
    expect(undone.errors).toMatchObject([{ code: 'NOT_FOUND', path: ['matchIds', '1'] }]);
    expect([...(await openItemsOf(bench, book.bookId)).keys()]).toEqual(['B-731.17']);
  });

  test('two suggestions that want more of an item than there is are not both accepted', async () => {
    const book = await newBook();
    const [first] = [await suggested(book, '640.00')];
    const [second] = await book.bring({ day: '260303', amount: '640.00', name: 'L. Huber', text: 'Danke' });
    await bench.owner.query(
      `with m as (insert into reconciliation.match (organisation_id, id, book_id, bank_account_id, status, method,
           confidence, automatic, evidence, rivals, currency, content, created_at)
         select organisation_id, 'ma_rival1', book_id, bank_account_id, 'SUGGESTED', method, confidence, false, evidence,
           rivals, currency, 'x', created_at from reconciliation.match where id = $1 returning organisation_id),
       l as (insert into reconciliation.match_line select organisation_id, 'ma_rival1', $2, true from m)
       insert into reconciliation.match_item select organisation_id, 'ma_rival1', open_item_id, applied_minor, currency
         from reconciliation.match_item where match_id = $1`,
      [first.match?.id, second?.id],
    );
    const outcome = await book.run(acceptMatches, { matchIds: [first.match?.id, 'ma_rival1'] });
    expect(outcome.result).toEqual({ matchIds: [first.match?.id] });
    expect(outcome.errors).toMatchObject([{ code: 'STATE_CONFLICT', path: ['matchIds', '1'] }]);
  });
});

describe('what is learned of payers', () => {
  const aliases = async (bookId: string, withdrawn = false) => {
    const { payerAliases } = await ask<{
      payerAliases: { edges: { node: { id: string; kind: string; shown: string; partyLabel: string } }[] };
    }>(
      `payerAliases(bookId: $bookId, withdrawn: ${withdrawn}) { edges { node { id kind shown partyLabel } } }`,
      bookId,
    );
    return payerAliases.edges.map(({ node }) => node);
  };
  const account = 'NL91ABNA0417164300';

  test('somebody who pays for a customer is known next time, until that is withdrawn', async () => {
    const book = await newBook();
    const first = await suggested(book, '731.17', { account });
    expect(first.match?.method).toBe('unique-amount');
    expect(await aliases(book.bookId)).toEqual([]);
    await book.run(acceptMatch, { matchId: first.match?.id });
    const learned = await aliases(book.bookId);
    expect(new Set(learned.map(({ kind, shown, partyLabel }) => `${kind} ${shown} ${partyLabel}`))).toEqual(
      new Set(['ACCOUNT 4300 Borealis Werke AG', 'NAME K. Meier Borealis Werke AG']),
    );
    const second = await suggested(book, '812.03', { account, name: 'Somebody' });
    expect(second.match?.method).toBe('amount-and-party');
    for (const { id } of learned) await book.run(withdrawPayerAlias, { aliasId: id });
    expect(await aliases(book.bookId)).toEqual([]);
    expect(await aliases(book.bookId, true)).toHaveLength(2);
    const third = await suggested(book, '913.04', { account });
    expect(third.match?.method).toBe('unique-amount');
    await book.run(acceptMatch, { matchId: third.match?.id });
    expect(await aliases(book.bookId)).toEqual([]);
  });

  test('a match that is taken back teaches nothing', async () => {
    const book = await newBook();
    const line = await suggested(book, '731.17', { account });
    await book.run(acceptMatch, { matchId: line.match?.id });
    await book.run(undoMatches, { matchIds: [line.match?.id] });
    expect(await aliases(book.bookId)).toEqual([]);
  });

  test('a whole reference teaches by itself; other organisations see none of it', async () => {
    const book = await newBook();
    await postItem(bench, book.bookId, {
      amount: '55.00',
      reference: 'RE-2026-7701',
      name: 'Borealis Werke AG',
    });
    await book.bring({ day: '260302', amount: '55.00', name: 'Holding Nord SE', text: 'RE-2026-7701' });
    const [alias] = await aliases(book.bookId);
    expect(alias).toMatchObject({ kind: 'NAME', shown: 'Holding Nord SE' });
    const mallory = bench.actor('Mallory', ['OWNER'], 'org_0mallory');
    const outcome = await bench
      .door('reconciliation')
      .run(withdrawPayerAlias, { aliasId: alias?.id }, { actor: mallory });
    expect(outcome.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
    const seen = await bench.query<{ payerAliases: { edges: unknown[] } }>(
      'reconciliation',
      'query ($b: ID!) { payerAliases(bookId: $b) { edges { cursor } } }',
      { actor: mallory, variables: { b: book.bookId } },
    );
    expect(seen.payerAliases.edges).toEqual([]);
  });
});

test('a declined pair is listed, and suggested again once that is withdrawn', async () => {
  const book = await newBook();
  const line = await suggested(book, '731.17');
  await book.run(declineMatch, { matchId: line.match?.id });
  const pairs = () =>
    ask<{ declinedPairs: { edges: { node: { id: string; line: { id: string }; declinedBy: object } }[] } }>(
      'declinedPairs(bookId: $bookId) { edges { node { id line { id } openItem { reference } declinedBy { id } } } }',
      book.bookId,
    );
  const [pair] = (await pairs()).declinedPairs.edges;
  expect(pair?.node).toMatchObject({
    line: { id: line.id },
    openItem: { reference: 'B-731.17' },
    declinedBy: { id: 'mem_ana' },
  });
  expect((await linesOf(bench, book.bookId))[0]?.match).toBeNull();
  const outcome = await book.run(withdrawDeclinedPair, { declinedPairId: pair?.node.id });
  expect(outcome.errors).toEqual([]);
  expect((await pairs()).declinedPairs.edges).toEqual([]);
  await expect
    .poll(async () => (await linesOf(bench, book.bookId))[0]?.status, { timeout: 30_000 })
    .toBe('SUGGESTED');
});

test('a person says what is paid of which item, and where the difference goes', async () => {
  const book = await newBook();
  for (const [reference, amount] of [
    ['A-1', '300.00'],
    ['A-2', '500.00'],
  ] as const)
    await postItem(bench, book.bookId, { amount, reference, name: 'Lumen Oy' });
  const lines = await book.bring(
    { day: '260302', amount: '150.00', name: 'Somebody', text: 'Rate' },
    { day: '260303', amount: '140.00', name: 'Somebody else', text: 'Rest' },
  );
  const items = await openItemsOf(bench, book.bookId);
  const openItemIds = ['A-1', 'A-2'].map((key) => items.get(key)?.id ?? '');
  const outcome = await book.run(matchManually, {
    lineIds: lines.map(({ id }) => id),
    openItemIds,
    applied: openItemIds.map((openItemId, at) => ({
      openItemId,
      amount: { amount: at === 0 ? '200.00' : '100.00', currency: 'EUR' },
    })),
    differenceAccountCode: '6855',
  });
  expect(outcome.errors).toEqual([]);
  const left = await openItemsOf(bench, book.bookId);
  expect(['A-1', 'A-2'].map((key) => left.get(key)?.open)).toEqual(['100.00', '400.00']);
  const [line] = await linesOf(bench, book.bookId);
  expect((await matchOf(line!)).differenceSplits).toMatchObject([
    { kind: 'CHOSEN', amount: { amount: '-10.00' }, accountCode: '6855' },
    { kind: 'PARTIAL_PAYMENT', amount: { amount: '500.00' } },
  ]);
  const [accepted] = await eventsOf(bench, book.bookId, 'match.accepted');
  expect(accepted?.facts.differences).toMatchObject([{ kind: 'CHOSEN', accountCode: '6855' }]);
});

test('a line shows what it may pay, the likeliest first, alone and together', async () => {
  const book = await newBook();
  await book.run(setMatchingSettings, { bookId: book.bookId, automatic: false });
  await postItem(bench, book.bookId, { amount: '100.00', reference: 'C-1', name: 'Lumen Oy' });
  await postItem(bench, book.bookId, { amount: '250.00', reference: 'C-2', name: 'Lumen Oy' });
  await postItem(bench, book.bookId, { amount: '9.00', reference: 'C-3', name: 'Unrelated KK' });
  await book.bring({ day: '260302', amount: '350.00', name: 'Lumen Oy', text: 'zzz' });
  const shown = await ask<{
    statementLines: {
      edges: { node: { openItemCandidates: { items: { openItem: { reference: string } }[] }[] } }[];
    };
  }>(
    `statementLines(bookId: $bookId) { edges { node { openItemCandidates(first: 5) { score reason
       evidence { signal } applied { amount } difference { amount } openItem { id }
       items { applied { amount } openItem { reference } } } } } }`,
    book.bookId,
  );
  const candidates = shown.statementLines.edges[0]?.node.openItemCandidates ?? [];
  expect(candidates.map(({ items }) => items.map(({ openItem }) => openItem.reference).toSorted())).toEqual([
    ['C-1', 'C-2'],
    ['C-1'],
    ['C-2'],
  ]);
});

test('a dry run tells what a run would do, and does none of it', async () => {
  const book = await newBook();
  await book.run(setMatchingSettings, { bookId: book.bookId, automatic: false });
  const line = await paid(book);
  await bench.owner.query(`update reconciliation.matching_settings set automatic = true where book_id = $1`, [
    book.bookId,
  ]);
  const { proposeMatches } = await ask<{ proposeMatches: object }>(
    `proposeMatches(bookId: $bookId) { accepted suggested exceptions withdrawn unmatched { detail }
       matches { automatic method lines { id } items { openItem { reference } } evidence { detail } } }`,
    book.bookId,
  );
  expect(proposeMatches).toMatchObject({
    accepted: 1,
    suggested: 0,
    withdrawn: 1,
    matches: [{ automatic: true, lines: [{ id: line.id }], method: 'reference' }],
  });
  expect((await linesOf(bench, book.bookId))[0]?.match).toEqual(line.match);
});

test('every match that stands by itself says why, and names what it was taken before', async () => {
  const book = await newBook();
  for (const reference of ['RE-2026-8801', 'RE-2026-8802'])
    await postItem(bench, book.bookId, { amount: '410.00', reference, name });
  const lines = await book.bring(
    { day: '260302', amount: '410.00', name, text: 'RE-2026-8801 RE-2026-8802' },
    { day: '260303', amount: '96.00', name: 'Other AG', text: 'none' },
  );
  await paid(book);
  await paid(book, '61.00');
  const matched = (await linesOf(bench, book.bookId)).filter(({ match }) => match?.automatic);
  expect(matched.length).toBeGreaterThanOrEqual(2);
  for (const line of matched) {
    const { evidence } = await matchOf(line);
    expect(evidence.length).toBeGreaterThanOrEqual(2);
    for (const { signal, detail } of evidence)
      expect([signal, detail].every((text) => text.length > 3)).toBe(true);
  }
  const contested = lines.find(({ match }) => match !== null);
  expect((await matchOf(contested!)).rivals).toMatchObject([
    { itemLabel: expect.stringContaining('RE-2026-880') },
  ]);
});
