import type { CalendarDate } from '#kernel/calendar';
import type { ErrorCode } from '#kernel/errors';
import { absolute, allocate, formatMoney, money, percentOf, subtract, sum, type Money } from '#kernel/money';
import type { DocumentAmounts, DocumentLine, IntakeDocument } from '../intake/document.ts';
import { calculateTax, type TaxAnswer } from './calculate-tax.ts';
import { chooseTaxCode, percentOn, type TaxPlace } from './choose-tax-code.ts';
import { requireTaxCode, type TaxCodes, type TaxRounding } from './tax-code.ts';

/** A document whose taxes are to be found. */
export interface TaxedDocument extends Pick<IntakeDocument, 'kind' | 'lines' | 'counterparty'> {
  readonly amounts: Pick<DocumentAmounts, 'net' | 'tax'>;
}

/** What there is to go by. */
export interface TaxKnowledge {
  readonly codes: TaxCodes;
  /** The tax point. */
  readonly on: CalendarDate;
  /** The country of the book. */
  readonly country: string;
  /** The code a template or a rule gave to each line; none leaves it to what the document says. */
  readonly decided: readonly (string | undefined)[];
}

/** One tax of a document in its books. */
export interface DocumentTax {
  /** None for tax that fits no code. */
  readonly code?: string;
  readonly tax: Money;
  /** What the book gets back of it; the rest is in `costs`. All of it for sales. */
  readonly recoverable: Money;
  /** Owed to the state, not to the seller. */
  readonly reverse: boolean;
  /** What is cost, by line of the document. */
  readonly costs: readonly Money[];
}

