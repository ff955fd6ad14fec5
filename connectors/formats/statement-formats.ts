import type { FileSample, ReadOptions, StatementFile, StatementFormat } from '#connectors/ports';
import { cii } from './cii.ts';
import { csvStatement } from './csv-statement.ts';
import { checkStatement } from './statement-check.ts';
import { statementFormats } from './statement-readers.ts';
import { quoted, refusedFile } from './statement-values.ts';
import { decodeText } from './text.ts';
import { ubl } from './ubl.ts';
import { rootOf } from './xml-tree.ts';
import { isZip, readXlsxStatement } from './xlsx-statement.ts';

const SAMPLE_BYTES = 16 * 1024;
/** A reader takes several times this, and a year of a large company's account is a tenth of it. */
const LARGEST = 256 * 1024 * 1024;

/** What is recognised, and not read, by its first bytes or lines. */
const UNSUPPORTED: readonly { readonly name: string; readonly sign: RegExp | string }[] = [
  { name: 'PDF', sign: '%PDF-' },
  { name: 'gzip', sign: '\u001F\u2039' },
  { name: 'XLS', sign: 'ÐÏ\u0011à' },
  { name: 'OFC, the predecessor of OFX', sign: /^\s*<OFC>/ },
];

/**
 * Reads a bank's file in whichever known format it is; every statement is checked against its own balances. Never fails
 * for what the file contains. Refused are: an unknown format (FORMAT_UNKNOWN), one that is known and not read
 * (FORMAT_UNSUPPORTED), an invoice (FORMAT_WRONG), a file larger than any statement (FILE_TOO_LARGE), and a file that
 * its reader cannot read.
 */
export async function readStatementFile(
  bytes: Uint8Array,
  name: string,
  options: ReadOptions = {},
): Promise<StatementFile> {
  const file = await readWhicheverFormat(bytes, name, options);
  const checks = file.statements.flatMap((statement, index) =>
    checkStatement(statement).map((problem) => ({ ...problem, path: ['statements', String(index)] })),
  );
  return { ...file, problems: [...file.problems, ...checks] };
}

async function readWhicheverFormat(
  bytes: Uint8Array,
  name: string,
  options: ReadOptions,
): Promise<StatementFile> {
  if (bytes.length > LARGEST) {
    const message = `The file has ${bytes.length} bytes; statements of up to ${LARGEST} are read.`;
    return refusedFile('unknown', { code: 'FILE_TOO_LARGE', message });
  }
  if (isZip(bytes)) return readXlsxStatement(bytes, name, options);
  const head = decodeHead(bytes);
  if (head.trim() === '')
    return refusedFile('unknown', { code: 'FILE_UNREADABLE', message: 'The file is empty.' });
  const sample = { name, head };
  // A mapping says that the file is CSV, whatever its first cells look like.
  const format = options.csv === undefined ? formatOf(sample) : (recordFormatOf(sample) ?? csvStatement);
  return 'code' in format ? refusedFile('unknown', format) : format.read(bytes, options);
}

type Refused = { readonly code: string; readonly message: string };

function formatOf(sample: FileSample): StatementFormat | Refused {
  const format = recordFormatOf(sample);
  if (format !== undefined) return format;
  const invoice = [ubl, cii].find((each) => each.recognises(sample));
  if (invoice !== undefined) {
    return {
      code: 'FORMAT_WRONG',
      message: `The file is an e-invoice (${invoice.name}); send it with submitDocument.`,
    };
  }
  const known = UNSUPPORTED.find(({ sign }) => begins(sample.head, sign))?.name ?? otherMessage(sample.head);
  if (known !== undefined) {
    return { code: 'FORMAT_UNSUPPORTED', message: `The file is ${known}, which is not read.` };
  }
  if (csvStatement.recognises(sample)) return csvStatement;
  const first = sample.head.trimStart().split(/\r\n|\n|\r/, 1)[0] ?? '';
  return { code: 'FORMAT_UNKNOWN', message: `No known format begins like this: ${quoted(first)}.` };
}

function begins(head: string, sign: RegExp | string): boolean {
  return typeof sign === 'string' ? head.startsWith(sign) : sign.test(head);
}

/** The formats that a file names by itself. */
function recordFormatOf(sample: FileSample): StatementFormat | undefined {
  return statementFormats.find((format) => format !== csvStatement && format.recognises(sample));
}

/** Another ISO 20022 message, such as a payment order. */
function otherMessage(head: string): string | undefined {
  const message = /\bxsd:\$?(\w{4}\.\d{3}\.\d{3}\.\d{2})/.exec(rootOf(head)?.tag ?? '')?.[1];
  return message === undefined ? undefined : `the ISO 20022 message ${message}`;
}

function decodeHead(bytes: Uint8Array): string {
  if (bytes.length <= SAMPLE_BYTES) return decodeText(bytes);
  // A character cut in two would make valid UTF-8 look like another encoding, so the cut is moved to the end of a line.
  const lineFeed = bytes.lastIndexOf(0x0a, SAMPLE_BYTES);
  return decodeText(bytes.subarray(0, lineFeed > 0 ? lineFeed + 1 : SAMPLE_BYTES));
}
