import type { Transaction } from '#kernel/command';
import { userError, type UserError } from '#kernel/errors';
import { sealedIbanPlace } from '#kernel/events';
import { newId } from '#kernel/ids';
import { formatMoney, money } from '#kernel/money';
import type { DocumentStatus } from './document-status.ts';
import { blocking, type DocumentProblem, type Examined, type IntakeDocument } from './document.ts';
import {
  hashOfRecord,
  keysOf,
  KnownDocuments,
  ordinalCounter,
  type Candidate,
  type KnownDocument,
} from './fingerprint.ts';
import {
  asUserError,
  findKnown,
  storeDocuments,
  type ReceivedDocument,
  type Submission,
} from './store-documents.ts';

/** A document as it was read, with the record it was read from. */
export interface ExaminedRecord extends Examined {
  readonly raw: string;
  /** One-based line of the file at which the record begins. */
  readonly line?: number;
}

/** More than this would bury the rest of an answer; every problem stays with its document. */
const mostReported = 100;

/**
 * Takes documents into a book: recognises those that are there already, puts what cannot be booked into quarantine,
 * and hands on the rest. Answers one id for each record, in order; for a duplicate that of the first copy.
 */
export async function receiveDocuments(
  transaction: Transaction,
  submission: Submission,
  records: readonly ExaminedRecord[],
): Promise<string[]> {
  const candidates = candidatesOf(submission, records);
  const known = new KnownDocuments(await findKnown(transaction, submission.bookId, candidates));
  const report = reporter(transaction, records.length);
  const fresh: ReceivedDocument[] = [];
  const ids = candidates.map((candidate) => {
    const recognition = known.recognise(candidate);
    if (recognition.found === 'same') {
      report(candidate.record, [duplicateError(recognition.first)]);
      return recognition.first.id;
    }
    const problems = [
      ...candidate.record.problems,
      ...(recognition.found === 'other-total' ? [numberReused(candidate, recognition.first)] : []),
    ];
    const received = receivedOf(candidate, problems);
    known.add({ ...candidate, id: received.id });
    fresh.push(received);
    report(candidate.record, problems.filter((problem) => problem.blocking).map(asUserError));
    return received.id;
  });
  await storeDocuments(transaction, submission, fresh);
  for (const received of fresh) tellOf(transaction, submission.bookId, received);
  return ids;
}

interface RecordCandidate extends Candidate {
  readonly record: ExaminedRecord;
  readonly ordinal: number;
}

function candidatesOf(submission: Submission, records: readonly ExaminedRecord[]): RecordCandidate[] {
  const ordinalOf = ordinalCounter();
  const equalRecords = new Map<string, number>();
  return records.map((record) => {
    const nth = (equalRecords.get(record.raw) ?? 0) + 1;
    equalRecords.set(record.raw, nth);
    const { document } = record;
    const ordinal = ordinalOf(document);
    return {
      ...keysOf(document, ordinal),
      record,
      ordinal,
      kind: document.kind,
      number: document.number,
      recordHash: hashOfRecord(submission.format, record.raw, nth),
      fileId: submission.fileId,
      corrected: false,
      totalMinor: document.amounts?.total.minor,
      currency: document.currency,
    };
  });
}

function receivedOf(candidate: RecordCandidate, problems: readonly DocumentProblem[]): ReceivedDocument {
  const { record, ordinal, recordHash, fingerprint, numberKey, nameKey, taxIdKey } = candidate;
  return {
    id: newId('doc'),
    status: statusOf(problems),
    document: record.document,
    keys: { fingerprint, numberKey, nameKey, taxIdKey },
    problems,
    recordHash,
    ordinal,
    raw: record.raw,
    fileLine: record.line,
  };
}

function statusOf(problems: readonly DocumentProblem[]): DocumentStatus {
  return problems.some((problem) => problem.blocking) ? 'QUARANTINED' : 'RECEIVED';
}

/** The problem of a document whose number another one of the same counterparty carries. */
export function numberReused(candidate: { readonly number?: string }, first: KnownDocument): DocumentProblem {
  const total =
    first.totalMinor === undefined || first.currency === undefined
      ? 'another total'
      : `a total of ${formatMoney(money(first.totalMinor, first.currency))} ${first.currency}`;
  const message = `Number ${candidate.number ?? ''} of the same counterparty came before with ${total} (${first.id}).`;
  return blocking('DOCUMENT_NUMBER_REUSED', message, 'number');
}

/** Tells the sender which document theirs is a copy of. */
export function duplicateError(first: KnownDocument): UserError {
  const name = first.number === undefined ? 'This document' : `Document ${first.number}`;
  return userError('DUPLICATE_DOCUMENT', `${name} was handed in before; it is ${first.id}.`);
}

/** Raises the event of a document that goes on, or of one that stays in quarantine. */
export function tellOf(transaction: Transaction, bookId: string, received: ReceivedDocument): void {
  const { id, document, status } = received;
  if (status === 'QUARANTINED') {
    transaction.emit({ type: 'document.quarantined', subjectId: id, bookId, facts: {} });
  } else {
    const facts = submittedFacts(transaction, id, document);
    transaction.emit({ type: 'document.submitted', subjectId: id, bookId, facts });
  }
  transaction.audit({
    subjectType: 'Document',
    subjectId: id,
    after: {
      status,
      kind: document.kind,
      number: document.number,
      counterpartyName: document.counterparty.name,
      issuedOn: document.issuedOn,
      total: document.amounts && formatMoney(document.amounts.total),
      currency: document.currency,
      problems: received.problems.map((problem) => problem.message),
    },
  });
}

/** What other subgraphs may know, the account sealed; longer or odder texts than they take are cut or left out. */
function submittedFacts({ organisationId, services }: Transaction, id: string, document: IntakeDocument) {
  const { name = '', taxId, iban, country, email } = document.counterparty;
  return {
    kind: document.kind,
    counterpartyName: name.slice(0, 200),
    taxId: taxId === undefined || taxId.length > 40 ? undefined : taxId,
    sealedIban:
      iban === undefined || iban.length > 42
        ? undefined
        : services.vault.seal(iban, sealedIbanPlace(organisationId, id)),
    country: country !== undefined && /^[A-Z]{2}$/.test(country) ? country : undefined,
    email: email === undefined || email.length > 200 ? undefined : email,
    currency: document.currency ?? '',
  };
}

/** Reports the problems of records with where in the file they stand; the flood of a broken file is cut off. */
function reporter(transaction: Transaction, records: number) {
  let reported = 0;
  return (record: ExaminedRecord, errors: readonly UserError[]): void => {
    for (const error of errors) {
      reported += 1;
      if (reported > mostReported) continue;
      if (record.line === undefined || records === 1) transaction.report(error);
      else {
        const path = ['lines', String(record.line), ...error.path];
        transaction.report({ ...error, message: `Line ${record.line}: ${error.message}`, path });
      }
      if (reported === mostReported) {
        const message = 'There may be more; every document in quarantine carries its own problems.';
        transaction.report(userError('FIELD_INVALID', message));
      }
    }
  };
}
