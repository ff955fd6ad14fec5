import { absolute, add, compare, money, negate, subtract, sum, type Money } from '#kernel/money';
import type { DocumentAmounts, DocumentKind } from '../intake/document.ts';
import { accountOf } from './chart-of-accounts.ts';
import { signedLine, type NewLine } from './entry.ts';

/** What a line of a draft stands for: what was bought or sold, its tax, or what is owed. */
export type DraftLineRole = 'CONTENT' | 'TAX' | 'CONTROL';

/** A line of a draft. */
export interface NewDraftLine extends NewLine {
  readonly role: DraftLineRole;
}

/** A part of a document with the account it belongs to. */
export interface CodedPart {
  readonly accountCode: string;
  readonly net: Money;
}

/** A document whose parts have accounts; its amounts are positive, credit notes included. */
export interface CodedDocument {
  readonly kind: DocumentKind;
  readonly amounts: Pick<DocumentAmounts, 'net' | 'tax' | 'total'>;
  /** At least one. */
  readonly parts: readonly CodedPart[];
  /** Where its tax goes when not to the account all tax goes to. */
  readonly taxAccountCode?: string;
  /** The employee who is to be paid back; nobody when the company owes the supplier. */
  readonly employee?: string;
}

/** The account in which a document leaves what is owed. */
export function controlAccount(document: Pick<CodedDocument, 'kind' | 'employee'>): string {
  if (document.kind === 'SALES_INVOICE') return accountOf.RECEIVABLE;
  if (document.kind === 'EXPENSE') return accountOf.EMPLOYEE_PAYABLE;
  if (document.kind === 'RECEIPT' && document.employee !== undefined) return accountOf.EMPLOYEE_PAYABLE;
  return accountOf.PAYABLE;
}

/** Whether what was bought or sold is a debit: a purchase is one, a sale and a purchase taken back are not. */
function isDebit(kind: DocumentKind): boolean {
  return kind !== 'SALES_INVOICE' && kind !== 'CREDIT_NOTE';
}

/**
 * The balanced lines of a document: the net of each account plus tax against what is owed. What the parts lack or
 * exceed of the net of the whole (charges, allowances, rounding of lines) goes to the account of the largest part.
 * Lines of zero are left out; a document of zero has none.
 */
export function draftLines(document: CodedDocument): NewDraftLine[] {
  const { amounts } = document;
  const taxAccount =
    document.taxAccountCode ??
    (document.kind === 'SALES_INVOICE' ? accountOf.OUTPUT_VAT : accountOf.INPUT_VAT);
  const roles: [DraftLineRole, NewLine[]][] = [
    ['CONTENT', netsByAccount(document).flatMap(({ accountCode, net }) => signedLine(accountCode, net))],
    ['TAX', signedLine(taxAccount, amounts.tax)],
    ['CONTROL', signedLine(controlAccount(document), negate(amounts.total))],
  ];
  const lines = roles.flatMap(([role, ofRole]) => ofRole.map((line) => ({ ...line, role })));
  if (isDebit(document.kind)) return lines;
  return lines.map((line) => ({ ...line, side: line.side === 'DEBIT' ? 'CREDIT' : 'DEBIT' }));
}

function netsByAccount({ amounts, parts }: CodedDocument): CodedPart[] {
  const { currency } = amounts.net;
  const nets = new Map<string, Money>();
  for (const { accountCode, net } of parts)
    nets.set(accountCode, add(nets.get(accountCode) ?? money(0n, currency), net));
  const [main] = [...nets].toSorted(([, a], [, b]) => compare(absolute(b), absolute(a)));
  if (main) nets.set(main[0], add(main[1], subtract(amounts.net, sum(currency, [...nets.values()]))));
  return [...nets].map(([accountCode, net]) => ({ accountCode, net }));
}
