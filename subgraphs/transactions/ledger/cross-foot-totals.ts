import type { BankFacts } from '#kernel/events';
import { formatMoney } from '#kernel/money';
import type { Discrepancy } from './cross-foot.ts';
import type { FindingSeverity } from './validate-invariant.ts';

/** What the journal says, debits positive, in minor units as text. */
export interface LedgerTotals {
  readonly bank: readonly {
    readonly accountCode: string;
    readonly currency: string;
    /** By standing entries that bank lines caused. */
    readonly posted: string;
    /** By everything. */
    readonly balance: string;
  }[];
  /** What documents left open and payments took; undefined where earlier payments do not say. */
  readonly open:
    | readonly {
        readonly accountCode: string;
        readonly vendorId: string | undefined;
        readonly currency: string;
        readonly minor: string;
      }[]
    | undefined;
}

interface Compared {
  readonly invariant: string;
  readonly severity: FindingSeverity;
  readonly subject: { readonly type: string; readonly id: string; readonly part: string };
  readonly detail: string;
  readonly expected: bigint;
  readonly found: bigint;
  readonly currency: string;
  readonly evidence: readonly {
    readonly type: string;
    readonly id: string;
    readonly label: string;
    minor: bigint;
  }[];
}

function apart(one: Compared): Discrepancy[] {
  const { invariant, severity, subject, currency, expected, found } = one;
  if (expected === found) return [];
  const shown = (minor: bigint): string => `${formatMoney({ minor, currency })} ${currency}`;
  return [
    {
      invariant,
      severity,
      subjectType: subject.type,
      subjectId: subject.id,
      part: subject.part,
      detail: `${one.detail}: expected ${shown(expected)}, found ${shown(found)}.`,
      expected: shown(expected),
      found: shown(found),
      difference: { minor: String(found - expected), currency },
      evidence: one.evidence.map((row) => ({ ...row, minor: String(row.minor), currency })),
    },
  ];
}

type StatedAccount = BankFacts['accounts'][number];

interface LedgerAccount {
  readonly first: StatedAccount;
  readonly accounts: readonly StatedAccount[];
  readonly ledger: { readonly posted: bigint; readonly balance: bigint };
}

/** Bank accounts by the account of the ledger that stands for them; two may share one. */
function byLedgerAccount(facts: BankFacts, { bank }: LedgerTotals): LedgerAccount[] {
  const groups = Map.groupBy(facts.accounts, (one) => `${one.accountCode} ${one.currency}`);
  return [...groups.values()].flatMap((accounts): LedgerAccount[] => {
    const [first] = accounts;
    if (!first) return [];
    const own = bank.find((row) => row.accountCode === first.accountCode && row.currency === first.currency);
    const ledger = { posted: BigInt(own?.posted ?? 0), balance: BigInt(own?.balance ?? 0) };
    return [{ first, accounts, ledger }];
  });
}

const total = (accounts: readonly StatedAccount[], of: (one: StatedAccount) => string | undefined): bigint =>
  accounts.reduce((sum, one) => sum + BigInt(of(one) ?? 0), 0n);

const rowsOf = (
  accounts: readonly StatedAccount[],
  label: string,
  of: (one: StatedAccount) => string | undefined,
) =>
  accounts.map((one) => ({
    type: 'BankAccount',
    id: one.bankAccountId,
    label: `${one.name}: ${label}`,
    minor: BigInt(of(one) ?? 0),
  }));

/** Lines that reconciliation says are posted, against what the journal has of them. */
export function postedApart(facts: BankFacts, totals: LedgerTotals): Discrepancy[] {
  return byLedgerAccount(facts, totals).flatMap(({ first, accounts, ledger }) =>
    apart({
      invariant: 'BANK_LINES_POSTED',
      severity: 'HIGH',
      subject: { type: 'BankAccount', id: first.bankAccountId, part: first.currency },
      detail: `The bank lines of ${first.name} that are matched or booked are not what account ${first.accountCode} has of them`,
      expected: total(accounts, (one) => one.posted),
      found: ledger.posted,
      currency: first.currency,
      evidence: rowsOf(accounts, 'lines matched or booked', (one) => one.posted),
    }),
  );
}

