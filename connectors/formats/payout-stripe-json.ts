import { dateOf } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { negate } from '#kernel/money';
import type { PayoutFee, PayoutReportFile } from '#connectors/payout-ports';
import { childOf, isObject, objectsIn, textOf, type JsonObject } from './payout-json.ts';
import { isReferenceKey, stripeKind } from './payout-stripe.ts';
import { fromUnits, memberOf, PayoutGatherer, type PayoutDraft } from './payout-values.ts';

const isPayout = (object: JsonObject): boolean => object['object'] === 'payout';
const isEntry = (object: JsonObject): boolean => object['object'] === 'balance_transaction';

/** Whether pages are answers of Stripe's API, or events of its webhooks, about payouts. */
export function isStripe(pages: readonly unknown[]): boolean {
  return objectsIn(pages, (object) => isPayout(object) || isEntry(object)).length > 0;
}

/** Reads payouts and the balance transactions of each, as the API answers them, page by page or in one file. */
export function readStripe(pages: readonly unknown[]): PayoutReportFile {
  const gatherer = new PayoutGatherer('STRIPE', 'Stripe API JSON');
  // Objects that stand for themselves, as one on each line, are one page together.
  const loose = pages.filter((page) => isObject(page) && (isPayout(page) || isEntry(page)));
  const groups = [...pages.filter((page) => !loose.includes(page)), loose].map((page) => ({
    payouts: objectsIn(page, isPayout),
    entries: objectsIn(page, isEntry),
  }));
  for (const { payouts } of groups)
    for (const payout of payouts) gatherer.attempt(1, () => void draftOf(gatherer, payout));
  const paidOut = (entries: readonly JsonObject[]) =>
    entries.flatMap((entry) => (kindOf(entry) === 'payout' ? (payoutIdOf(entry) ?? []) : []));
  const all = new Set(groups.flatMap(({ payouts, entries }) => [...ids(payouts), ...paidOut(entries)]));
  for (const { payouts, entries } of groups) {
    const own = new Set([...ids(payouts), ...paidOut(entries)]);
    const [payoutId, another] = own.size > 0 ? own : all;
    if (entries.length === 0) continue;
    if (payoutId === undefined || another !== undefined) {
      const message =
        payoutId === undefined
          ? 'The list of balance transactions does not say of which payout it is; ask for it by `payout`, with the payout.'
          : `The list holds the payouts ${payoutId} and ${another}; ask for the balance transactions of each by itself.`;
      gatherer.problems.push({ severity: 'error', code: 'FIELD_MISSING', message });
      continue;
    }
    entries.forEach((entry, at) => gatherer.attempt(at + 1, () => takeEntry(gatherer, payoutId, entry)));
  }
  return gatherer.finish();
}

const ids = (payouts: readonly JsonObject[]) => payouts.flatMap((payout) => textOf(payout, 'id') ?? []);
const kindOf = (entry: JsonObject) => stripeKind(textOf(entry, 'reporting_category', 'type') ?? '');
const sourceOf = (entry: JsonObject) => childOf(entry, 'source');
const payoutIdOf = (entry: JsonObject) => textOf(sourceOf(entry), 'id') ?? textOf(entry, 'source');

/** Stripe counts some currencies in other units than ISO 4217 has them. */
const wholeUnits = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '));
const thousandths = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

function amountOf(object: JsonObject, name: string, currency: string) {
  const digits = wholeUnits.has(currency) ? 0 : thousandths.has(currency) ? 3 : 2;
  return fromUnits(object[name] ?? 0, currency, digits);
}

function currencyOf(object: JsonObject): string {
  const currency = textOf(object, 'currency');
  if (currency === undefined) throw new CrossfootError('FIELD_MISSING', 'The object has no currency.');
  return currency.toUpperCase();
}

const dayOf = (value: unknown) =>
  typeof value === 'number' && value > 0 ? dateOf(new Date(value * 1000)) : undefined;

