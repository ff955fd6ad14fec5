import { currencyDigits, negate } from '#kernel/money';
import { CrossfootError } from '#kernel/errors';
import type { Money } from '#kernel/money';
import type { PayoutMemberKind, PayoutReportFile } from '#connectors/payout-ports';
import { childOf, isObject, objectsIn, textOf, type JsonObject } from './payout-json.ts';
import { fromUnits, isoDay, memberOf, PayoutGatherer } from './payout-values.ts';

const isPayout = (object: JsonObject): boolean =>
  childOf(object, 'amount_money') !== undefined && 'arrival_date' in object && 'destination' in object;
const isEntry = (object: JsonObject): boolean =>
  childOf(object, 'gross_amount_money') !== undefined && textOf(object, 'payout_id') !== undefined;

/** Whether pages are answers of Square's API about payouts. */
export function isSquare(pages: readonly unknown[]): boolean {
  return objectsIn(pages, (object) => isPayout(object) || isEntry(object)).length > 0;
}

const kinds: readonly (readonly [RegExp, PayoutMemberKind])[] = [
  [/^(CHARGE|GIFT_CARD_LOAD|OTHER_PAYMENT|ESCHEATMENT)/, 'CHARGE'],
  [/REFUND/, 'REFUND'],
  [/DISPUTE|CHARGEBACK/, 'CHARGEBACK'],
  [/TAX_ON_FEE|TAX/, 'TAX'],
  [/HOLD|RESERVE|RELEASE|BALANCE_FOLDERS|CAPITAL/, 'RESERVE'],
  [/FEE|PROCESSING|SUBSCRIPTION|SQUARE_CAPITAL_PAYMENT/, 'FEE'],
  [/ADJUST|CREDIT|DEBIT|RETURN|REVERSAL/, 'ADJUSTMENT'],
];

/** Reads payouts and payout entries of Square, as its API answers them. */
export function readSquare(pages: readonly unknown[]): PayoutReportFile {
  const gatherer = new PayoutGatherer('SQUARE', 'Square API JSON');
  objectsIn(pages, isPayout).forEach((payout, at) =>
    gatherer.attempt(at + 1, () => takePayout(gatherer, payout)),
  );
  objectsIn(pages, isEntry).forEach((entry, at) =>
    gatherer.attempt(at + 1, () => takeEntry(gatherer, entry)),
  );
  return gatherer.finish();
}

function amountOf(object: JsonObject, name: string): Money | undefined {
  const amount = childOf(object, name);
  const currency = textOf(amount, 'currency_code', 'currency');
  return amount && currency
    ? fromUnits(amount['amount'] ?? 0, currency, currencyDigits(currency))
    : undefined;
}

function takePayout(gatherer: PayoutGatherer, payout: JsonObject): void {
  const amount = amountOf(payout, 'amount_money');
  const payoutId = textOf(payout, 'id');
  if (!amount || !payoutId) throw new CrossfootError('FIELD_MISSING', 'The payout has no id or amount.');
  const draft = gatherer.of(payoutId, amount.currency);
  draft.amount = amount;
  draft.merchant = textOf(payout, 'location_id');
  draft.initiatedOn = isoDay(textOf(payout, 'created_at'));
  draft.arrivesOn = isoDay(textOf(payout, 'arrival_date'));
  draft.failed = textOf(payout, 'status') === 'FAILED';
  const reference = textOf(payout, 'end_to_end_id');
  if (reference) draft.references.add(reference);
  const fees = payout['payout_fee'];
  // Square takes the fee of an instant payout from the balance, before the amount it states.
  for (const [at, one] of (Array.isArray(fees) ? fees.filter(isObject) : []).entries()) {
    const fee = amountOf(one, 'amount_money');
    if (fee && fee.minor !== 0n)
      draft.members.push(
        memberOf({
          key: `payout fee ${at + 1}`,
          kind: 'FEE',
          type: 'PAYOUT_FEE',
          gross: negate(fee),
          record: one,
        }),
      );
  }
}

function takeEntry(gatherer: PayoutGatherer, entry: JsonObject): void {
  const type = textOf(entry, 'type') ?? 'OTHER';
  const net = amountOf(entry, 'net_amount_money');
  const gross = amountOf(entry, 'gross_amount_money');
  const payoutId = textOf(entry, 'payout_id');
  if (!gross || !payoutId)
    throw new CrossfootError('FIELD_MISSING', 'The entry has no payout or gross amount.');
  const fee = amountOf(entry, 'fee_amount_money');
  const details = childOf(entry, `type_${type.toLowerCase()}_details`);
  gatherer.of(payoutId, gross.currency).members.push(
    memberOf({
      key: textOf(entry, 'id') ?? type,
      kind: kinds.find(([sign]) => sign.test(type))?.[1] ?? 'OTHER',
      type,
      gross,
      fee: fee && negate(fee),
      net,
      references: Object.values(details ?? {}).map((value) =>
        typeof value === 'string' ? value : undefined,
      ),
      occurredOn: isoDay(textOf(entry, 'effective_at')),
      record: entry,
    }),
  );
}
