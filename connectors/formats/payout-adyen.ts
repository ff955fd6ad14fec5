import { add, money, negate, parseMoney, subtract, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { PayoutFee, PayoutMemberKind } from '#connectors/payout-ports';
import { gatherRows, required, type PayoutTable, type ReportRow } from './payout-table.ts';
import { isoDay, memberOf, PayoutGatherer } from './payout-values.ts';

/** The settlement details report of Adyen: one payout for each batch of a merchant account. */
export const adyenSettlement: PayoutTable = {
  recognises: (header) =>
    ['psp reference', 'batch number', 'net debit (nc)', 'net credit (nc)'].every((name) => header.has(name)),
  read: (table) => gatherRows(table, new PayoutGatherer('ADYEN', 'Adyen settlement details CSV'), takeRow),
};

const kinds: readonly (readonly [RegExp, PayoutMemberKind])[] = [
  [/^(settled|authorised|.*settlement|settledinstallment\w*|settledexternally\w*)$/i, 'CHARGE'],
  [/chargeback|disput/i, 'CHARGEBACK'],
  [/refund|captured?reversed/i, 'REFUND'],
  [/^(fee|misccosts|paymentcost|invoicededuction|bankinstructionreturned|\w*fee|\w*commission)$/i, 'FEE'],
  [/balancetransfer|reserve|deposit|^advancement/i, 'RESERVE'],
  [/correction|adjustment|manual/i, 'ADJUSTMENT'],
];

const costs = ['commission (nc)', 'markup (nc)', 'scheme fees (nc)', 'interchange (nc)'] as const;
const labels: Record<(typeof costs)[number], string> = {
  'commission (nc)': 'commission',
  'markup (nc)': 'markup',
  'scheme fees (nc)': 'scheme fees',
  'interchange (nc)': 'interchange',
};

function takeRow(gatherer: PayoutGatherer, row: ReportRow): void {
  const batch = required(row, 'batch number');
  const merchant = required(row, 'merchant account');
  const currency = required(row, 'net currency');
  const type = required(row, 'type');
  const draft = gatherer.of(`${merchant}/${batch}`, currency);
  draft.merchant = merchant;
  const net = difference(row, 'net', currency);
  const day = isoDay(row.cell('booking date', 'creation date'));
  if (/payout$/i.test(type)) {
    draft.amount = subtract(draft.amount ?? money(0n, currency), net);
    draft.initiatedOn = day;
    // The bank line carries the beginning of this text, for example TX635094301XT.
    const [reference] = row.cell('modification reference')?.split(/[\s,]+/) ?? [];
    if (reference) draft.references.add(reference);
    return;
  }
  const fees = costs.flatMap((name): PayoutFee[] => {
    const text = row.cell(name);
    const amount = text === undefined ? undefined : negate(parseMoney(text, currency));
    return amount && amount.minor !== 0n ? [{ kind: 'FEE', label: labels[name], amount }] : [];
  });
  const fee = sum(
    currency,
    fees.map((one) => one.amount),
  );
  const originalCurrency = row.cell('gross currency');
  const original = originalCurrency ? difference(row, 'gross', originalCurrency) : undefined;
  const same = original?.currency === currency && original.minor !== 0n;
  draft.members.push(
    memberOf({
      key: `${type} ${row.cell('modification reference', 'psp reference') ?? ''}`,
      kind: kinds.find(([sign]) => sign.test(type))?.[1] ?? 'OTHER',
      type,
      gross: same ? original : subtract(net, fee),
      fee,
      net,
      fees,
      exchange:
        original === undefined || original.minor === 0n || same
          ? undefined
          : { original, rate: row.cell('exchange rate') },
      references: [
        row.cell('merchant reference'),
        row.cell('psp reference'),
        row.cell('modification merchant reference')?.replace(/^<auto>$/, ''),
      ],
      method: row.cell('payment method')?.toLowerCase(),
      country: row.cell('issuer country', 'shopper country'),
      occurredOn: isoDay(row.cell('creation date')),
      description: row.cell('modification reference'),
      record: row.record,
      line: row.line,
    }),
  );
}

function difference(row: ReportRow, side: 'net' | 'gross', currency: string): Money {
  const mark = side === 'net' ? 'nc' : 'gc';
  const of = (name: string): Money => {
    const text = row.cell(`${side} ${name} (${mark})`);
    return text === undefined ? money(0n, currency) : parseMoney(text, currency);
  };
  return add(of('credit'), negate(of('debit')));
}
