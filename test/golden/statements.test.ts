import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatMoney } from '#kernel/money';
import type { BankLine, StatementFile } from '#connectors/ports';
import { readStatementFile } from '../../connectors/formats/statement-formats.ts';
import { evaluateFormats } from '../evaluate/formats.ts';
import { corpora } from '../support/corpora.ts';

/**
 * Files that are no complete statement, or hold values that no ledger can keep, with the code by which they are refused
 * or a line of them is lost, and how many entries are read nevertheless.
 */
const MALFORMED: Readonly<Record<string, { readonly code: string; readonly entries: number }>> = {
  // Single fields cut out of a message: no account, so nobody could say whose money moved.
  'mt940_tests__betterplace__amount_formats.sta': { code: 'FIELD_MISSING', entries: 0 },
  'mt940_tests__betterplace__empty_86.sta': { code: 'FIELD_MISSING', entries: 0 },
  'mt940_tests__cmxl__reference.sta': { code: 'FIELD_MISSING', entries: 0 },
  'mt940_tests__cmxl__statement_details.sta': { code: 'FIELD_MISSING', entries: 0 },
  'mt940_tests__cmxl__statement_line.sta': { code: 'FIELD_MISSING', entries: 0 },
  'mt940_tests__self-provided__empty_non_swift.sta': { code: 'FIELD_MISSING', entries: 0 },
  // An account and nothing else: no balance, so no currency.
  'mt940_tests__cmxl__account_identification_iban.sta': { code: 'FIELD_MISSING', entries: 0 },
  // The narrative stands in a second account field.
  'mt940_tests__betterplace__sepa_snippet_broken.sta': { code: 'LINE_MALFORMED', entries: 1 },
  // Every transaction lacks its date, or has 31 February.
  'tests__fixtures__fail_nice__date_missing.ofx': { code: 'FIELD_MISSING', entries: 0 },
  // The only amount is "$120".
  'tests__fixtures__fail_nice__decimal_error.ofx': { code: 'AMOUNT_INVALID', entries: 0 },
  // Dollars with four decimals, such as 115.8331: rounding them would invent money.
  'tests__fixtures__fidelity-savings.ofx': { code: 'AMOUNT_TOO_PRECISE', entries: 1 },
  // Lists of accounts, or a sign-on, without any statement.
  'tests__fixtures__account_listing_aggregation.ofx': { code: 'FORMAT_UNSUPPORTED', entries: 0 },
  'tests__fixtures__bank_small.ofx': { code: 'FORMAT_UNSUPPORTED', entries: 0 },
  'tests__fixtures__signon_success_no_message.ofx': { code: 'FORMAT_UNSUPPORTED', entries: 0 },
};

/** How many entries a file holds by its own marks, counted without any parser. */
const COUNTS = {
  camt: /<(?:\w+:)?Ntry>/g,
  mt940: /^:61:/gm,
  ofx: /<STMTTRN>/gi,
} as const;

interface Folder {
  readonly path: string;
  readonly mark: RegExp;
  readonly isStatement: (name: string) => boolean;
  /** Fewer files than this mean that the folder is not what it was. */
  readonly files: number;
}

const FOLDERS: readonly Folder[] = [
  { path: 'genkgo+camt', mark: COUNTS.camt, isStatement: (name) => name.endsWith('.xml'), files: 13 },
  { path: 'WoLpH+mt940', mark: COUNTS.mt940, isStatement: (name) => name.endsWith('.sta'), files: 24 },
  { path: 'jseutter+ofxparse', mark: COUNTS.ofx, isStatement: (name) => name.endsWith('.ofx'), files: 12 },
];

const CAMT = 'genkgo+camt';
const MT940 = 'WoLpH+mt940';
const root = corpora('statements');

