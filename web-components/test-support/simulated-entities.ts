/** An amount of the simulated book, in euro. */
export function euro(amount: string): { amount: string; currency: string } {
  return { amount, currency: 'EUR' };
}

/** The people of the simulated organisation. */
export const people = {
  ana: { id: 'mb_ana', name: 'Ana Lindqvist' },
  ravi: { id: 'mb_ravi', name: 'Ravi Menon' },
} as const;

/** The name of one of the people. */
export type PersonName = keyof typeof people;

/** The few facts in which approval requests of the simulated book differ. */
export interface ApprovalSeed {
  readonly id: string;
  readonly vendor: string;
  readonly amount: string;
  readonly tax: string;
  readonly net: string;
  readonly number: string;
  readonly description: string;
  readonly account: readonly [code: string, name: string];
  readonly confidence?: string;
  readonly submittedBy?: PersonName;
  readonly minutesAgo?: number;
  readonly rule?: string;
  readonly kind?: string;
  readonly levels?: number;
  readonly known?: boolean;
  readonly file?: { id: string; name: string; mediaType: string; url: string };
  readonly problems?: readonly { code: string; message: string; remedy: string; path: string[] }[];
}

/** An approval request as the simulated gateway keeps it. */
export interface SimulatedApproval {
  id: string;
  status: string;
  version: number;
  level: number;
  levels: number;
  decidedAt: string | null;
  submittedBy: { id: string; name: string };
  decisions: {
    level: number;
    verdict: string;
    comment: string | null;
    decidedAt: string;
    decidedBy: unknown;
  }[];
  draft: { id: string; status: string; journalEntry: { id: string; number: string } | null };
  [field: string]: unknown;
}

/** An approval request with its draft and document, from the few facts that differ. */
export function approvalOf(seed: ApprovalSeed, now: number = Date.now()): SimulatedApproval {
  const { id, vendor, amount, tax, net, number, description, confidence = '0.91' } = seed;
  const requestedAt = new Date(now - (seed.minutesAgo ?? 12) * 60_000).toISOString();
  const levels = seed.levels ?? 1;
  const status = seed.known === false ? 'PROPOSED' : 'ACTIVE';
  const line = (side: string, money: string, [accountCode, accountName]: readonly string[]): object => ({
    side,
    memo: description,
    money: euro(money),
    account: { id: `acc_${accountCode}`, code: accountCode, name: accountName },
  });
  return {
    id,
    status: 'PENDING',
    version: 1,
    level: 1,
    levels,
    summary: `${vendor} ${number}`,
    reason: `Above the automatic limit of €250.00 in the policy "Purchases".`,
    requestedAt,
    dueAt: new Date(now + 140 * 60_000).toISOString(),
    decidedAt: null,
    total: euro(amount),
    submittedBy: people[seed.submittedBy ?? 'ana'],
    policy: { id: 'pol_1', name: 'Purchases', fourEyes: true },
    decisions: [],
    draft: {
      id: `dr_${id}`,
      status: 'PENDING_APPROVAL',
      description,
      postedOn: '2026-10-31',
      confidence,
      reasons: [`Booked like the last 12 documents of ${vendor}.`],
      vendor: { id: `ven_${vendor}`, name: vendor, status },
      rule: seed.rule ? { id: 'rule_1', name: seed.rule } : null,
      journalEntry: null,
      lines: [
        line('DEBIT', net, seed.account),
        line('DEBIT', tax, ['1406', 'Input VAT 19 %']),
        line('CREDIT', amount, ['3300', 'Trade payables']),
      ],
      document: {
        id: `doc_${id}`,
        kind: seed.kind ?? 'INVOICE',
        status: 'DRAFTED',
        number,
        issuedOn: '2026-10-31',
        dueOn: '2026-11-14',
        counterpartyName: vendor,
        source: 'email',
        format: 'UBL',
        receivedAt: requestedAt,
        total: euro(amount),
        tax: euro(tax),
        file: seed.file ?? null,
        lines: [{ description, quantity: '1', taxRate: '19', net: euro(net) }],
        problems: seed.problems ?? [],
      },
    },
  } as unknown as SimulatedApproval;
}

interface MatchSeed {
  readonly id: string;
  readonly payer: string;
  readonly item: string;
  readonly amount: string;
  readonly applied?: string;
  readonly difference?: string;
  readonly confidence?: string;
  readonly minutesAgo?: number;
}

/** A suggested match as the simulated gateway keeps it. */
export interface SimulatedMatch {
  id: string;
  status: string;
  decidedAt: string | null;
  decidedBy: { id: string; name: string } | null;
  [field: string]: unknown;
}

/** A suggested match with bank line, open item, evidence and a rival. */
export function matchOf(seed: MatchSeed, now: number = Date.now()): SimulatedMatch {
  const { id, payer, item, amount, confidence = '0.94', difference } = seed;
  const applied = seed.applied ?? amount.replace('-', '');
  return {
    id,
    status: 'SUGGESTED',
    method: 'reference',
    confidence,
    automatic: false,
    createdAt: new Date(now - (seed.minutesAgo ?? 5) * 60_000).toISOString(),
    decidedAt: null,
    decidedBy: null,
    difference: difference ? euro(difference) : null,
    lines: [
      {
        id: `line_${id}`,
        bookedOn: '2026-11-03',
        valueOn: '2026-11-03',
        counterpartyName: payer,
        reference: 'NH-20418',
        remittance: `Invoice ${item}`,
        amount: euro(amount),
        statement: {
          id: 'st_1',
          reference: '2026-11',
          bankAccount: { id: 'ba_1', name: 'Current account', ibanLastFour: '8801' },
        },
      },
    ],
    items: [
      {
        applied: euro(applied),
        openItem: {
          id: `oi_${id}`,
          kind: amount.startsWith('-') ? 'PAYABLE' : 'RECEIVABLE',
          label: item,
          reference: item,
          counterpartyName: payer,
          dueOn: '2026-11-14',
          amount: euro(applied),
          open: euro(applied),
        },
      },
    ],
    evidence: [
      {
        signal: 'AMOUNT',
        score: difference ? '0.78' : '1',
        detail: difference ? 'within the fee tolerance' : 'to the cent',
      },
      { signal: 'REFERENCE', score: '1', detail: `${item} stands in the remittance` },
      { signal: 'COUNTERPARTY', score: '0.86', detail: `known alias of ${payer}, seen 12 times` },
      { signal: 'DATE', score: '0.72', detail: '3 days after the invoice' },
    ],
    rivals: [{ itemLabel: `${item}-B`, confidence: '0.41', reason: 'Same amount, but another reference.' }],
  };
}
