import type { DocumentFile, DocumentFormat } from '#connectors/ports';
import { cii } from './cii.ts';
import { csvExpenses, isBankCsv } from './csv-expenses.ts';
import { decodeText } from './text.ts';
import { ubl } from './ubl.ts';
import { rootOf } from './xml-tree.ts';

/** The readers of business documents, in the order in which they are asked. */
export const documentFormats: readonly DocumentFormat[] = [ubl, cii, csvExpenses];

/** A document with scanned attachments inside stays well below this; more is refused unread. */
const LARGEST_FILE = 32 * 1024 * 1024;
/** E-invoices may carry pages of legal text before the root element. */
const SAMPLE_BYTES = 64 * 1024;

/**
 * Reads a file of business documents in whichever known format it is. Never throws for what the file contains: a file of
 * no known format is refused with FORMAT_UNKNOWN, a bank statement with FORMAT_WRONG, one past 32 MiB with FILE_TOO_LARGE.
 */
export function readDocumentFile(bytes: Uint8Array, name: string): DocumentFile {
  if (bytes.length > LARGEST_FILE) {
    return refused('FILE_TOO_LARGE', `${shown(name)} has ${bytes.length} bytes; ${LARGEST_FILE} are read.`);
  }
  const head = decodeHead(bytes);
  if (head.trim() === '') return refused('FILE_UNREADABLE', `${shown(name)} is empty.`);
  const format = documentFormats.find((each) => each.recognises({ name, head }));
  if (format !== undefined) return format.read(bytes);
  if (isBankStatement(head)) {
    const message = `${shown(name)} is a bank statement; send it with importBankStatement.`;
    return refused('FORMAT_WRONG', message);
  }
  return refused(
    'FORMAT_UNKNOWN',
    `${shown(name)} is none of: UBL, CII (Factur-X, ZUGFeRD), CSV of expenses.`,
  );
}

function decodeHead(bytes: Uint8Array): string {
  if (bytes.length <= SAMPLE_BYTES) return decodeText(bytes);
  // A character cut in two would make valid UTF-8 look like another encoding, so the cut is moved to the end of a line.
  const lineFeed = bytes.lastIndexOf(0x0a, SAMPLE_BYTES);
  return decodeText(bytes.subarray(0, lineFeed > 0 ? lineFeed + 1 : SAMPLE_BYTES));
}

/** Marks of camt, MT940 and OFX, and the columns that only a bank's CSV has. */
function isBankStatement(head: string): boolean {
  const root = rootOf(head);
  // A statement may lie in an envelope, so its namespace is looked for beyond the root.
  if (root !== undefined) {
    return root.name === 'OFX' || /urn:iso:std:iso:20022:tech:xsd:camt\.05[234]/.test(head);
  }
  if (/^\s*(?:OFXHEADER:|<OFX>)/.test(head)) return true;
  if (/^:20:/m.test(head) && /^:(?:25|60[FM]|61):/m.test(head)) return true;
  return isBankCsv(head);
}

function refused(code: string, message: string): DocumentFile {
  return { format: 'unknown', records: [], problems: [{ severity: 'refused', code, message }] };
}

function shown(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
