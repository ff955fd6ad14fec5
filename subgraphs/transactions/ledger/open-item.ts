import type { OpenItemFacts } from '#kernel/events';
import { negate } from '#kernel/money';
import { toWire } from '#kernel/wire-money';
import type { StoredDocument } from '../intake/load-document.ts';
import { controlAccount } from './draft-lines.ts';

/**
 * What a posted document leaves to be paid, with the sign of the bank line that will pay it: money goes out for what we
 * bought and comes in for what we sold or gave back. Undefined when nothing is left.
 */
export function openItemOf(document: StoredDocument): OpenItemFacts | undefined {
  const { kind, amounts, number, counterparty } = document;
  if (!amounts) return undefined;
  // What a receipt shows was paid, but the money has still to leave the books: to the card, the bank or the employee.
  const owed = kind === 'EXPENSE' || kind === 'RECEIPT' ? amounts.total : amounts.payable;
  if (owed.minor === 0n) return undefined;
  const sale = kind === 'SALES_INVOICE';
  const incoming = sale || kind === 'CREDIT_NOTE';
  const employee = kind === 'EXPENSE' || kind === 'RECEIPT' ? document.employee : undefined;
  const counterpartyName = employee ?? document.vendorName ?? counterparty.name;
  return {
    kind: sale ? 'RECEIVABLE' : 'PAYABLE',
    money: toWire(incoming ? owed : negate(owed)),
    label: [number, counterpartyName].filter((part) => part !== undefined).join(', ') || document.id,
    reference: number,
    paymentReference: document.paymentReference,
    counterpartyName,
    // The account in a sales invoice is our own, and that of a supplier is not where an employee is paid.
    counterpartyAccounts: sale || employee !== undefined || !document.ibanIndex ? [] : [document.ibanIndex],
    dueOn: document.dueOn,
    controlAccountCode: controlAccount(document),
  };
}
