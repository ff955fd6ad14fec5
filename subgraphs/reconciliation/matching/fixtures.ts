import { calendarDate } from '#kernel/calendar';
import { parseMoney } from '#kernel/money';
import type { MatchItem, MatchLine } from './model.ts';

interface LineFields {
  readonly id: string;
  readonly on: string;
  readonly amount: string;
  readonly currency?: string;
  readonly from?: string;
  readonly account?: string;
  readonly text?: string;
  readonly references?: readonly string[];
  readonly reversal?: boolean;
}

interface ItemFields {
  readonly id: string;
  readonly on: string;
  readonly open: string;
  readonly currency?: string;
  readonly reference?: string;
  readonly paymentReference?: string;
  readonly group?: string;
  readonly through?: 'processor';
  readonly party?: string;
  readonly name?: string;
  readonly account?: string;
}

/** A bank line for tests, in a few plain fields; EUR unless said. */
export function bankLine(fields: LineFields): MatchLine {
  return {
    id: fields.id,
    bookedOn: calendarDate(fields.on),
    amount: parseMoney(fields.amount, fields.currency ?? 'EUR'),
    counterpartyName: fields.from,
    counterpartyAccount: fields.account,
    references: fields.references ?? [],
    text: fields.text ?? '',
    reversal: fields.reversal ?? false,
  };
}

/** An open item for tests; EUR unless said, payable when negative. */
export function openItem(fields: ItemFields): MatchItem {
  return {
    id: fields.id,
    kind: fields.open.startsWith('-') ? 'payable' : 'receivable',
    issuedOn: calendarDate(fields.on),
    open: parseMoney(fields.open, fields.currency ?? 'EUR'),
    reference: fields.reference,
    paymentReference: fields.paymentReference,
    groupReference: fields.group,
    through: fields.through,
    counterpartyName: fields.name,
    counterpartyAccounts: fields.account === undefined ? [] : [fields.account],
    partyId: fields.party,
  };
}