function draftOf(gatherer: PayoutGatherer, payout: JsonObject): PayoutDraft {
  const currency = currencyOf(payout);
  const draft = gatherer.of(textOf(payout, 'id') ?? '', currency);
  draft.amount = amountOf(payout, 'amount', currency);
  draft.initiatedOn = dayOf(payout['created']);
  draft.arrivesOn = dayOf(payout['arrival_date']);
  draft.failed = /^(failed|canceled)$/.test(textOf(payout, 'status') ?? '');
  const trace = textOf(childOf(payout, 'trace_id'), 'value');
  for (const reference of [textOf(payout, 'statement_descriptor'), trace])
    if (reference !== undefined) draft.references.add(reference);
  return draft;
}

function takeEntry(gatherer: PayoutGatherer, payoutId: string, entry: JsonObject): void {
  const currency = currencyOf(entry);
  const draft = gatherer.of(payoutId, currency);
  const category = textOf(entry, 'reporting_category', 'type') ?? '';
  const gross = amountOf(entry, 'amount', currency);
  const fee = negate(amountOf(entry, 'fee', currency));
  const key = textOf(entry, 'id') ?? category;
  const kind = stripeKind(category);
  const source = sourceOf(entry);
  if (kind === 'payout') {
    if (source && isPayout(source)) draftOf(gatherer, source);
    draft.amount ??= negate(gross);
    draft.initiatedOn ??= dayOf(entry['created']);
    draft.arrivesOn ??= dayOf(entry['available_on']);
    if (fee.minor !== 0n)
      draft.members.push(
        memberOf({ key: `${key} fee`, kind: 'FEE', type: 'payout_fee', gross: fee, record: entry }),
      );
    return;
  }
  const card = childOf(childOf(source, 'payment_method_details'), 'card');
  draft.members.push(
    memberOf({
      key,
      kind,
      type: category,
      gross,
      fee,
      net: amountOf(entry, 'net', currency),
      fees: feesOf(entry, currency),
      exchange: exchangeOf(entry, source, currency),
      references: referencesOf(entry, source),
      method: (
        textOf(card, 'brand') ?? textOf(childOf(source, 'payment_method_details'), 'type')
      )?.toLowerCase(),
      country: textOf(card, 'country'),
      occurredOn: dayOf(entry['created']),
      description: textOf(entry, 'description') ?? textOf(source, 'description'),
      record: entry,
    }),
  );
}

function feesOf(entry: JsonObject, currency: string): PayoutFee[] {
  const details = entry['fee_details'];
  return (Array.isArray(details) ? details.filter(isObject) : []).map((detail) => ({
    kind: /tax/.test(textOf(detail, 'type') ?? '') ? 'TAX' : 'FEE',
    label: textOf(detail, 'description', 'type') ?? 'fee',
    amount: negate(amountOf(detail, 'amount', currency)),
  }));
}

function exchangeOf(entry: JsonObject, source: JsonObject | undefined, currency: string) {
  const rate = textOf(entry, 'exchange_rate');
  if (!source || rate === undefined || currencyOf(source) === currency) return undefined;
  const paidIn = currencyOf(source);
  const original = amountOf(source, 'amount', paidIn);
  const back = textOf(source, 'object') === 'refund' || textOf(source, 'object') === 'dispute';
  return { original: back ? negate(original) : original, rate };
}

function referencesOf(entry: JsonObject, source: JsonObject | undefined): (string | undefined)[] {
  const metadata = Object.entries(childOf(source, 'metadata') ?? {});
  const own = metadata.flatMap(([key, value]) =>
    isReferenceKey(key) && typeof value === 'string' ? [value] : [],
  );
  const charge = childOf(source, 'charge');
  return [
    ...own,
    textOf(source, 'receipt_number'),
    textOf(source, 'invoice') ?? textOf(childOf(source, 'invoice'), 'number', 'id'),
    textOf(source, 'id') ?? textOf(entry, 'source'),
    textOf(source, 'payment_intent'),
    textOf(source, 'charge') ?? textOf(charge, 'id'),
  ];
}
