import { isCalendarDate } from '#kernel/calendar';
import type { CalendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { add, formatMoney, money, parseMoney, subtract, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { Payout, PayoutMember, PayoutProvider, PayoutReportFile } from '#connectors/payout-ports';
import type { ReadProblem } from '#connectors/ports';
import { lossOf } from './statement-values.ts';

/** A payout while its file is read. */
export interface PayoutDraft {
  readonly payoutId: string;
  readonly currency: string;
  /** What the file says is paid out; what the members come to where it does not say. */
  amount?: Money;
  merchant?: string;
  initiatedOn?: CalendarDate;
  arrivesOn?: CalendarDate;
  failed?: boolean;
  detail?: Payout['detail'];
  readonly references: Set<string>;
  readonly members: PayoutMember[];
}

/** What is known of a member; of gross, fee and net one may be missing. */
export type MemberParts = Omit<PayoutMember, 'gross' | 'fee' | 'net' | 'fees' | 'references' | 'raw'> & {
  readonly gross?: Money;
  readonly fee?: Money;
  readonly net?: Money;
  readonly fees?: PayoutMember['fees'];
  readonly references?: readonly (string | undefined)[];
  readonly record: Readonly<Record<string, unknown>>;
};

/** A member of a payout; throws AMOUNTS_DIFFER when gross plus fee is not net, FIELD_MISSING when two of them are missing. */
export function memberOf({
  gross,
  fee,
  net,
  fees = [],
  references = [],
  record,
  ...told
}: MemberParts): PayoutMember {
  const known = gross ?? net ?? fee;
  if (known === undefined) throw new CrossfootError('FIELD_MISSING', 'The record has no amount.');
  const none = money(0n, known.currency);
  const taken = fee ?? (gross && net ? subtract(net, gross) : none);
  const whole = gross ?? subtract(net ?? none, taken);
  const left = net ?? add(whole, taken);
  if (add(whole, taken).minor !== left.minor) {
    const amounts = [whole, taken, left].map(formatMoney);
    throw new CrossfootError(
      'AMOUNTS_DIFFER',
      `Gross ${amounts[0]} and fee ${amounts[1]} are not net ${amounts[2]}.`,
    );
  }
  const named = references.flatMap((one) => one?.trim() || []);
  return {
    ...told,
    gross: whole,
    fee: taken,
    net: left,
    fees,
    references: [...new Set(named)],
    raw: JSON.stringify(record),
  };
}

/** The record of a table row by its headings, without empty cells. */
export function recordOf(header: readonly string[], cells: readonly string[]): Record<string, string> {
  const filled = header.map((name, at): [string, string] => [name, cells[at]?.trim() ?? '']);
  return Object.fromEntries(filled.filter(([name, cell]) => name !== '' && cell !== ''));
}

/** The day at the beginning of an ISO text such as `2026-03-02 10:11:12`; undefined when there is none. */
export function isoDay(text: string | undefined): CalendarDate | undefined {
  const day = text?.trim().slice(0, 10) ?? '';
  return isCalendarDate(day) ? day : undefined;
}

/** An amount that the provider states in the smallest unit it knows of a currency; throws as `parseMoney`. */
export function fromUnits(units: unknown, currency: string, digits: number): Money {
  const text = typeof units === 'number' || typeof units === 'string' ? String(units) : '';
  if (!/^-?\d{1,18}$/.test(text)) {
    throw new CrossfootError(
      'AMOUNT_INVALID',
      `${JSON.stringify(units) ?? 'Nothing'} is not a whole number of units.`,
    );
  }
  const sign = text.startsWith('-') ? '-' : '';
  const padded = text.replace('-', '').padStart(digits + 1, '0');
  const cut = padded.length - digits;
  const fraction = padded.slice(cut).replace(/0+$/, '');
  return parseMoney(`${sign}${padded.slice(0, cut)}${fraction === '' ? '' : `.${fraction}`}`, currency);
}

/** Gathers the payouts of a file, whose records may come in any order. */
export class PayoutGatherer {
  readonly problems: ReadProblem[] = [];
  readonly #provider: PayoutProvider;
  readonly #format: string;
  readonly #drafts = new Map<string, PayoutDraft>();

  constructor(provider: PayoutProvider, format: string) {
    this.#provider = provider;
    this.#format = format;
  }

  /** The payout of an id, begun when it is new. */
  of(payoutId: string, currency: string): PayoutDraft {
    const known = this.#drafts.get(payoutId);
    if (known) return known;
    const draft: PayoutDraft = { payoutId, currency, references: new Set(), members: [] };
    this.#drafts.set(payoutId, draft);
    return draft;
  }

  /** Reads one record; a typed error loses it and leaves the others. */
  attempt(line: number, read: () => void): void {
    try {
      read();
    } catch (error) {
      this.problems.push(lossOf(error, line));
    }
  }

  /** All payouts with what is wrong with them: PAYOUT_UNBALANCED where the members do not come to the amount. */
  finish(): PayoutReportFile {
    const payouts = [...this.#drafts.values()].map((draft) => this.#payoutOf(draft));
    const unbalanced = payouts.flatMap((payout, at) => checkPayout(payout, at));
    const problems = [...this.problems, ...unbalanced];
    if (payouts.length > 0 || problems.some(({ severity }) => severity === 'refused'))
      return { format: this.#format, payouts, problems };
    const loss = problems.find(({ severity }) => severity === 'error');
    const message = loss?.message ?? `The ${this.#format} holds no payout.`;
    return {
      format: this.#format,
      payouts,
      problems: [
        { severity: 'refused', code: loss?.code ?? 'FILE_UNREADABLE', message, line: loss?.line ?? 1 },
      ],
    };
  }

  #payoutOf({ amount, detail, failed, references, members, ...draft }: PayoutDraft): Payout {
    const own = members.filter(({ net }) => net.currency === draft.currency).map(({ net }) => net);
    return {
      ...draft,
      provider: this.#provider,
      amount: amount ?? sum(draft.currency, own),
      stated: amount !== undefined,
      failed: failed ?? false,
      detail: detail ?? (members.length > 0 ? 'ITEMS' : 'NONE'),
      references: [...references],
      members: withOwnKeys(members),
    };
  }
}

/** A provider may give one id to several movements; each gets its number among them. */
function withOwnKeys(members: readonly PayoutMember[]): PayoutMember[] {
  const seen = new Map<string, number>();
  return members.map((member) => {
    const times = (seen.get(member.key) ?? 0) + 1;
    seen.set(member.key, times);
    return times === 1 ? member : { ...member, key: `${member.key}#${times}` };
  });
}

/** The members come to the amount in the payout's currency, and to nothing in every other. */
function checkPayout(payout: Payout, at: number): ReadProblem[] {
  if (payout.detail === 'NONE') return [];
  return missingOf(payout).map((missing) => ({
    severity: 'warning',
    code: 'PAYOUT_UNBALANCED',
    message:
      `Payout ${payout.payoutId} of ${formatMoney(payout.amount)} ${payout.currency} is not what its members come to: ` +
      `${formatMoney(missing)} ${missing.currency} is missing.`,
    path: ['payouts', String(at)],
  }));
}

function missingOf({ amount, currency, members }: Payout): Money[] {
  const sums = new Map([[currency, amount]]);
  for (const { net } of members) {
    sums.set(net.currency, subtract(sums.get(net.currency) ?? money(0n, net.currency), net));
  }
  return [...sums.values()].filter(({ minor }) => minor !== 0n);
}

/** The answer for a file of which nothing is read. */
export function refusedReport(format: string, code: string, message: string): PayoutReportFile {
  return { format, payouts: [], problems: [{ severity: 'refused', code, message, line: 1 }] };
}