/** Something a person should look at. */
export interface Finding {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The taxes of a document: what the sellers charge sums to what the document says. */
export interface DocumentTaxes {
  /** The code of each line. */
  readonly lineCodes: readonly (string | undefined)[];
  readonly taxes: readonly DocumentTax[];
  readonly findings: readonly Finding[];
}

/**
 * Finds the tax code of every line and what each tax comes to. The document's own figures count: where they are no
 * rounding of what the codes give, that is a finding. Tax that fits no code stays without one, which is a finding too.
 */
export function documentTaxes(document: TaxedDocument, knowledge: TaxKnowledge): DocumentTaxes {
  const place = placeOf(document, knowledge);
  const findings: Finding[] = [];
  const lineCodes = document.lines.map((line, index) => {
    const decided = knowledge.decided[index];
    const problem = decided === undefined ? undefined : unusable(decided, place);
    if (decided !== undefined && problem === undefined) return decided;
    if (problem !== undefined) findings.push(problem);
    const chosen = chooseFor(document, line, place);
    if (chosen.code === undefined && chosen.reason !== undefined && carriesTax(document, line))
      findings.push({ code: 'TAX_CODE_UNKNOWN', message: `${chosen.reason}; its tax stays without a code.` });
    return chosen.code;
  });
  const coded = document.lines.map((line, index) => ({ line, code: lineCodes[index] }));
  const answer = calculated(coded, place);
  const charged = chargedTaxes(document, coded, { answer, place });
  const reverse = place.purchase ? (answer?.totals.filter((total) => total.reverse) ?? []) : [];
  const taxes = [...charged.taxes, ...reverse.map(({ code, tax }) => ({ code, tax, reverse: true }))].filter(
    ({ tax }) => tax.minor !== 0n,
  );
  return {
    lineCodes,
    taxes: taxes.map((tax) => withCosts(tax, { coded, answer, place })),
    findings: unique([...findings, ...charged.findings]),
  };
}

interface CodedLine {
  readonly line: DocumentLine;
  readonly code: string | undefined;
}

interface Calculation {
  readonly answer: TaxAnswer | undefined;
  readonly place: TaxPlace;
}

interface ChargedTax {
  readonly code?: string;
  readonly tax: Money;
  readonly reverse: boolean;
}

function placeOf(document: TaxedDocument, { codes, on, country }: TaxKnowledge): TaxPlace {
  const purchase = document.kind !== 'SALES_INVOICE';
  const { country: theirs, taxId } = document.counterparty;
  const registeredHere = taxId?.toUpperCase().startsWith(country) ?? false;
  const foreign = purchase && theirs !== undefined && theirs !== country && !registeredHere;
  return { codes, on, purchase, foreign, country: foreign ? theirs : country };
}

/** A document of one line says the tax of the line as its own. */
function chooseFor({ lines, amounts }: TaxedDocument, line: DocumentLine, place: TaxPlace) {
  return chooseTaxCode(lines.length === 1 ? { ...line, net: amounts.net, tax: amounts.tax } : line, place);
}

/** Why a code somebody decided for cannot be taken; what the document says of itself counts then. */
function unusable(code: string, { codes, on }: TaxPlace): Finding | undefined {
  const found = codes.get(code);
  if (!found) return { code: 'TAX_CODE_UNKNOWN', message: `The book has no tax code ${code}.` };
  if (percentOn(codes, found, on) !== undefined) return undefined;
  return { code: 'TAX_RATE_MISSING', message: `Tax code ${code} has no rate on ${on}.` };
}

function carriesTax({ amounts }: TaxedDocument, line: DocumentLine): boolean {
  return line.tax === undefined ? amounts.tax.minor !== 0n : line.tax.minor !== 0n;
}

function calculated(
  coded: readonly CodedLine[],
  { codes, on }: TaxPlace,
  rounding?: Partial<TaxRounding>,
): TaxAnswer | undefined {
  if (coded.every(({ code }) => code === undefined)) return undefined;
  const lines = coded.map(({ line, code }) => ({
    amount: line.net,
    taxCodes: code === undefined ? [] : [code],
  }));
  return calculateTax({ lines, codes, on, pricesInclude: false, rounding });
}

/** What the seller charges, by tax, as the document says it. */
function chargedTaxes(
  document: TaxedDocument,
  coded: readonly CodedLine[],
  { answer, place }: Calculation,
): { taxes: ChargedTax[]; findings: Finding[] } {
  const { tax: stated } = document.amounts;
  const own = answer?.totals.filter((total) => !total.reverse && total.tax.minor !== 0n) ?? [];
  const expected = sum(
    stated.currency,
    own.map((total) => total.tax),
  );
  const uncoded = uncodedTax(coded, { stated, expected });
  const mine = subtract(stated, uncoded);
  const accepted = acceptedTaxes(coded, place, stated.currency);
  const findings = accepted.some((tax) => tax.minor === mine.minor) ? [] : [differs(mine, expected, own)];
  if (own.length === 0)
    return { taxes: [{ tax: stated, reverse: false }], findings: stated.minor === 0n ? [] : findings };
  const parts = spread(
    mine,
    own.map((total) => total.tax),
  );
  const taxes: ChargedTax[] = own.map(({ code }, index) => ({
    code,
    tax: parts[index] ?? mine,
    reverse: false,
  }));
  return { taxes: [...taxes, { tax: uncoded, reverse: false }], findings };
}

/** The tax of lines without a code: what they state, or what the coded lines leave of the whole. */
function uncodedTax(
  coded: readonly CodedLine[],
  { stated, expected }: { stated: Money; expected: Money },
): Money {
  const without = coded.filter(({ code }) => code === undefined).map(({ line }) => line);
  if (without.length === coded.length) return stated;
  if (without.length === 0) return money(0n, stated.currency);
  const told = without.flatMap((line) => line.tax ?? []);
  if (told.length === without.length) return sum(stated.currency, told);
  const rest = subtract(stated, expected);
  const taxed = without.some((line) => line.taxRate !== undefined && /[1-9]/.test(line.taxRate));
  return taxed ? rest : money(0n, stated.currency);
}

/** Every way of rounding that laws allow gives one of these. */
function acceptedTaxes(coded: readonly CodedLine[], place: TaxPlace, currency: string): Money[] {
  const ways: (Partial<TaxRounding> | undefined)[] = [
    undefined,
    { level: 'LINE' },
    { level: 'DOCUMENT' },
    { level: 'LINE', mode: 'half-up' },
    { level: 'DOCUMENT', mode: 'half-up' },
  ];
  const answers = ways.map((way) => calculated(coded, place, way)?.tax ?? money(0n, currency));
  const told = coded.flatMap(({ line, code }) => (code === undefined ? [] : [line.tax]));
  // Lines that each state a right tax are right together.
  const right = coded.every(({ line, code }) => {
    if (code === undefined || line.tax === undefined) return code === undefined;
    return calculated([{ line, code }], place, { mode: 'half-up' })?.tax.minor === line.tax.minor;
  });
  return right
    ? [
        ...answers,
        sum(
          currency,
          told.flatMap((tax) => tax ?? []),
        ),
      ]
    : answers;
}

function differs(
  stated: Money,
  expected: Money,
  own: readonly { code: string; percent: string; base: Money }[],
): Finding {
  const parts = own.map(({ code, percent, base }) => `${code} with ${percent} % on ${formatMoney(base)}`);
  const why =
    parts.length === 0 ? 'its tax codes charge none' : `${parts.join(' and ')} is ${formatMoney(expected)}`;
  const difference = formatMoney(absolute(subtract(stated, expected)));
  return {
    code: 'TAX_DIFFERS',
    message: `The document says ${formatMoney(stated)} ${stated.currency} tax; ${why}: a difference of ${difference}.`,
  };
}

/** The whole over parts that should have been equal to it. */
function spread(whole: Money, parts: readonly Money[]): Money[] {
  const total = sum(whole.currency, parts);
  if (total.minor === whole.minor) return [...parts];
  return allocate(
    whole,
    parts.map((part) => absolute(part).minor),
  );
}

/** What of a tax is cost, by line; nothing of taxes on sales and of taxes without a code. */
function withCosts(
  { code, tax, reverse }: ChargedTax,
  { coded, answer, place }: Calculation & { readonly coded: readonly CodedLine[] },
): DocumentTax {
  const none = coded.map(() => money(0n, tax.currency));
  if (code === undefined || !place.purchase) return { code, tax, recoverable: tax, reverse, costs: none };
  const recoverable = percentOf(tax, requireTaxCode(place.codes, code).recoverablePercent);
  const cost = subtract(tax, recoverable);
  if (cost.minor === 0n) return { code, tax, recoverable, reverse, costs: none };
  const weights = coded.map((_line, index) => {
    const own = answer?.lines[index]?.taxes.find((one) => one.code === code);
    return own === undefined ? 0n : absolute(own.tax).minor;
  });
  return { code, tax, recoverable, reverse, costs: allocate(cost, weights) };
}

function unique(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [`${finding.code} ${finding.message}`, finding])).values()];
}