describe.skipIf(root === undefined)('statements of real banks', () => {
  describe.each(FOLDERS)('$path', ({ path, mark, isStatement, files }) => {
    const names = root === undefined ? [] : readdirSync(join(root, path)).filter(isStatement);

    it('is the folder the test was written for', () => {
      expect(names.length).toBeGreaterThanOrEqual(files);
    });

    it.each(names.filter((name) => MALFORMED[name] === undefined))('reads every entry of %s', (name) => {
      const file = read(path, name);
      expect(file.problems.filter((problem) => problem.severity !== 'warning')).toEqual([]);
      expect(linesOf(file)).toHaveLength(bytesOf(path, name).toString('latin1').match(mark)?.length ?? 0);
    });

    it.each(names.filter((name) => MALFORMED[name] !== undefined))('says what is wrong with %s', (name) => {
      const file = read(path, name);
      expect(file.problems.map((problem) => problem.code)).toContain(MALFORMED[name]?.code);
      expect(file.problems[0]?.line).toBeGreaterThan(0);
      expect(linesOf(file)).toHaveLength(MALFORMED[name]?.entries ?? 0);
    });
  });

  it('reads the same amounts, currencies and value dates as the decoded camt files beside them', () => {
    const names = readdirSync(join(root ?? '', CAMT)).filter((name) => name.endsWith('.xml'));
    let entries = 0;
    for (const name of names) {
      const decoded = JSON.parse(bytesOf(CAMT, name.replace(/xml$/, 'json')).toString()) as DecodedMessage;
      // Of several statements the decoded file lists the entries of the last.
      const lines = read(CAMT, name).statements.at(-1)?.lines ?? [];
      expect([name, ...lines.map(minorUnits)]).toEqual([name, ...decoded.getEntries.map(decodedUnits)]);
      entries += lines.length;
    }
    expect(entries).toBeGreaterThanOrEqual(names.length - 1);
  });

  it('reads the same amounts and value dates as the decoded MT940 files beside them', () => {
    const names = readdirSync(join(root ?? '', MT940)).filter((name) => name.endsWith('.sta'));
    let compared = 0;
    for (const name of names.filter((each) => MALFORMED[each] === undefined)) {
      const lines = linesOf(read(MT940, name));
      const decoded = decodedTransactions(bytesOf(MT940, name.replace(/sta$/, 'yml')).toString());
      // That reader books RC and RD by their second letter; only with the sign turned do the file's balances agree.
      const found = lines.map(({ amount, reversal, valueOn }, index) => ({
        amount: Number(formatMoney(amount)) * (reversal ? -1 : 1),
        day: decoded[index]?.day === undefined ? undefined : valueOn,
      }));
      expect([name, ...found]).toEqual([name, ...decoded]);
      compared += lines.length;
    }
    expect(compared).toBeGreaterThan(140);
  });

  it('names code and line of whatever it refuses, in every folder, and never fails', async () => {
    const printed: string[] = [];
    const summary = await evaluateFormats(root ?? '', (line) => printed.push(line));
    expect(printed).toHaveLength(summary.files + 1);
    const results = printed.slice(0, -1).map((line) => JSON.parse(line) as EvaluatedFile);
    const nameless = results.filter(
      ({ refused }) => refused !== undefined && (refused.code === 'INTERNAL' || !(refused.line > 0)),
    );
    expect(nameless).toEqual([]);
    const crashers = results.filter(({ file }) => /overflow|null-ptr|use-after-free/.test(file));
    expect(crashers.map(({ refused }) => refused !== undefined)).toEqual([true, true, true]);
  });

  it('reads every format of these banks in most files', async () => {
    const printed: string[] = [];
    await evaluateFormats(root ?? '', (line) => printed.push(line));
    const results = printed.slice(0, -1).map((line) => JSON.parse(line) as EvaluatedFile);
    const formats = Map.groupBy(results, ({ format }) => format?.replace(/[ .]\d.*$/, '') ?? 'refused');
    expect(formats.get('camt')?.length).toBe(19);
    expect(formats.get('MT940')?.length).toBeGreaterThanOrEqual(35);
    expect(formats.get('OFX')?.length).toBeGreaterThanOrEqual(25);
    expect(formats.get('CSV')?.length).toBeGreaterThanOrEqual(10);
  });

  it('lists only malformed files that are there', () => {
    const names = readdirSync(root ?? '', { recursive: true, encoding: 'utf8' }).map((path) =>
      basename(path),
    );
    expect(Object.keys(MALFORMED).filter((name) => !names.includes(name))).toEqual([]);
  });
});

function bytesOf(folder: string, name: string): Buffer {
  return readFileSync(join(root ?? '', folder, name));
}

function read(folder: string, name: string): StatementFile {
  return readStatementFile(bytesOf(folder, name), name);
}

function linesOf(file: StatementFile): BankLine[] {
  return file.statements.flatMap((statement) => statement.lines);
}

interface EvaluatedFile {
  readonly file: string;
  readonly format?: string;
  readonly refused?: { readonly code: string; readonly line: number };
}

interface DecodedMessage {
  readonly getEntries: readonly {
    readonly getAmount: { readonly getAmount: string; readonly getCurrency: { readonly getCode: string } };
    readonly getValueDate: { readonly 0: string } | null;
  }[];
}

function minorUnits({ amount, valueOn }: BankLine): string {
  return `${amount.minor} ${amount.currency} ${valueOn ?? ''}`;
}

function decodedUnits({ getAmount, getValueDate }: DecodedMessage['getEntries'][number]): string {
  return `${getAmount.getAmount} ${getAmount.getCurrency.getCode} ${getValueDate?.[0].slice(0, 10) ?? ''}`;
}

/** Picks amount and value date out of the dumped model; days are four packed bytes, or point at an earlier day. */
function decodedTransactions(dump: string): { amount: number; day?: string }[] {
  const [, ...transactions] = dump
    .slice(dump.indexOf('\ntransactions:'))
    .split('!!python/object:mt940.models.Transaction\n');
  return transactions.map((text) => {
    const amount = Number(/\n {4}amount: [\s\S]*?Decimal\s+(?:\[|- )'([^']+)'/.exec(text)?.[1]);
    const packed =
      /\n {4}date: (?:&id\d+ )?!!python\/object\/apply:mt940\.models\.Date\n {4}- !!binary \|\n\s+(\S+)/.exec(
        text,
      )?.[1];
    if (packed === undefined) return { amount };
    const [high = 0, low = 0, month = 0, day = 0] = Buffer.from(packed, 'base64');
    const two = (value: number): string => String(value).padStart(2, '0');
    return { amount, day: `${high * 256 + low}-${two(month)}-${two(day)}` };
  });
}
