import { absolute, add, compare, money, negate, subtract, sum, type Money } from '#kernel/money';
import type { Dimensions } from '../dimensions/catalogue.ts';
import type { DocumentAmounts, DocumentKind } from '../intake/document.ts';
import { accountOf } from './chart-of-accounts.ts';
import { signedLine, type LineTax, type NewLine } from './entry.ts';

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
  /** What this part belongs to, where that differs from the whole. */
  readonly dimensions?: Dimensions;
  /** The tax code it is the base of. */
  readonly taxCode?: string;
  readonly memo?: string;
}

/** One tax of a document; what is not recoverable of it is in `costs`. */
export interface CodedTax {
  /** None for tax that fits no code. */
  readonly code?: string;
  readonly tax: Money;
  readonly recoverable: Money;
  /** Owed to the state, not to the supplier: it stands on both sides. */
  readonly reverse: boolean;
  /** What is cost, by the account it is a cost of. */
  readonly costs: readonly CodedPart[];
}

/** A document whose parts have accounts; its amounts are positive, credit notes included. */
export interface CodedDocument {
  readonly kind: DocumentKind;
  readonly amounts: Pick<DocumentAmounts, 'net' | 'tax' | 'total'>;
  /** At least one. */
  readonly parts: readonly CodedPart[];
  /** Its taxes, those that are not reversed in sum as the document says; left out, its tax has no code. */
  readonly taxes?: readonly CodedTax[];
  /** Where its tax goes when not to the account all tax goes to. */
  readonly taxAccountCode?: string;
  /** The employee who is to be paid back; nobody when the company owes the supplier. */
  readonly employee?: string;
  /** What all of it belongs to; holds for every line. */
  readonly dimensions?: Dimensions;
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
  const roles: [DraftLineRole, NewLine[]][] = [
    ['CONTENT', netsByAccount(document).flatMap((part) => partLine(part, part.taxCode, 'BASE'))],
    ['CONTENT', (document.taxes ?? []).flatMap(({ code, costs }) => costLines(code, costs))],
    ['TAX', taxLines(document)],
    ['CONTROL', signedLine(controlAccount(document), negate(amounts.total))],
  ];
  const whole = document.dimensions ?? {};
  const lines = roles.flatMap(([role, ofRole]) =>
    ofRole.map((line) => ({ ...line, role, dimensions: { ...whole, ...line.dimensions } })),
  );
  if (isDebit(document.kind)) return lines;
  return lines.map((line) => ({ ...line, side: line.side === 'DEBIT' ? 'CREDIT' : 'DEBIT' }));
}

function taxLines({ kind, amounts, taxes, taxAccountCode }: CodedDocument): NewLine[] {
  const account = taxAccountCode ?? (kind === 'SALES_INVOICE' ? accountOf.OUTPUT_VAT : accountOf.INPUT_VAT);
  if (taxes === undefined) return signedLine(account, amounts.tax);
  return taxes.flatMap(({ code, tax, recoverable, reverse }) => {
    if (!reverse) return partLine({ accountCode: account, net: recoverable }, code, 'TAX');
    return [
      ...partLine({ accountCode: accountOf.INPUT_VAT_REVERSE_CHARGE, net: recoverable }, code, 'TAX'),
      ...partLine({ accountCode: accountOf.OUTPUT_VAT_REVERSE_CHARGE, net: negate(tax) }, code, 'TAX'),
    ];
  });
}

/** Tax that is cost, one line for each account and what the cost belongs to. */
function costLines(code: string | undefined, costs: readonly CodedPart[]): NewLine[] {
  return addedUp(costs).flatMap((cost) => partLine(cost, code, 'TAX'));
}

function partLine(
  { accountCode, net, dimensions, memo }: CodedPart,
  code: string | undefined,
  role: LineTax['role'],
): NewLine[] {
  const tax = code === undefined ? undefined : { code, role };
  return signedLine(accountCode, net, memo).map((line) => ({ ...line, dimensions, tax }));
}

function netsByAccount({ amounts, parts }: CodedDocument): CodedPart[] {
  const nets = addedUp(parts);
  const [main] = nets.toSorted((a, b) => compare(absolute(b.net), absolute(a.net)));
  const { currency } = amounts.net;
  const rest = subtract(
    amounts.net,
    sum(
      currency,
      nets.map((part) => part.net),
    ),
  );
  return nets.map((part) => (part === main ? { ...part, net: add(part.net, rest) } : part));
}

/** Parts on one account are one line unless they belong to different things or are taxed differently. */
function addedUp(parts: readonly CodedPart[]): CodedPart[] {
  const nets = new Map<string, CodedPart>();
  for (const part of parts) {
    const key = partKey(part);
    nets.set(key, { ...part, net: add(nets.get(key)?.net ?? money(0n, part.net.currency), part.net) });
  }
  return [...nets.values()];
}

function partKey({ accountCode, taxCode, memo, dimensions = {} }: CodedPart): string {
  return JSON.stringify([
    accountCode,
    taxCode,
    memo,
    ...Object.entries(dimensions).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ]);
}
