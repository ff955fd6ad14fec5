import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { corpora } from '../../test/support/corpora.ts';
import { readPayoutReport } from './payout-formats.ts';
import { readReport, shown, stripeReport } from './payout-fixtures.ts';
import { tableSource } from './table-fixtures.ts';

describe('Stripe', () => {
  test('a reconciliation report gives the payout with its charges, refunds and fees', async () => {
    const file = await readReport(stripeReport);
    expect(file.problems).toEqual([]);
    expect(shown(file)).toEqual([
      {
        payout: 'po_1A 162.90 EUR',
        members: [
          'CHARGE 119.00 -1.99 117.01',
          'CHARGE 59.50 -1.14 58.36',
          'REFUND -10.00 0.00 -10.00',
          'FEE -2.47 0.00 -2.47',
        ],
      },
    ]);
    expect(file.payouts[0]).toMatchObject({ provider: 'STRIPE', arrivesOn: '2026-03-05', detail: 'ITEMS' });
    expect(file.payouts[0]?.members[1]).toMatchObject({
      key: 'txn_2',
      references: ['INV-2026-0043', 'ch_2'],
      method: 'mastercard',
      country: 'US',
      occurredOn: '2026-03-02',
      description: 'Order, urgent',
      line: 3,
    });
  });

  test('a row whose fee does not fit is lost with its line, and the payout says what is missing', async () => {
    const file = await readReport(stripeReport.replace('59.50,1.14,58.36', '59.50,1.15,58.36'));
    expect(file.problems).toMatchObject([{ severity: 'error', code: 'AMOUNTS_DIFFER', line: 3 }]);
    expect(file.payouts[0]?.members).toHaveLength(3);
    const paid =
      'po_1A,2026-03-05 00:00:00,txn_9,2026-03-05 00:00:00,eur,-162.90,0.00,-162.90,payout,po_1A,,,,,\n';
    const stated = await readReport(stripeReport.replace('59.50,1.14,58.36', '59.50,1.15,58.36') + paid);
    expect(stated.problems).toMatchObject([
      { code: 'AMOUNTS_DIFFER' },
      { severity: 'warning', code: 'PAYOUT_UNBALANCED', path: ['payouts', '0'] },
    ]);
    expect(stated.problems[1]?.message).toContain('58.36 EUR is missing');
  });

  const entry = (id: string, [amount, fee]: [number, number], more: object = {}) => ({
    object: 'balance_transaction',
    id,
    amount,
    fee,
    net: amount - fee,
    currency: 'eur',
    type: 'charge',
    reporting_category: 'charge',
    created: 1_772_445_600,
    ...more,
  });
  const payout = entry('txn_p', [-11_701, 0], {
    type: 'payout',
    reporting_category: 'payout',
    source: 'po_1B',
  });

  test('pages of the API are one payout, fees in their parts, the references of the charge at hand', async () => {
    const source = {
      object: 'charge',
      id: 'ch_9',
      currency: 'eur',
      metadata: { order_id: 'SO-77', colour: 'red' },
      payment_method_details: { card: { brand: 'visa', country: 'FR' } },
    };
    const fee_details = [
      { type: 'stripe_fee', description: 'Stripe processing fees', amount: 160 },
      { type: 'tax', description: 'VAT', amount: 39 },
    ];
    const file = await readReport([
      { object: 'list', data: [payout, entry('txn_1', [10_000, 199], { source, fee_details })] },
      { object: 'list', data: [entry('txn_2', [1_900, 0])] },
    ]);
    expect(file.problems).toEqual([]);
    expect(shown(file)).toEqual([
      { payout: 'po_1B 117.01 EUR', members: ['CHARGE 100.00 -1.99 98.01', 'CHARGE 19.00 0.00 19.00'] },
    ]);
    expect(file.payouts[0]?.members[0]).toMatchObject({
      references: ['SO-77', 'ch_9'],
      method: 'visa',
      country: 'FR',
      fees: [
        { kind: 'FEE', amount: { minor: -160n } },
        { kind: 'TAX', amount: { minor: -39n } },
      ],
    });
  });

  test('a list of several payouts cannot say which charge is whose, and is not guessed', async () => {
    const other = { ...payout, id: 'txn_q', source: 'po_1C' };
    const file = await readReport({ data: [payout, other, entry('txn_1', [100, 0])] });
    expect(file.problems[0]?.message).toContain('po_1B and po_1C');
    expect(file.payouts).toEqual([]);
  });

  test.each([
    ['jpy', 500, '500'],
    ['kwd', 12_345, '12.345'],
    ['isk', 12_300, '123'],
    ['mga', 5, '5.00'],
  ])('Stripe counts %s in its own units', async (currency, units, amount) => {
    const file = await readReport({
      object: 'payout',
      id: 'po_1',
      amount: units,
      currency,
      arrival_date: 1,
      created: 1,
    });
    expect(shown(file)[0]?.payout).toBe(`po_1 ${amount} ${currency.toUpperCase()}`);
    expect(file.payouts[0]?.detail).toBe('NONE');
  });
});

