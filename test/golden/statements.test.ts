import { beforeAll, describe, expect, it } from 'vitest';
import { evaluateFormats, type FormatsSummary } from '../evaluate/formats.ts';
import { MUST_BE_REFUSED } from '../evaluate/formats-refused.ts';
import { corpora } from '../support/corpora.ts';

/** The files of which records are lost, by the end of their name: how many, and why no reader could keep them. */
const LOSSES: Readonly<Record<string, readonly [count: number, code: string]>> = {
  // Dollars with four decimals, such as 115.8331: rounding them would invent money.
  'fidelity-savings.ofx': [3, 'AMOUNT_TOO_PRECISE'],
  // Tenths of a cent.
  'samples__sample6.cod': [1, 'AMOUNT_TOO_PRECISE'],
  // "12..34".
  'csv_garbled_amount.csv': [1, 'AMOUNT_INVALID'],
};

/** Fewer bank files of a format than this mean that the folder is not what it was. */
const FILES: Readonly<Record<string, number>> = {
  camt: 19,
  MT940: 48,
  OFX: 38,
  CSV: 17,
  XLSX: 3,
  QIF: 2,
  AEB43: 1,
  CODA: 8,
  BAI2: 3,
  'CFONB 120': 2,
  'CFONB 240': 1,
};

interface Evaluated {
  readonly file: string;
  readonly format?: string;
  readonly other?: string;
  readonly given?: string;
  readonly refused?: { readonly code: string; readonly line: number; readonly message: string };
  readonly lost?: readonly { readonly code: string }[];
  readonly expectation?: { readonly values: number };
  readonly disagrees: readonly string[];
}

const root = corpora('statements');

describe.skipIf(root === undefined)('statements of real banks', () => {
  let files: Evaluated[] = [];
  let summary: FormatsSummary;

  beforeAll(async () => {
    const printed: string[] = [];
    summary = await evaluateFormats(root ?? '', (line) => printed.push(line));
    const records = printed.map((line) => JSON.parse(line) as Partial<Evaluated>);
    files = records.filter((record): record is Evaluated => record.file !== undefined);
  });

  it('are read with all their entries and as the decoded files beside them say, or refused rightly', () => {
    const disagreeing = files.filter(({ disagrees }) => disagrees.length > 0);
    expect(disagreeing.map(({ file, disagrees }) => ({ file, disagrees }))).toEqual([]);
    expect(summary.total.disagreeing).toBe(0);
  });

  it.each(Object.entries(FILES))('are there in %s: %i files or more', (format, count) => {
    expect(summary.formats[format]?.files).toBeGreaterThanOrEqual(count);
    expect(summary.formats[format]?.read).toBeGreaterThan(0);
  });

  it('lose the records that no reader could keep, and no others', () => {
    const losing = files.filter(({ refused, lost }) => refused === undefined && (lost?.length ?? 0) > 0);
    const lost = losing.map(({ file, lost: records }) => {
      const name = Object.keys(LOSSES).find((end) => file.endsWith(end)) ?? file;
      return [name, [records?.length, records?.[0]?.code]];
    });
    expect(Object.fromEntries(lost)).toEqual(LOSSES);
  });

  it('are refused only where the file is damaged, or no statement', () => {
    const refused = files.filter((each) => each.format !== undefined && each.refused !== undefined);
    const unexpected = refused.filter(({ file }) => !MUST_BE_REFUSED.some(([name]) => name.test(file)));
    expect(unexpected.map(({ file }) => file)).toEqual([]);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused.every((each) => (each.refused?.line ?? 0) > 0)).toBe(true);
  });

  it('need the currency of the account only where the file names none', () => {
    const names = files.filter(({ given }) => given !== undefined).map(({ file }) => file);
    expect(names.filter((name) => !/\.(?:qif|csv|xlsx|sta|ofx)$/.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith('.qif'))).toHaveLength(2);
  });

  it('are held against decoded files in more than a thousand values', () => {
    expect(summary.total.compared).toBeGreaterThanOrEqual(37);
    expect(summary.total.values).toBeGreaterThan(1100);
    expect(summary.total.agree).toBe(summary.total.values);
  });

  it('never take documentation, expectations or journals for statements', () => {
    const others = files.filter(({ other }) => other !== undefined);
    expect(others.length).toBeGreaterThanOrEqual(100);
    expect(others.filter(({ refused }) => refused === undefined)).toEqual([]);
  });
});
