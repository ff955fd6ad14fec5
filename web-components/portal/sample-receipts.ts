interface Sample {
  readonly counterpartyName: string;
  readonly description: string;
  readonly net: readonly [whole: number, step: number];
  readonly category: string;
}

const samples: readonly Sample[] = [
  {
    counterpartyName: 'Café Vela',
    description: 'Company dinner, 24 people',
    net: [612, 7],
    category: 'Meals',
  },
  {
    counterpartyName: 'Brightline Rail',
    description: 'Hamburg to Zurich, 3 returns',
    net: [518, 11],
    category: 'Travel',
  },
  {
    counterpartyName: 'Osito Software',
    description: 'Design seats, one year',
    net: [1180, 13],
    category: 'Software',
  },
  {
    counterpartyName: 'Paper & Co.',
    description: 'Office chairs, 4 pieces',
    net: [764, 9],
    category: 'Office',
  },
  {
    counterpartyName: 'Nordlicht Hosting',
    description: 'Cloud servers',
    net: [1040, 17],
    category: 'Hosting',
  },
];

/**
 * A receipt as the public API takes it, differing from the others by vendor, amount and number.
 * All come to more than a usual automatic limit, so that somebody has to decide.
 */
export function sampleReceipt(turn: number, currency: string, today: string): Record<string, unknown> {
  const sample = samples[turn % samples.length] ?? samples[0]!;
  const [whole, step] = sample.net;
  const net = whole + (turn % 23) * step;
  const tax = Math.round(net * 19);
  const amount = (cents: number): string =>
    `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  return {
    kind: 'RECEIPT',
    number: `R-${today.replaceAll('-', '').slice(2)}-${String(turn).padStart(4, '0')}`,
    issuedOn: today,
    counterpartyName: sample.counterpartyName,
    currency,
    total: amount(net * 100 + tax),
    tax: amount(tax),
    lines: [
      {
        description: sample.description,
        quantity: '1',
        net: amount(net * 100),
        taxRate: '19',
        category: sample.category,
      },
    ],
  };
}