describe('Adyen', () => {
  const heading =
    'Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Batch Number';
  const rows = [
    'Acme,AcmeShop,881,INV-1,visa,2026-03-01 10:00:00,CET,Settled,882,EUR,,100.00,1,EUR,,98.70,,0.50,0.30,0.50,7',
    'Acme,AcmeShop,883,INV-2,ideal,2026-03-01 10:00:00,CET,Settled,884,USD,,50.00,0.9,EUR,,44.75,0.25,,,,7',
    'Acme,AcmeShop,881,INV-1,visa,2026-03-02 10:00:00,CET,Refunded,885,EUR,20.00,,1,EUR,20.10,,0.10,,,,7',
    'Acme,AcmeShop,,,,2026-03-03 01:00:00,CET,MerchantPayout,"TX11XT batch 7, AcmeShop",,,,,EUR,123.35,,,,,,7',
    'Acme,AcmeShop,886,INV-3,visa,2026-03-04 10:00:00,CET,Settled,887,EUR,,10.00,1,EUR,,10.00,,,,,8',
  ];

  test('each batch is a payout, its costs in their parts, other currencies kept beside', async () => {
    const file = await readReport([heading, ...rows].join('\r\n'));
    expect(file.problems).toEqual([]);
    expect(shown(file)).toEqual([
      {
        payout: 'AcmeShop/7 123.35 EUR',
        members: ['CHARGE 100.00 -1.30 98.70', 'CHARGE 45.00 -0.25 44.75', 'REFUND -20.00 -0.10 -20.10'],
      },
      { payout: 'AcmeShop/8 10.00 EUR', members: ['CHARGE 10.00 0.00 10.00'] },
    ]);
    const [first] = file.payouts;
    expect(first?.references).toEqual(['TX11XT']);
    expect(first?.members[0]?.fees.map(({ label, amount }) => `${label} ${amount.minor}`)).toEqual([
      'markup -50',
      'scheme fees -30',
      'interchange -50',
    ]);
    expect(first?.members[1]?.exchange).toEqual({ original: { minor: 5000n, currency: 'USD' }, rate: '0.9' });
  });
});

