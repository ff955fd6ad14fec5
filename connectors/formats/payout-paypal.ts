import type { CalendarDate } from '#kernel/calendar';
import { add, money, negate, subtract, sum } from '#kernel/money';
import type { Money } from '#kernel/money';
import type { PayoutMember, PayoutMemberKind, PayoutReportFile } from '#connectors/payout-ports';
import { memberOf, PayoutGatherer, type MemberParts } from './payout-values.ts';

/** A movement on a PayPal account as its reports tell it. */
export interface PaypalMovement extends Omit<MemberParts, 'kind' | 'gross' | 'fee' | 'net'> {
  readonly kind: PayoutMemberKind | 'withdrawal';
  readonly gross: Money;
  readonly fee: Money;
  /** The movement it belongs to, for a conversion the withdrawal it was made for. */
  readonly parent?: string;
  /** Day and time as text that sorts, where rows may come in another order. */
  readonly at?: string;
  /** What the account held behind the movement, where the report says it. */
  readonly balance?: Money;
}

/**
 * PayPal pays out of a balance, so a withdrawal is made of what happened since the one before, with what the balance held
 * then and what it goes on to hold. Money exchanged for the withdrawal belongs to it with all it was made of.
 */
export function readPaypal(
  format: string,
  movements: readonly PaypalMovement[],
  merchant?: string,
): PayoutReportFile {
  const gatherer = new PayoutGatherer('PAYPAL', format);
  const pending = new Map<string, PaypalMovement[]>();
  const withdrawals = movements.filter(({ kind }) => kind === 'withdrawal');
  const known = new Map(withdrawals.map((one) => [one.key, one]));
  const late = new Map<string, PaypalMovement[]>();
  for (const one of movements) {
    const withdrawal = known.get(one.parent ?? '');
    if (withdrawal && one !== withdrawal)
      late.set(withdrawal.key, [...(late.get(withdrawal.key) ?? []), one]);
  }
  for (const one of movements) {
    if (one.kind !== 'withdrawal') {
      if (known.has(one.parent ?? '')) continue;
      const { currency } = one.gross;
      const group = pending.get(currency);
      if (group) group.push(one);
      else pending.set(currency, [one]);
      continue;
    }
    gatherer.attempt(one.line ?? 1, () => {
      const { currency } = one.gross;
      const draft = gatherer.of(one.key, currency);
      draft.amount = negate(one.gross);
      draft.merchant = merchant;
      draft.initiatedOn = one.occurredOn;
      for (const reference of one.references ?? []) if (reference) draft.references.add(reference);
      const exchanged = late.get(one.key) ?? [];
      const currencies = new Set([currency, ...exchanged.map(({ gross }) => gross.currency)]);
      for (const each of currencies) {
        const since = [
          ...(pending.get(each) ?? []),
          ...exchanged.filter(({ gross }) => gross.currency === each),
        ];
        pending.delete(each);
        draft.members.push(...membersOf(since, { withdrawal: one, currency: each }));
      }
    });
  }
  return gatherer.finish();
}

function membersOf(
  movements: readonly PaypalMovement[],
  { withdrawal, currency }: { withdrawal: PaypalMovement; currency: string },
): PayoutMember[] {
  const members = movements.map((one) => memberFrom(one));
  const day = withdrawal.occurredOn;
  if (withdrawal.fee.minor !== 0n && withdrawal.gross.currency === currency) {
    members.push(
      memberOf({
        ...withdrawal,
        key: `${withdrawal.key} fee`,
        kind: 'FEE',
        gross: withdrawal.fee,
        fee: undefined,
      }),
    );
  }
  const paid = withdrawal.gross.currency === currency ? negate(withdrawal.gross) : money(0n, currency);
  const moved = sum(
    currency,
    members.map(({ net }) => net),
  );
  // What is paid out and did not come in since must have been there, and what came in and is not paid out stays there.
  return [...members, ...carried(subtract(paid, moved), { day, movements })];
}

function memberFrom({
  balance: _balance,
  parent: _parent,
  at: _at,
  kind,
  ...parts
}: PaypalMovement): PayoutMember {
  return memberOf({ ...parts, kind: kind === 'withdrawal' ? 'OTHER' : kind });
}

function carried(
  rest: Money,
  { day, movements }: { day: CalendarDate | undefined; movements: readonly PaypalMovement[] },
): PayoutMember[] {
  if (rest.minor === 0n) return [];
  const [first] = movements;
  const before = first?.balance ? subtract(first.balance, add(first.gross, first.fee)) : undefined;
  return [
    memberOf({
      key: `balance ${rest.currency}`,
      kind: 'RESERVE',
      type: rest.minor > 0n ? 'Balance brought forward' : 'Balance carried forward',
      gross: rest,
      occurredOn: day,
      record: before ? { balanceBefore: String(before.minor), currency: rest.currency } : {},
    }),
  ];
}
