import { describe, expect, test } from 'vitest';
import { parseMoney } from '#kernel/money';
import type { Policy } from '../matching/act-alone.ts';
import { calibrate } from '../matching/calibrate.ts';
import { bankLine } from '../matching/fixtures.ts';
import type { MatchResult, ProposedMatch } from '../matching/model.ts';
import { planMatches, type OpenBook } from './plan-matches.ts';

const eur = (amount: string) => parseMoney(amount, 'EUR');

describe('the plan of a run', () => {
  const openLine = (id: string, bankAccountId = 'ba_1') => ({
    ...bankLine({ id, on: '2026-03-02', amount: '10.00' }),
    bankAccountId,
    statementId: 'bs_1',
  });
  const proposal = (lineIds: string[], itemId: string, automatic = false): ProposedMatch => ({
    lineIds,
    items: [{ id: itemId, applied: eur('10.00') }],
    method: 'reference',
    confidence: 9_900,
    automatic,
    evidence: [],
    rivals: [],
  });
  const book = (fields: Partial<OpenBook>): OpenBook => ({
    lines: [openLine('l1')],
    items: [],
    suggestions: [],
    declined: new Map(),
    focus: new Set((fields.lines ?? [{ id: 'l1' }]).map(({ id }) => id)),
    ...fields,
  });
  const answering = (...answers: Partial<MatchResult>[]) => ({
    match: async (): Promise<MatchResult> => ({ matches: [], unmatched: [], ...answers.shift() }),
    policy,
  });
  const policy: Policy = {
    automatic: true,
    shipped: 9_700,
    calibrationOf: () => calibrate([], { target: 9_950, shipped: 9_700 }),
    toleranceOf: () => undefined,
  };

  test('a suggestion that is found again stays, one that is not is withdrawn', async () => {
    const suggestions = [
      { id: 'ma_1', content: 'l1;i1=1000', lineIds: ['l1'] },
      { id: 'ma_2', content: 'l1;i2=1000', lineIds: ['l1'] },
    ];
    const plan = await planMatches(book({ suggestions }), answering({ matches: [proposal(['l1'], 'i1')] }));
    expect(plan).toMatchObject({ withdrawn: ['ma_2'], suggested: [], accepted: [] });
  });

  test('a suggestion that has become certain is replaced by an accepted match', async () => {
    const suggestions = [{ id: 'ma_1', content: 'l1;i1=1000', lineIds: ['l1'] }];
    const plan = await planMatches(
      book({ suggestions }),
      answering({ matches: [proposal(['l1'], 'i1', true)] }),
    );
    expect(plan).toMatchObject({ withdrawn: ['ma_1'], suggested: [], accepted: [{ lineIds: ['l1'] }] });
  });

  test('a declined pair sends its line through once more, and what is found then needs a person', async () => {
    const declined = new Map([['l1', new Set(['i1'])]]);
    const first = { matches: [proposal(['l1'], 'i1', true)] };
    const second = { matches: [proposal(['l1'], 'i2', true)] };
    const plan = await planMatches(book({ declined }), answering(first, second));
    expect(plan.accepted).toEqual([]);
    expect(plan.suggested).toMatchObject([{ items: [{ id: 'i2' }], automatic: false }]);
  });

  test('lines that are only there beside others are left as they are', async () => {
    const lines = [openLine('l1'), openLine('l2')];
    const suggestions = [{ id: 'ma_2', content: 'l2;i9=1000', lineIds: ['l2'] }];
    const focus = new Set(['l1']);
    const answer = { matches: [proposal(['l1'], 'i1'), proposal(['l2'], 'i2')] };
    const plan = await planMatches(book({ lines, suggestions, focus }), answering(answer));
    expect(plan.suggested.map(({ lineIds }) => lineIds)).toEqual([['l1']]);
    expect(plan.withdrawn).toEqual([]);
    const taken = { matches: [proposal(['l1', 'l2'], 'i1')] };
    const both = await planMatches(book({ lines, suggestions, focus }), answering(taken));
    expect(both.withdrawn).toEqual(['ma_2']);
  });

  test('lines of several bank accounts are left to a person', async () => {
    const lines = [openLine('l1'), openLine('l2', 'ba_2')];
    const plan = await planMatches(
      book({ lines }),
      answering({ matches: [proposal(['l1', 'l2'], 'i1', true)] }),
    );
    expect(plan.accepted).toEqual([]);
    expect(plan.unmatched.map(({ lineId, reason }) => [lineId, reason])).toEqual([
      ['l1', 'AMBIGUOUS'],
      ['l2', 'AMBIGUOUS'],
    ]);
  });
});