describe('PayPal', () => {
  const heading =
    '"Date","Time","Time Zone","Description","Currency","Gross","Fee","Net","Balance","Transaction ID","From Email Address","Name","Invoice ID","Reference Txn ID"';

  test('a withdrawal is what happened since the one before, exchanged money included', async () => {
    const file = await readReport(
      [
        heading,
        '"9/4/2026","21:15:11","America/Los_Angeles","General Withdrawal - Bank Account","EUR","-90.00","0.00","-90.00","-90.00","W1","","","",""',
        '"9/4/2026","21:15:11","America/Los_Angeles","General Currency Conversion","EUR","90.00","0.00","90.00","0.00","C1","","","","W1"',
        '"9/3/2026","9:10:00","America/Los_Angeles","Express Checkout Payment","USD","1,105.00","-4.00","1,101.00","1,101.00","S1","a@b.c","Ada","INV-7",""',
        '"9/4/2026","21:15:11","America/Los_Angeles","General Currency Conversion","USD","-1,100.00","0.00","-1,100.00","1.00","C2","","","","W1"',
        '"9/13/2026","21:15:11","America/Los_Angeles","Express Checkout Payment","USD","5.00","0.00","5.00","6.00","S2","","","",""',
      ].join('\n'),
    );
    expect(file.problems).toEqual([]);
    expect(shown(file)).toEqual([
      {
        payout: 'W1 90.00 EUR',
        members: [
          'CONVERSION 90.00 0.00 90.00',
          'CHARGE 1105.00 -4.00 1101.00 USD',
          'CONVERSION -1100.00 0.00 -1100.00 USD',
          'RESERVE -1.00 0.00 -1.00 USD',
        ],
      },
    ]);
    expect(file.payouts[0]?.members[1]?.references).toEqual(['INV-7', 'S1']);
  });

  test('amounts and days are read as the file writes them', async () => {
    const file = await readReport(
      [
        'Date;Time;Time Zone;Type;Status;Currency;Gross;Fee;Net;Transaction ID;Reference Txn ID;Balance',
        '03.02.2026;10:00:00;CET;Express-Checkout-Zahlung;Abgeschlossen;EUR;1.250,50;-20,50;1.230,00;S1;;1.230,00',
        '04.02.2026;10:00:00;CET;Auszahlung auf Bankkonto;Abgeschlossen;EUR;-1.230,00;0,00;-1.230,00;W1;;0,00',
      ].join('\n'),
    );
    expect(shown(file)).toEqual([{ payout: 'W1 1230.00 EUR', members: ['CHARGE 1250.50 -20.50 1230.00'] }]);
    expect(file.payouts[0]?.initiatedOn).toBe('2026-02-04');
  });

  test('a settlement report in sections counts in the smallest unit', async () => {
    const heading =
      '"CH","Transaction ID","Invoice ID","PayPal Reference ID","PayPal Reference ID Type","Transaction Event Code","Transaction Initiation Date","Transaction Completion Date","Transaction Debit or Credit","Gross Transaction Amount","Gross Transaction Currency","Fee Debit or Credit","Fee Amount","Fee Currency"';
    const body = ([id, invoice = '']: [string, string?], code: string, rest: string) =>
      `"SB","${id}","${invoice}","","","${code}","2026/03/02 10:00:00 +0100","2026/03/02 10:00:00 +0100",${rest}`;
    const file = await readReport(
      [
        '"RH",2026/03/03 02:00:00 +0100,"A","MERCHANT12345",009',
        '"FH",1',
        '"SH",2026/03/02 00:00:00 +0100,2026/03/02 23:59:59 +0100,"MERCHANT12345"',
        heading,
        body(['S1', 'INV-1'], 'T0006', '"CR","10000","EUR","DR","350","EUR"'),
        body(['R1'], 'T1107', '"DR","2000","EUR","CR","0","EUR"'),
        body(['W1'], 'T0400', '"DR","7650","EUR","","",""'),
        '"SF","EUR",10000,9650,350',
        '"FF",3',
      ].join('\n'),
    );
    expect(file.problems).toEqual([]);
    expect(shown(file)).toEqual([
      { payout: 'W1 76.50 EUR', members: ['CHARGE 100.00 -3.50 96.50', 'REFUND -20.00 0.00 -20.00'] },
    ]);
    expect(file.payouts[0]).toMatchObject({ merchant: 'MERCHANT12345', initiatedOn: '2026-03-02' });
  });
});

