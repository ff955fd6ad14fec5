import type { Transaction } from '#kernel/command';
import { addDays } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { formatMoney, subtract } from '#kernel/money';
import { pairPayouts, type PayoutPair } from '../matching/pair-payouts.ts';
import { raiseExceptions, resolveExceptionsOf, resolveExceptionsOfSubject } from '../raise-exceptions.ts';
import {
  loadDeclinedPayouts,
  loadMembers,
  loadOpenPayouts,
  loadPayoutLines,
  type OpenPayout,
  type OpenPayoutLine,
} from './load-payouts.ts';
import { payoutMatch } from './payout-match.ts';
import { settleEmptyPayouts } from './settle-empty-payouts.ts';
import { settleMatches } from './settle-matches.ts';
import { withdrawMatches, withdrawMatchesOfLines } from './store-matches.ts';
import {
  contentOfPayoutMatch,
  loadProcessorAccounts,
  storePayoutMatch,
  type PayoutMatch,
} from './store-payout-match.ts';
import { tiePayoutMembers } from './tie-payout-members.ts';

/** How many payouts a run has settled, and how many it suggests anew. */
export interface SettledPayouts {
  readonly accepted: number;
  readonly suggested: number;
}

/**
 * Settles the payouts that bank lines have brought: each is one match with the open items its members pay and what is
 * left by kind. Certain ones stand, others are suggested. To be called under the lock of the book.
 */
export async function settlePayouts(transaction: Transaction, bookId: string): Promise<SettledPayouts> {
  const automatic = await actsAlone(transaction, bookId);
  const empty = await settleEmptyPayouts(transaction, bookId, { automatic });
  const payouts = await loadOpenPayouts(transaction, bookId);
  if (payouts.length === 0) return empty;
  const ids = payouts.map(({ id }) => id);
  await tiePayoutMembers(transaction, bookId, ids);
  const lines = await loadPayoutLines(transaction, bookId, payouts);
  const pairs = pairPayouts(payouts, lines, await loadDeclinedPayouts(transaction, ids));
  const matches = await matchesOf(transaction, { pairs, payouts, lines, automatic });
  const standing = await standingOf(transaction, bookId);
  const found = new Map(matches.map((match) => [contentOfPayoutMatch(match), match]));
  const kept = standing.filter(({ content, waits }) => waits || found.get(content)?.automatic === false);
  await withdrawMatches(
    transaction,
    bookId,
    standing.filter((one) => !kept.includes(one)).map(({ id }) => id),
  );
  const busy = new Set(kept.flatMap(({ payout_id: payoutId, lines: of }) => [payoutId, ...of]));
  const fresh = matches.filter(
    ({ payoutId, lineIds }) => !busy.has(payoutId) && lineIds.every((lineId) => !busy.has(lineId)),
  );
  const counted = await storeAll(transaction, bookId, fresh);
  await missPayouts(transaction, bookId, { payouts, found: new Set(pairs.map(({ payoutId }) => payoutId)) });
  return {
    accepted: counted.accepted + empty.accepted,
    suggested: counted.suggested + empty.suggested,
  };
}

async function storeAll(
  transaction: Transaction,
  bookId: string,
  matches: readonly PayoutMatch[],
): Promise<SettledPayouts> {
  const accounts = await loadProcessorAccounts(transaction, bookId);
  const accepted: string[] = [];
  const suggested: string[] = [];
  for (const match of matches) {
    await withdrawMatchesOfLines(transaction, bookId, match.lineIds);
    await withdrawMatchesOfItems(transaction, bookId, match);
    const matchId = await storePayoutMatch(transaction, bookId, { match, accounts });
    (match.automatic ? accepted : suggested).push(matchId);
    if (match.automatic) continue;
    await transaction.query(
      "update reconciliation.statement_line set status = 'SUGGESTED' where id = any($1)",
      [match.lineIds],
    );
    await resolveExceptionsOf(transaction, bookId, {
      lineIds: match.lineIds,
      resolution: 'A match with a payout is suggested.',
    });
    transaction.emit({ type: 'match.suggested', subjectId: matchId, bookId, facts: {} });
  }
  await settleMatches(transaction, bookId, accepted);
  return { accepted: accepted.length, suggested: suggested.length };
}

