import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { amount, id, oneOf, text } from '#kernel/input';
import { absolute } from '#kernel/money';
import { lockBook } from '../lock-book.ts';
import { describeKey, keysOf, type KeyedLine } from '../triage/line-keys.ts';
import { testRule, type BackTest } from './back-test.ts';
import { groupOf } from './find-recurrence.ts';
import { loadHistory } from './load-history.ts';
import { storeRule } from './store-rule.ts';

const mostExamples = 10;
const mostOpen = 10_000;

/** Makes a booking rule by hand, held against the past like a proposed one. */
export const createBookingRule = command({
  name: 'createBookingRule',
  description:
    'Makes a booking rule for lines like an example, or for all of another party; open lines are run at once. With dryRun it tells how the rule would have done and what it would book now.',
  scope: 'reconciliation:write',
  input: z.object({
    bookId: id(),
    lineId: id().optional().meta({ description: 'A line like those it takes.' }),
    wholeParty: z
      .boolean()
      .optional()
      .meta({ description: 'True: all lines of the other side of the example, whatever their text.' }),
    counterpartyName: text().optional().meta({ description: 'The other side, where there is no example.' }),
    direction: oneOf('RuleDirection', ['IN', 'OUT'])
      .optional()
      .meta({ description: 'Which way the money goes, where there is no example.' }),
    accountCode: text(20).meta({ description: 'The account its lines go to.' }),
    memo: text(500).optional().meta({ description: 'The memo of its bookings.' }),
    upTo: amount().meta({ description: 'The greatest amount it books, without a sign.' }),
    name: text().optional().meta({ description: 'What it is called; what it takes when left out.' }),
    evenIfWrong: z
      .boolean()
      .optional()
      .meta({ description: 'True: also where people have booked more than a few such lines otherwise.' }),
  }),
  async run(transaction, input) {
    const { bookId, accountCode, memo, evenIfWrong = false } = input;
    await lockBook(transaction, bookId);
    const { minor: upToMinor, currency } = absolute(input.upTo);
    if (upToMinor === 0n) throw refusal('upTo must be more than nothing', 'upTo');
    const key = await keyOf(transaction, input, currency);
    await refuseSecond(transaction, bookId, { key, currency });
    const history = await loadHistory((sql, values) => transaction.query(sql, values), bookId);
    const past = history.decided.get(groupOf(currency, key)) ?? [];
    const { test: backTest, otherwise } = testRule(past, { accountCode, upToMinor });
    if (!evenIfWrong && isOftenWrong(backTest)) {
      const { right, wrong } = backTest;
      const message = `Of ${right + wrong} past lines it would have booked ${wrong} otherwise than people did; say evenIfWrong to have it all the same`;
      throw refusal(message, 'accountCode');
    }
    const name = (input.name ?? describeKey(key)).slice(0, 200);
    const rule = { name, key, currency, accountCode, memo, upToMinor, backTest };
    const bookingRuleId = await storeRule(transaction, bookId, rule);
    return {
      bookingRuleId,
      takes: describeKey(key),
      backTest,
      otherwiseLineIds: otherwise.slice(-mostExamples),
      openLineIds: await openLines(transaction, bookId, { key, currency, upToMinor }),
    };
  },
});

/** More than two of a hundred wrong is more than a proposed rule may show. */
function isOftenWrong({ right, wrong }: BackTest): boolean {
  return wrong * 50 > right + wrong;
}

interface Sought {
  readonly bookId: string;
  readonly lineId?: string | undefined;
  readonly wholeParty?: boolean | undefined;
  readonly counterpartyName?: string | undefined;
  readonly direction?: 'IN' | 'OUT' | undefined;
}

/** What the lines of the rule have in common; throws FIELD_MISSING, FIELD_INVALID and NOT_FOUND. */
async function keyOf(transaction: Transaction, sought: Sought, currency: string): Promise<string> {
  const { lineId, wholeParty = false, counterpartyName, direction } = sought;
  if (lineId !== undefined) {
    const line = await exampleOf(transaction, { lineId, bookId: sought.bookId, currency });
    const keys = keysOf(line);
    const key = wholeParty ? keys.find((one) => one.endsWith('|')) : keys[0];
    if (key !== undefined) return key;
    throw refusal('The bank says neither who is on the other side of the line nor what it is for', 'lineId');
  }
  if (counterpartyName === undefined || direction === undefined) {
    const message = 'Say a line like those it takes, or the other side and the direction';
    throw new CrossfootError('FIELD_MISSING', message, { path: ['lineId'] });
  }
  const [key] = keysOf({ minor: direction === 'OUT' ? -1n : 1n, counterpartyName, text: '' });
  if (key !== undefined) return key;
  throw refusal('The name of the other side has no letters and no digits', 'counterpartyName');
}

async function exampleOf(
  transaction: Transaction,
  { lineId, bookId, currency }: { lineId: string; bookId: string; currency: string },
): Promise<KeyedLine> {
  const line = await transaction.require<KeyedLine & { readonly currency: string }>(
    `There is no line ${lineId} in this book`,
    `select minor, currency, counterparty_name as "counterpartyName", left(remittance, 1000) as text
       from reconciliation.statement_line where id = $1 and book_id = $2`,
    [lineId, bookId],
  );
  if (line.currency === currency) return line;
  throw refusal(`upTo must be in ${line.currency}, as the line is`, 'upTo');
}

async function refuseSecond(
  transaction: Transaction,
  bookId: string,
  { key, currency }: { key: string; currency: string },
): Promise<void> {
  const there = await transaction.maybe<{ id: string; name: string }>(
    `select id, name from reconciliation.booking_rule
      where book_id = $1 and key = $2 and currency = $3 and retired_at is null`,
    [bookId, key, currency],
  );
  if (!there) return;
  const message = `The rule ${there.id} (${there.name}) takes these lines already; change that one`;
  throw new CrossfootError('STATE_CONFLICT', message, { path: ['lineId'] });
}

/** The open lines it takes as soon as it is there, the newest first. */
async function openLines(
  transaction: Transaction,
  bookId: string,
  { key, currency, upToMinor }: { key: string; currency: string; upToMinor: bigint },
): Promise<string[]> {
  const rows = await transaction.query<KeyedLine & { readonly id: string }>(
    `select id, minor, counterparty_name as "counterpartyName", left(remittance, 1000) as text
       from reconciliation.statement_line
      where book_id = $1 and currency = $2 and status in ('UNMATCHED', 'EXCEPTION') and not held
        and abs(minor) <= $3 and minor <> 0
      order by booked_on desc, id desc limit $4`,
    [bookId, currency, upToMinor, mostOpen],
  );
  return rows.filter((line) => keysOf(line).includes(key)).map((line) => line.id);
}

function refusal(message: string, field: string): CrossfootError {
  return new CrossfootError('FIELD_INVALID', message, { path: [field] });
}