describe('Square', () => {
  const cents = (amount: number) => ({ amount, currency_code: 'USD' });

  test('payouts and their entries come as the API answers them', async () => {
    const file = await readReport([
      {
        payout: {
          id: 'po_s1',
          status: 'PAID',
          location_id: 'L1',
          created_at: '2026-03-02T03:00:00Z',
          arrival_date: '2026-03-03',
          amount_money: cents(4_600),
          destination: { type: 'BANK_ACCOUNT', id: 'bact_1' },
          payout_fee: [{ amount_money: cents(80), type: 'TRANSFER_FEE' }],
        },
      },
      {
        payout_entries: [
          {
            id: 'poe_1',
            payout_id: 'po_s1',
            effective_at: '2026-03-01T10:00:00Z',
            type: 'CHARGE',
            gross_amount_money: cents(5_000),
            fee_amount_money: cents(150),
            net_amount_money: cents(4_850),
            type_charge_details: { payment_id: 'PAY1' },
          },
          {
            id: 'poe_2',
            payout_id: 'po_s1',
            type: 'REFUND',
            gross_amount_money: cents(-170),
            net_amount_money: cents(-170),
            type_refund_details: { payment_id: 'PAY0', refund_id: 'REF1' },
          },
        ],
      },
    ]);
    expect(file.problems).toEqual([]);
    expect(shown(file)).toEqual([
      {
        payout: 'po_s1 46.00 USD',
        members: ['FEE -0.80 0.00 -0.80', 'CHARGE 50.00 -1.50 48.50', 'REFUND -1.70 0.00 -1.70'],
      },
    ]);
    expect(file.payouts[0]).toMatchObject({ merchant: 'L1', arrivesOn: '2026-03-03' });
    expect(file.payouts[0]?.members[2]?.references).toEqual(['PAY0', 'REF1']);
  });

  test('the transactions of the dashboard are grouped by deposit', async () => {
    const file = await readReport(
      [
        'Date,Time,Total Collected,Fees,Net Total,Transaction ID,Payment ID,Card Brand,Event Type,Deposit ID,Deposit Date',
        '03/01/26,10:00:00,"$1,000.00",($26.10),$973.90,T1,P1,Visa,Payment,D1,03/02/26',
        '03/01/26,10:05:00,($10.00),$0.00,($10.00),T2,P2,Visa,Refund,D1,03/02/26',
        '03/01/26,10:07:00,$7.00,$0.00,$7.00,T3,P3,,Payment,,',
        '03/01/26,10:09:00,7.00,0.00,7.00,T4,P4,,Payment,D2,03/02/26',
      ].join('\n'),
    );
    expect(shown(file)).toEqual([
      { payout: 'D1 963.90 USD', members: ['CHARGE 1000.00 -26.10 973.90', 'REFUND -10.00 0.00 -10.00'] },
    ]);
    expect(file.problems).toMatchObject([{ code: 'CURRENCY_UNKNOWN', line: 5 }]);
  });
});

describe('Shopify', () => {
  const payout = {
    id: 11,
    status: 'paid',
    date: '2026-03-05',
    currency: 'EUR',
    amount: '93.00',
    summary: {
      charges_gross_amount: '100.00',
      charges_fee_amount: '2.00',
      refunds_gross_amount: '-5.00',
      refunds_fee_amount: '0.00',
    },
  };

  test('a payout alone gives its totals, with its transactions each of them', async () => {
    expect(shown(await readReport({ payout }))).toEqual([
      { payout: '11 93.00 EUR', members: ['CHARGE 100.00 -2.00 98.00', 'REFUND -5.00 0.00 -5.00'] },
    ]);
    const one = {
      test: false,
      payout_id: 11,
      source_type: 'charge',
      currency: 'EUR',
      processed_at: '2026-03-01T00:00:00Z',
    };
    const file = await readReport({
      payout,
      transactions: [
        { ...one, id: 1, type: 'charge', amount: '100.00', fee: '2.00', net: '98.00', source_order_id: 4711 },
        { ...one, id: 2, type: 'refund', amount: '-5.00', fee: '0.00', net: '-5.00' },
        { ...one, id: 3, type: 'payout', amount: '-93.00', fee: '0.00', net: '-93.00' },
      ],
    });
    expect(file.problems).toEqual([]);
    expect(file.payouts[0]).toMatchObject({
      detail: 'ITEMS',
      members: [{ key: '1', references: ['4711'] }, { key: '2' }],
    });
  });

  test('exports name an order, and the day where there is no payout id; tax on the fee is told apart', async () => {
    const file = await readReport(
      [
        'Transaction Date,Type,Order,Card Brand,Payout Status,Payout Date,Available On,Amount,Fee,Net,Presentment Amount,Presentment Currency,Currency,VAT',
        '2026-03-01 10:00:00 +0100,charge,#1001,visa,paid,2026-03-05,2026-03-04,100.00,2.38,97.62,110.00,USD,EUR,0.38',
        '2026-03-06 10:00:00 +0100,charge,#1002,visa,pending,2026-03-08,2026-03-08,10.00,0.20,9.80,10.00,EUR,EUR,0.00',
      ].join('\n'),
    );
    expect(shown(file)).toEqual([
      { payout: '2026-03-05 EUR 97.62 EUR', members: ['CHARGE 100.00 -2.38 97.62'] },
    ]);
    expect(file.payouts[0]?.members[0]).toMatchObject({
      references: ['#1001'],
      exchange: { original: { minor: 11_000n, currency: 'USD' } },
      fees: [
        { kind: 'FEE', amount: { minor: -200n } },
        { kind: 'TAX', amount: { minor: -38n } },
      ],
    });
    const totals = await readReport(
      'Payout Date,Status,Charges,Refunds,Adjustments,Reserved Funds,Fees,Retried Amount,Total,Currency\n2026-03-05,paid,100.00,-5.00,0.00,0.00,-2.00,0.00,93.00,EUR\n',
    );
    expect(totals.problems).toEqual([]);
    expect(totals.payouts[0]).toMatchObject({ payoutId: '2026-03-05 EUR', detail: 'SUMMARY' });
  });
});

