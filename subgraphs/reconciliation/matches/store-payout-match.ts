import type { Transaction } from '#kernel/command';
import { newId } from '#kernel/ids';
import type { Money } from '#kernel/money';
import { toWire } from '#kernel/wire-money';
import { contentOfMatch } from './content-of-match.ts';
import type { MatchEvidence, MatchRival } from '../matching/model.ts';
import type { PayoutSettlement } from '../matching/split-payout.ts';

/** The way of matching by what the provider reported. */
export const payoutMethod = 'payout-report';

/** A match of a payout with the lines that brought it. */
export interface PayoutMatch {
  readonly payoutId: string;
  readonly provider: string;
  readonly bankAccountId: string;
  readonly currency: string;
  readonly lineIds: readonly string[];
  readonly settlement: PayoutSettlement;
  /** Lines less items. */
  readonly difference: Money;
  readonly confidence: number;
  readonly automatic: boolean;
  readonly evidence: readonly MatchEvidence[];
  readonly rivals: readonly MatchRival[];
}

/** What a match of a payout is made of, as one text. */
export function contentOfPayoutMatch({ lineIds, settlement, payoutId }: PayoutMatch): string {
  const parts = settlement.parts
    .map(({ kind, amount }) => `${kind}=${amount.minor}${amount.currency}`)
    .toSorted();
  return `${contentOfMatch({ lineIds, items: settlement.items })};${payoutId};${parts.join(',')}`;
}

/** Stores a match of a payout as a suggestion, with the account to which each part of it is booked; answers its id. */
export async function storePayoutMatch(
  transaction: Transaction,
  bookId: string,
  { match, accounts }: { match: PayoutMatch; accounts: ReadonlyMap<string, string> },
): Promise<string> {
  const { settlement, lineIds } = match;
  const id = newId('ma');
  await transaction.insert('reconciliation.match', {
    id,
    book_id: bookId,
    bank_account_id: match.bankAccountId,
    status: 'SUGGESTED',
    method: payoutMethod,
    confidence: match.confidence,
    automatic: match.automatic,
    evidence: JSON.stringify(match.evidence),
    rivals: JSON.stringify(match.rivals),
    difference_minor: match.difference.minor === 0n ? null : match.difference.minor,
    currency: match.currency,
    content: contentOfPayoutMatch(match),
    payout_id: match.payoutId,
    difference_splits: JSON.stringify(
      settlement.parts.map(({ kind, amount, count }) => ({
        kind: `PAYOUT_${kind}`,
        amount: toWire(amount),
        accountCode: accounts.get(`${match.provider} ${kind}`),
        detail: memoOf(match.provider, kind, count),
      })),
    ),
    created_at: transaction.now,
  });
  await transaction.query(
    `insert into reconciliation.match_line (organisation_id, match_id, line_id, live)
     select $1, $2, unnest($3::text[]), true`,
    [transaction.organisationId, id, lineIds],
  );
  await transaction.query(
    `insert into reconciliation.match_item (organisation_id, match_id, open_item_id, applied_minor, currency)
     select $1, $2, r.* from unnest($3::text[], $4::bigint[], $5::text[]) as r (item_id, minor, currency)`,
    [
      transaction.organisationId,
      id,
      settlement.items.map((item) => item.id),
      settlement.items.map((item) => String(item.applied.minor)),
      settlement.items.map((item) => item.applied.currency),
    ],
  );
  return id;
}

const called: Readonly<Record<string, readonly [string, string] | undefined>> = {
  CHARGE: ['sale', 'sales'],
  REFUND: ['refund', 'refunds'],
  FEE: ['fee', 'fees'],
  CHARGEBACK: ['chargeback', 'chargebacks'],
  ADJUSTMENT: ['adjustment', 'adjustments'],
  RESERVE: ['reserve', 'reserves'],
  TAX: ['tax', 'taxes'],
};
const providers: Readonly<Record<string, string | undefined>> = {
  STRIPE: 'Stripe',
  ADYEN: 'Adyen',
  PAYPAL: 'PayPal',
  SQUARE: 'Square',
  SHOPIFY: 'Shopify',
  AMAZON: 'Amazon',
};

function memoOf(provider: string, kind: string, count: number): string {
  const [one, several] = called[kind] ?? ['movement', 'movements'];
  return `${providers[provider] ?? provider}: ${count} ${count === 1 ? one : several}`;
}

/** The account to which each kind of member of each provider is booked, by provider and kind. */
export async function loadProcessorAccounts(
  transaction: Transaction,
  bookId: string,
): Promise<Map<string, string>> {
  const rows = await transaction.query<{ provider: string; kind: string; account_code: string }>(
    'select provider, kind, account_code from reconciliation.processor_account where book_id = $1',
    [bookId],
  );
  return new Map(rows.map((row) => [`${row.provider} ${row.kind}`, row.account_code]));
}