/** What other runs suggested for items of a payout no longer holds: the provider says how they were paid. */
async function withdrawMatchesOfItems(
  transaction: Transaction,
  bookId: string,
  { settlement, automatic }: PayoutMatch,
): Promise<void> {
  if (!automatic || settlement.items.length === 0) return;
  const standing = await transaction.query<{ id: string }>(
    `select distinct m.id from reconciliation.match m join reconciliation.match_item i on i.match_id = m.id
      where m.status = 'SUGGESTED' and i.open_item_id = any($1)`,
    [settlement.items.map(({ id }) => id)],
  );
  await withdrawMatches(
    transaction,
    bookId,
    standing.map(({ id }) => id),
  );
}

/** A book that wants to see every match sees those of payouts as well. */
async function actsAlone(transaction: Transaction, bookId: string): Promise<boolean> {
  const settings = await transaction.maybe<{ automatic: boolean }>(
    'select automatic from reconciliation.matching_settings where book_id = $1',
    [bookId],
  );
  return settings?.automatic ?? true;
}

async function matchesOf(
  transaction: Transaction,
  run: {
    pairs: readonly PayoutPair[];
    payouts: readonly OpenPayout[];
    lines: readonly OpenPayoutLine[];
    automatic: boolean;
  },
): Promise<PayoutMatch[]> {
  const { members, open } = await loadMembers(
    transaction,
    run.pairs.map(({ payoutId }) => payoutId),
  );
  const payouts = new Map(run.payouts.map((payout) => [payout.id, payout]));
  const lines = new Map(run.lines.map((line) => [line.id, line]));
  const left = new Map(open);
  return run.pairs.flatMap((pair): PayoutMatch[] => {
    const payout = payouts.get(pair.payoutId);
    const line = lines.get(pair.lineId);
    // A payout of which nothing but its amount is known says nothing about what it settles.
    if (!payout || !line || !members.has(payout.id)) return [];
    const match = payoutMatch(payout, { lines: [line], members: members.get(payout.id) ?? [], open: left });
    for (const { id, applied } of match.settlement.items) {
      const rest = left.get(id);
      if (rest) left.set(id, subtract(rest, applied));
    }
    const { confidence, certain, evidence, rivals } = pair;
    const automatic = certain && payout.complete && run.automatic;
    return [{ ...match, confidence, automatic, evidence: [...evidence, ...match.evidence], rivals }];
  });
}

interface Standing {
  readonly id: string;
  readonly content: string;
  readonly payout_id: string;
  readonly lines: string[];
  /** The ledger refused it: no run touches it. */
  readonly waits: boolean;
}

function standingOf(transaction: Transaction, bookId: string): Promise<Standing[]> {
  return transaction.query<Standing>(
    `select m.id, m.content, m.payout_id, array_agg(l.line_id) as lines,
            exists (select 1 from reconciliation.exception e join reconciliation.match_line x on x.line_id = e.line_id
                     where x.match_id = m.id and e.status = 'OPEN'
                       and e.reason in ('CLOSED_PERIOD', 'POSTING_REFUSED')) as waits
       from reconciliation.match m join reconciliation.match_line l on l.match_id = m.id
      where m.book_id = $1 and m.status = 'SUGGESTED' and m.payout_id is not null
      group by m.organisation_id, m.id`,
    [bookId],
  );
}

/** So many days after it was to arrive a payout is missed. */
const patience = 7;

/** Misses payouts once statements of later days are there, and no longer once they are found. */
async function missPayouts(
  transaction: Transaction,
  bookId: string,
  { payouts, found }: { payouts: readonly OpenPayout[]; found: ReadonlySet<string> },
): Promise<void> {
  const known = await transaction.maybe<{ last: CalendarDate | null }>(
    'select max(booked_on) as last from reconciliation.statement_line where book_id = $1',
    [bookId],
  );
  const last = known?.last;
  if (!last) return;
  const late = payouts.filter(({ id, arrivesOn, initiatedOn }) => {
    const expected = arrivesOn ?? initiatedOn;
    return !found.has(id) && expected !== undefined && addDays(expected, patience) < last;
  });
  await raiseExceptions(
    transaction,
    bookId,
    late.map(({ id, reference, provider, amount, arrivesOn, initiatedOn }) => ({
      subject: { type: 'Payout', id },
      reason: 'PAYOUT_MISSING' as const,
      detail:
        `Payout ${reference} of ${provider} over ${formatMoney(amount)} ${amount.currency} was to arrive on ` +
        `${arrivesOn ?? initiatedOn ?? ''}; no bank line up to ${last} is it.`,
      amount,
    })),
  );
  for (const id of found) {
    const resolution = 'A bank line brought the payout.';
    await resolveExceptionsOfSubject(transaction, bookId, {
      subject: { type: 'Payout', id },
      reason: 'PAYOUT_MISSING',
      resolution,
    });
  }
}
