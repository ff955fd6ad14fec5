import { add, formatMoney, money, type Money } from '#kernel/money';
import type { Dimensions } from '../dimensions/catalogue.ts';
import type { MappingRule } from '../classification/classify.ts';
import { codeByTemplates, type AmountedDocument, type TemplateKnowledge } from './code-by-template.ts';
import { codeDocument, type Coding } from './code-document.ts';

/** What of a document or transaction a template would change. */
export const previewParts = ['ACCOUNTS', 'TAX', 'DIMENSIONS', 'ENTRY'] as const;

/** One change a template would bring, as text for people. */
export interface PreviewChange {
  readonly part: (typeof previewParts)[number];
  readonly before: string;
  readonly after: string;
}

/** A part of an entry as it stands. */
export interface StandingPart {
  readonly accountCode: string;
  readonly net: Money;
  readonly taxCode?: string;
  readonly dimensions?: Dimensions;
}

/** What there is to compare with. */
export interface PreviewKnowledge extends TemplateKnowledge {
  readonly rules: readonly MappingRule[];
}

/** What a document would become otherwise than it stands, and why; nothing where no rule of the template fits. */
export function previewDocument(
  document: AmountedDocument,
  standing: readonly StandingPart[],
  knowledge: PreviewKnowledge,
): { readonly changes: readonly PreviewChange[]; readonly reasons: readonly string[] } {
  const [only, ...others] = new Set(standing.map((part) => part.accountCode));
  // Lines the template leaves alone keep what they have, as far as that can be told of one line.
  const otherwise = (part: AmountedDocument): Coding => {
    if (only === undefined || others.length > 0) return codeDocument(part, knowledge);
    const parts = part.lines.map(({ net }) => ({ ...standing[0], accountCode: only, net }));
    return { parts, taxAccountCode: undefined, confidence: 0, reasons: [], ruleId: undefined };
  };
  const coding = codeByTemplates(document, knowledge, otherwise);
  if (!coding.template) return { changes: [], reasons: coding.reasons };
  const parts = coding.parts.map((part) => ({
    ...part,
    dimensions: { ...document.dimensions, ...part.dimensions },
  }));
  const pairs: PreviewChange[] = [
    { part: 'ACCOUNTS', before: accountsText(standing), after: accountsText(parts) },
    { part: 'DIMENSIONS', before: dimensionsText(standing), after: dimensionsText(parts) },
  ];
  // Only a tax code the template says counts: the others follow from the document either way.
  if (parts.some((part) => part.taxCode !== undefined))
    pairs.push({ part: 'TAX', before: taxText(standing), after: taxText(parts) });
  return { changes: pairs.filter(({ before, after }) => before !== after), reasons: coding.reasons };
}

/** Lines of an entry as one text, to compare and to show. */
export function entryText(
  lines: readonly { readonly side: string; readonly accountCode: string; readonly money: Money }[],
): string {
  return lines
    .map((line) => `${line.side} ${line.accountCode} ${formatMoney(line.money)}`)
    .toSorted()
    .join(', ');
}

function accountsText(parts: readonly StandingPart[]): string {
  const sums = new Map<string, Money>();
  for (const { accountCode, net } of parts)
    sums.set(accountCode, add(sums.get(accountCode) ?? money(0n, net.currency), net));
  return [...sums]
    .map(([code, net]) => `${code} ${formatMoney(net)}`)
    .toSorted()
    .join(', ');
}

function dimensionsText(parts: readonly StandingPart[]): string {
  const texts = parts.flatMap(({ dimensions = {} }) =>
    Object.entries(dimensions).map(([key, code]) => `${key}=${code}`),
  );
  return [...new Set(texts)].toSorted().join(', ');
}

function taxText(parts: readonly StandingPart[]): string {
  return [...new Set(parts.flatMap(({ taxCode }) => taxCode ?? []))].toSorted().join(', ');
}
