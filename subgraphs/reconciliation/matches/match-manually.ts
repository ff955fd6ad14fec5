import type { CalendarDate } from '#kernel/calendar';
import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { amount, id, text } from '#kernel/input';
import { money, sum, type Money } from '#kernel/money';
import { splitDifference } from '../matching/split-difference.ts';
import { askOf } from './find-concerned.ts';
import { lockOpenLines, type LockedLine } from './load-lines.ts';
import { loadSettings, toleranceOf } from './policy.ts';
import { settleMatches } from './settle-matches.ts';
import { sharePayment, type OpenAmount } from './share-payment.ts';
import { storeMatches, withdrawMatchesOfLines } from './store-matches.ts';

/** Matches lines with open items as a person chose them. */
export const matchManually = command({
  name: 'matchManually',
  description:
    'Matches lines with open items as a person chose them. Items are paid in full unless an amount is said, the last one named in part where less was paid; with an account for the difference they need not add up.',
  scope: 'reconciliation:write',
  input: z.object({
    lineIds: z.array(id()).min(1).max(500),
    openItemIds: z.array(id()).min(1).max(500),
    applied: z
      .array(
        z.object({
          openItemId: id(),
          amount: amount().meta({
            description: 'What is paid of it, signed like the item and in its currency.',
          }),
        }),
      )
      .max(500)
      .optional()
      .meta({ description: 'What is paid of single items, where it is not all of them.' }),
    differenceAccountCode: text(20)
      .optional()
      .meta({ description: 'The account that takes what lines and items differ by.' }),
  }),
  async run(transaction, { lineIds, openItemIds, applied = [], differenceAccountCode }) {
    const lines = await lockOpenLines(transaction, lineIds);
    const [first] = lines;
    if (!first) throw new CrossfootError('NOT_FOUND', 'There is no such line');
    const { bookId, bankAccountId, currency } = first;
    refuseSeveralAccounts(lines);
    const paid = sum(
      currency,
      lines.map((line) => money(line.minor, line.currency)),
    );
    const chosen = new Map(applied.map((one) => [one.openItemId, one.amount]));
    const stranger = [...chosen.keys()].find((itemId) => !openItemIds.includes(itemId));
    if (stranger)
      throw new CrossfootError('FIELD_INVALID', `${stranger} is not among the items`, { path: ['applied'] });
    const open = await openAmounts(transaction, bookId, openItemIds);
    const shared = sharePayment(
      paid,
      open.map((one) => ({ ...one, chosen: chosen.get(one.id) })),
      { withDifference: differenceAccountCode !== undefined },
    );
    await withdrawMatchesOfLines(transaction, bookId, lineIds);
    const [vendorId] = open.map((one) => one.vendorId);
    const tolerance = toleranceOf(await loadSettings(askOf(transaction), bookId), vendorId, currency);
    const known = new Map(open.map((one) => [one.id, one]));
    const [matchId = ''] = await storeMatches(transaction, bookId, [
      {
        bankAccountId,
        currency,
        lineIds: lines.map((line) => line.id),
        items: shared.items,
        method: 'manual',
        confidence: 10_000,
        automatic: false,
        evidence: [],
        rivals: [],
        ...(shared.difference ? { difference: shared.difference } : {}),
        differenceSplits: splitDifference({
          paid,
          bookedOn: lines.map((line) => line.bookedOn).reduce((last, day) => (day > last ? day : last)),
          items: shared.items.flatMap(({ id: itemId, applied: part }) => {
            const item = known.get(itemId);
            return item ? [{ applied: part, open: item.open, issuedOn: item.issuedOn }] : [];
          }),
          ...(tolerance ? { tolerance } : {}),
          ...(differenceAccountCode === undefined ? {} : { accountCode: differenceAccountCode }),
        }),
      },
    ]);
    await settleMatches(transaction, bookId, [matchId]);
    return { matchId };
  },
});

function refuseSeveralAccounts(lines: readonly LockedLine[]): void {
  if (lines.every((line) => line.bankAccountId === lines[0]?.bankAccountId)) return;
  throw new CrossfootError(
    'FIELD_INVALID',
    'The lines are of several bank accounts; match those of each apart',
    { path: ['lineIds'] },
  );
}

interface ChosenItem extends OpenAmount {
  readonly open: Money;
  readonly issuedOn: CalendarDate;
  readonly vendorId: string | undefined;
}

async function openAmounts(
  transaction: Transaction,
  bookId: string,
  openItemIds: readonly string[],
): Promise<ChosenItem[]> {
  const rows = await transaction.query<{
    id: string;
    open_minor: bigint;
    currency: string;
    issued_on: CalendarDate;
    vendor_id: string | null;
  }>(
    `select id, open_minor, currency, issued_on, vendor_id
       from reconciliation.open_item where id = any($1) and book_id = $2`,
    [openItemIds, bookId],
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return [...new Set(openItemIds)].map((itemId) => {
    const row = found.get(itemId);
    if (!row) throw new CrossfootError('NOT_FOUND', `There is no open item ${itemId} in book ${bookId}`);
    if (row.open_minor === 0n)
      throw new CrossfootError('STATE_CONFLICT', `The item ${itemId} is not open any more`);
    return {
      id: itemId,
      open: money(row.open_minor, row.currency),
      issuedOn: row.issued_on,
      vendorId: row.vendor_id ?? undefined,
    };
  });
}