describe('Amazon', () => {
  const heading =
    'settlement-id\tsettlement-start-date\tsettlement-end-date\tdeposit-date\ttotal-amount\tcurrency\ttransaction-type\torder-id\tmerchant-order-id\tadjustment-id\tshipment-id\tmarketplace-name\tamount-type\tamount-description\tamount\tfulfillment-id\tposted-date\tposted-date-time';
  const row = (type: string, order: string, parts: string) =>
    `77\t\t\t\t\t\t${type}\t${order}\t\t\tS1\tAmazon.de\t${parts}\tAFN\t05.03.2026\t05.03.2026 10:00:00 UTC`;

  test('the rows of an order are one member, with fees and withheld tax told apart', async () => {
    const file = await readReport(
      [
        heading,
        '77\t01.03.2026 00:00:00 UTC\t15.03.2026 00:00:00 UTC\t17.03.2026 00:00:00 UTC\t73,50\tEUR',
        row('Order', '303-1', 'ItemPrice\tPrincipal\t100,00'),
        row('Order', '303-1', 'ItemPrice\tTax\t19,00'),
        row('Order', '303-1', 'ItemFees\tCommission\t-15,50'),
        row('Order', '303-1', 'ItemWithheldTax\tMarketplaceFacilitatorVAT-Principal\t-19,00'),
        row('other-transaction', '', 'other-transaction\tCurrent Reserve Amount\t-10,00'),
        row('other-transaction', '', 'other-transaction\tSubscription Fee\t-1,00'),
      ].join('\n'),
    );
    expect(file.problems).toEqual([]);
    expect(shown(file)).toEqual([
      {
        payout: '77 73.50 EUR',
        members: ['CHARGE 119.00 -34.50 84.50', 'RESERVE -10.00 0.00 -10.00', 'FEE -1.00 0.00 -1.00'],
      },
    ]);
    expect(file.payouts[0]).toMatchObject({ initiatedOn: '2026-03-15', arrivesOn: '2026-03-17' });
    expect(file.payouts[0]?.members[0]).toMatchObject({
      references: ['303-1'],
      fees: [{ kind: 'FEE', label: 'Commission' }, { kind: 'TAX' }],
    });
  });
});

test.each([
  ['', 'FILE_UNREADABLE'],
  ['{"a": 1', 'FILE_UNREADABLE'],
  ['{"a": 1}', 'FORMAT_UNKNOWN'],
  ['Date,Amount\n2026-03-01,10.00\n', 'FORMAT_UNKNOWN'],
])('a file that is no report is refused: %j', async (text, code) => {
  expect(await readReport(text)).toMatchObject({ payouts: [], problems: [{ severity: 'refused', code }] });
});

const statements = corpora('statements', 'OCA+bank-statement-import');
const samples = corpora('samples');

describe.skipIf(!statements || !samples)('reports of others', () => {
  const read = (path: string) => readPayoutReport(tableSource(readFileSync(path), { name: path }));
  const found = (folder: string, sign: RegExp) =>
    readdirSync(folder)
      .filter((name) => sign.test(name))
      .map((name) => join(folder, name));

  test('settlement details, statements and settlements add up to the cent', async () => {
    const paths = [
      ...found(statements ?? '', /settlement_detail.*csv$|paypal.*statement_en\.csv$/),
      ...found(join(samples ?? '', 'expense-exports'), /settlement/),
      ...found(join(samples ?? '', 'shopify'), /^payout/),
    ];
    expect(paths).toHaveLength(5);
    const files = await Promise.all(paths.map(read));
    expect(files.flatMap(({ problems }) => problems)).toEqual([]);
    const totals = files.map(({ payouts }) => payouts.reduce((sum, { members }) => sum + members.length, 0));
    expect(totals).toEqual([18, 3, 227, 25, 3]);
  });
});
