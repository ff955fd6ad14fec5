import type { CalendarDate } from '#kernel/calendar';
import type { DocumentAmounts, IntakeDocument } from '../intake/document.ts';
import { documentTaxes, type Finding } from '../tax/document-taxes.ts';
import type { TaxCodes } from '../tax/tax-code.ts';
import type { Coding } from './code-document.ts';
import type { CodedPart, CodedTax } from './draft-lines.ts';

/** A coding with the taxes of its parts, and what somebody should look at. */
export interface TaxedCoding extends Coding {
  /** None where the book has no tax codes. */
  readonly taxes?: readonly CodedTax[];
  readonly findings: readonly Finding[];
}

/** With something to look at, no draft is sure. */
const sureWithFindings = 6_000;

/**
 * Adds the taxes to the accounts of a document: a template's tax codes count before what the document says of itself.
 * A book without tax codes is left as it is.
 */
export function codeTaxes(
  document: IntakeDocument & { readonly amounts: Pick<DocumentAmounts, 'net' | 'tax'> },
  coding: Coding,
  knowledge: { readonly codes: TaxCodes; readonly on: CalendarDate; readonly country: string },
): TaxedCoding {
  if (knowledge.codes.size === 0) return { ...coding, findings: [] };
  const ofLines = partsOfLines(document, coding.parts);
  const decided = ofLines.map((part) => part.taxCode);
  const { lineCodes, taxes, findings } = documentTaxes(document, { ...knowledge, decided });
  const alike = coding.parts.length === 1 && new Set(lineCodes).size < 2;
  const parts = (alike ? coding.parts : ofLines).map((part, index) => ({
    ...part,
    taxCode: lineCodes[index],
  }));
  return {
    ...coding,
    parts,
    taxes: taxes.map(({ costs, ...tax }) => ({
      ...tax,
      costs: costs.flatMap((net, index) => {
        const part = ofLines[index];
        return part === undefined || net.minor === 0n ? [] : [{ ...part, taxCode: undefined, net }];
      }),
    })),
    confidence: findings.length > 0 ? Math.min(coding.confidence, sureWithFindings) : coding.confidence,
    findings,
  };
}

/** A part for each line of the document, whether they were parted before or not. */
function partsOfLines({ lines }: IntakeDocument, parts: readonly CodedPart[]): CodedPart[] {
  const [whole] = parts;
  if (whole === undefined || parts.length === lines.length) return [...parts];
  return lines.map(({ net }) => ({ ...whole, net }));
}