/** What reconciliation knows of the entries on the account of a bank account, against the journal. */
export function knownApart(facts: BankFacts, totals: LedgerTotals): Discrepancy[] {
  return byLedgerAccount(facts, totals).flatMap(({ first, ledger }) =>
    first.copied === undefined
      ? []
      : apart({
          invariant: 'BANK_ENTRIES_KNOWN',
          severity: 'HIGH',
          subject: { type: 'BankAccount', id: first.bankAccountId, part: first.currency },
          detail: `What is known of the entries on account ${first.accountCode} where its bank statements are proven is not what the journal has`,
          expected: ledger.balance,
          found: BigInt(first.copied),
          currency: first.currency,
          evidence: rowsOf([first], 'entries known', (one) => one.copied),
        }),
  );
}

/** What the last statement closes with, less lines that are not posted, against the balance of the account. */
export function balancesApart(facts: BankFacts, totals: LedgerTotals): Discrepancy[] {
  return byLedgerAccount(facts, totals).flatMap(({ first, accounts, ledger }) => {
    if (accounts.some((one) => one.closing === undefined)) return [];
    const expected = total(accounts, (one) => one.closing) - total(accounts, (one) => one.unposted);
    const opening = total(accounts, (one) => one.opening);
    const neverOpened = expected - ledger.balance === opening;
    return apart({
      invariant: 'BANK_BALANCE',
      severity: neverOpened ? 'LOW' : 'MEDIUM',
      subject: { type: 'BankAccount', id: first.bankAccountId, part: first.currency },
      detail: neverOpened
        ? `Account ${first.accountCode} lacks the balance with which the statements of ${first.name} begin`
        : `Account ${first.accountCode} does not stand as the last statement of ${first.name} says`,
      expected,
      found: ledger.balance,
      currency: first.currency,
      evidence: [
        ...rowsOf(accounts, 'opening of the first statement', (one) => one.opening),
        ...rowsOf(accounts, 'closing of the last statement', (one) => one.closing),
        ...rowsOf(accounts, 'lines not posted yet', (one) => one.unposted),
      ],
    });
  });
}

/** What reconciliation holds open of a counterparty, against what documents left open and payments took. */
export function copiesApart(facts: BankFacts, { open }: LedgerTotals): Discrepancy[] {
  if (!open) return [];
  interface Item {
    readonly accountCode: string;
    readonly vendorId?: string | undefined;
    readonly currency: string;
    readonly minor: string;
  }
  const keyOf = (one: Item): string => JSON.stringify([one.accountCode, one.vendorId ?? '', one.currency]);
  const ours = new Map<string, Item>(open.map((one) => [keyOf(one), one]));
  const theirs = new Map<string, Item>(facts.open.map((one) => [keyOf(one), one]));
  return [...new Map([...ours, ...theirs]).entries()].flatMap(([key, item]) => {
    const { accountCode, vendorId = '', currency } = item;
    const [expected, found] = [BigInt(ours.get(key)?.minor ?? 0), BigInt(theirs.get(key)?.minor ?? 0)];
    const of = { type: 'Vendor', id: vendorId };
    return apart({
      invariant: 'OPEN_ITEMS_AGREE',
      severity: 'MEDIUM',
      subject: { ...of, part: `${accountCode} ${currency}` },
      detail: `What is open on account ${accountCode} with one counterparty is another amount for matching`,
      expected,
      found,
      currency,
      evidence: [
        { ...of, label: 'left open by documents less what payments took', minor: expected },
        { ...of, label: 'open items that bank lines are matched with', minor: found },
      ],
    });
  });
}
