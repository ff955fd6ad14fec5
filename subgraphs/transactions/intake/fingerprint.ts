import { sha256Hex } from '#kernel/canonical';
import { normaliseName } from '#kernel/names';
import type { DocumentKind, IntakeDocument } from './document.ts';
import { normaliseNumber, normaliseTaxId } from './normalise-document.ts';
import { isNumbered } from './normalise-fields.ts';

/** By what a document is recognised when it comes again. */
export interface DocumentKeys {
  /** What makes two documents the same, hashed; undefined for one that lacks a part of it. */
  readonly fingerprint?: string;
  /** Numbered kinds only. */
  readonly numberKey?: string;
  readonly nameKey?: string;
  readonly taxIdKey?: string;
}

/**
 * The keys of a document. A numbered document is known by kind, counterparty, number, total and currency; any other by
 * kind, day, merchant, number, total, currency, who spent it, and by which of several equal ones it is (`ordinal`).
 */
export function keysOf(document: IntakeDocument, ordinal = 1): DocumentKeys {
  const { kind, number, counterparty } = document;
  const numberKey = number === undefined ? undefined : normaliseNumber(number);
  const nameKey =
    counterparty.name === undefined ? undefined : normaliseName(counterparty.name) || counterparty.name;
  const taxIdKey = (counterparty.taxId && normaliseTaxId(counterparty.taxId)) || undefined;
  const identity = identityOf(document, { numberKey, nameKey, taxIdKey });
  return {
    fingerprint: identity && sha256Hex([...identity, ordinal].join('\n')),
    // The number of an expense is often that of its whole report.
    numberKey: isNumbered(kind) ? numberKey : undefined,
    nameKey,
    taxIdKey,
  };
}

/**
 * Counts equal expenses within one submission, so that two coffees of one day stay two: answers 1, 2, 3 … for documents
 * alike in everything a fingerprint looks at. Numbered documents always get 1.
 */
export function ordinalCounter(): (document: IntakeDocument) => number {
  const seen = new Map<string, number>();
  return (document) => {
    if (isNumbered(document.kind)) return 1;
    const { fingerprint } = keysOf(document);
    if (fingerprint === undefined) return 1;
    const ordinal = (seen.get(fingerprint) ?? 0) + 1;
    seen.set(fingerprint, ordinal);
    return ordinal;
  };
}

/** The hash of a record as it came in; `ordinal` tells equal records of one file apart. */
export function hashOfRecord(format: string, raw: string, ordinal: number): string {
  return sha256Hex(`${format}\n${ordinal}\n${raw}`);
}

function identityOf(document: IntakeDocument, keys: DocumentKeys): readonly (string | bigint)[] | undefined {
  const { kind, amounts, issuedOn } = document;
  const party = keys.taxIdKey ?? keys.nameKey;
  if (amounts === undefined || party === undefined) return undefined;
  const { minor, currency } = amounts.total;
  if (isNumbered(kind)) {
    return keys.numberKey === undefined ? undefined : [kind, party, keys.numberKey, minor, currency];
  }
  if (issuedOn === undefined) return undefined;
  const spender = normaliseName(document.employee ?? '');
  return [kind, issuedOn, party, keys.numberKey ?? '', minor, currency, spender];
}

/** A document that is in the book, as far as it takes to recognise it again. */
export interface KnownDocument extends DocumentKeys {
  readonly id: string;
  readonly kind: DocumentKind;
  readonly number?: string;
  readonly recordHash: string;
  readonly fileId?: string;
  readonly corrected: boolean;
  readonly totalMinor?: bigint;
  readonly currency?: string;
}

/** A document that may be known already. */
export type Candidate = Omit<KnownDocument, 'id'>;

/** What a document turns out to be beside those in the book. */
export type Recognition =
  | { readonly found: 'new' }
  | { readonly found: 'same'; readonly first: KnownDocument }
  | { readonly found: 'other-total'; readonly first: KnownDocument };

/** The documents of a book among which a submission may have been before, found by their keys. */
export class KnownDocuments {
  readonly #byKey = new Map<string, KnownDocument[]>();

  constructor(documents: readonly KnownDocument[]) {
    for (const document of documents) this.add(document);
  }

  add(document: KnownDocument): void {
    for (const key of lookupKeys(document)) {
      const alike = this.#byKey.get(key);
      if (alike) alike.push(document);
      else this.#byKey.set(key, [document]);
    }
  }

  /** Compares a document with the known: new, the same again, or the number of another one with another total. */
  recognise(candidate: Candidate): Recognition {
    const alike = [...new Set(lookupKeys(candidate).flatMap((key) => this.#byKey.get(key) ?? []))];
    const same = alike.find(
      (one) => isSameContent(candidate, one) || isSameRecord(candidate, one) || isSameBill(candidate, one),
    );
    if (same) return { found: 'same', first: same };
    const other = alike.find((one) => hasSameNumber(candidate, one));
    return other ? { found: 'other-total', first: other } : { found: 'new' };
  }
}

function lookupKeys({ fingerprint, recordHash: record, numberKey }: Candidate): string[] {
  return [
    `record ${record}`,
    ...(fingerprint === undefined ? [] : [`content ${fingerprint}`]),
    ...(numberKey === undefined ? [] : [`number ${numberKey}`]),
  ];
}

function isSameContent(candidate: DocumentKeys, known: KnownDocument): boolean {
  return candidate.fingerprint !== undefined && candidate.fingerprint === known.fingerprint;
}

/** The same record of the same file, or one whose content is not the record's any more because it was corrected. */
function isSameRecord(candidate: Candidate, known: KnownDocument): boolean {
  if (candidate.recordHash !== known.recordHash) return false;
  const sameFile = candidate.fileId !== undefined && candidate.fileId === known.fileId;
  return sameFile || known.corrected || candidate.fingerprint === undefined;
}

/** One copy may carry the tax number of the counterparty and another its name only. */
function isSameBill(candidate: Candidate, known: KnownDocument): boolean {
  return (
    hasSameNumber(candidate, known) &&
    candidate.totalMinor === known.totalMinor &&
    candidate.currency === known.currency
  );
}

function hasSameNumber(candidate: Candidate, known: KnownDocument): boolean {
  if (!isNumbered(candidate.kind) || candidate.kind !== known.kind) return false;
  if (candidate.numberKey === undefined || candidate.numberKey !== known.numberKey) return false;
  if (candidate.taxIdKey !== undefined && known.taxIdKey !== undefined) {
    return candidate.taxIdKey === known.taxIdKey;
  }
  return candidate.nameKey !== undefined && candidate.nameKey === known.nameKey;
}
