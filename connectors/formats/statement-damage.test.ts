import fc from 'fast-check';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { drawFrom, mutated, MUTATIONS } from '../../test/support/mutations.ts';
import { statementFaults } from '../../test/support/statement-faults.ts';
import { AEB43, BAI2, CAMT, CFONB120, CFONB240, CODA, CSV, MT940, OFX, QIF } from './statement-fixtures.ts';
import { readStatementFile } from './statement-formats.ts';
import { statementFormats } from './statement-readers.ts';

const rows = [
  ['Date', 'Amount', 'Currency', 'Description'],
  ['2026-03-01', -5.25, 'EUR', 'Coffee'],
  ['2026-03-02', 12, 'EUR', 'Invoice 7'],
];
const texts = { AEB43, BAI2, CAMT, CFONB120, CFONB240, CODA, CSV, MT940, OFX, QIF };
const files: readonly (readonly [string, Buffer])[] = [
  ...Object.entries(texts).map(([name, text]) => [name, Buffer.from(text)] as const),
  ['XLSX', Buffer.from(await writeXlsx({ sheets: [{ name: 'Sheet', rows }] }))],
];
const options = { account: { currency: 'EUR' } };

describe('a statement of whatever format', () => {
  it.each(files)('is read whole when nothing happened to it: %s', async (_, bytes) => {
    const file = await readStatementFile(bytes, 'file', options);
    expect(file.problems.filter(({ severity }) => severity !== 'warning')).toEqual([]);
    expect(file.statements.flatMap(({ lines }) => lines).length).toBeGreaterThanOrEqual(2);
    expect(statementFaults(file)).toEqual([]);
  });

  it.each(files)('is read or refused, never failed, whatever happened to it: %s', async (_, bytes) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const damaged = mutated(bytes, drawFrom(seed));
        expect(statementFaults(await readStatementFile(damaged.bytes, 'file.csv', options))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is recognised by no more than one reader', () => {
    for (const [name, bytes] of files) {
      const sample = { name: 'file', head: bytes.toString() };
      const readers = statementFormats.filter((format) => format.recognises(sample));
      expect([name, readers.length]).toEqual([name, name === 'XLSX' ? 0 : 1]);
    }
  });

  it('never makes the reader of another format throw', () => {
    for (const format of statementFormats) {
      for (const [, bytes] of files) expect(statementFaults(format.read(bytes, options))).toEqual([]);
    }
  });
});

describe('damage', () => {
  it('is the same for the same seed, and another for another', () => {
    const [bytes] = files.map(([, each]) => each);
    const of = (seed: number) => mutated(bytes ?? Buffer.alloc(0), drawFrom(seed)).bytes.toString('hex');
    expect(of(1)).toBe(of(1));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => of(seed))).size).toBeGreaterThan(15);
  });

  it.each(Object.entries(MUTATIONS))('of the kind %s takes an empty file', (_, mutate) => {
    expect(mutate(Buffer.alloc(0), drawFrom(1)).length).toBeLessThan(1000);
  });
});
