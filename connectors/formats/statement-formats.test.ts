import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remedies } from '#kernel/errors';
import type { StatementFile } from '#connectors/ports';
import { readStatementFile, statementFormats } from './statement-formats.ts';
import { CAMT, CSV, MT940, OFX } from './statement-fixtures.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, name = 'file'): StatementFile => readStatementFile(encode(text), name);

describe('a statement file', () => {
  it.each([
    ['camt.053.001.08', CAMT, 2],
    ['MT940', MT940, 2],
    ['OFX 1.0.2', OFX, 3],
    ['CSV', CSV, 2],
  ])('is recognised as %s by its content, whatever its name', (format, text, lines) => {
    const file = read(text);
    expect(file.format).toBe(format);
    expect(file.statements.flatMap((statement) => statement.lines)).toHaveLength(lines);
  });

  it('is recognised by exactly one reader', () => {
    for (const text of [CAMT, MT940, OFX]) {
      const names = statementFormats.filter((format) => format.recognises({ name: 'file', head: text }));
      expect(names).toHaveLength(1);
    }
  });

  it('is checked against its own balances', () => {
    expect(read(CAMT).problems).toEqual([]);
    const [problem] = read(CAMT.replace('1148.50', '1148.51')).problems;
    expect(problem).toMatchObject({
      severity: 'warning',
      code: 'STATEMENT_UNBALANCED',
      path: ['statements', '0'],
    });
    expect(problem?.message).toContain('0.01');
    expect(read(MT940).problems).toEqual([]);
  });

  it('is read as CSV whenever a mapping is given with it', () => {
    const csv = { columns: { bookedOn: 'A', amount: 'B' }, currency: 'EUR' };
    expect(readStatementFile(encode('A,B\n2026-03-01,1.00'), 'x.txt', { csv }).statements).toHaveLength(1);
  });

  it.each([
    ['an empty file', ' \n', 'FILE_UNREADABLE', 'empty'],
    ['prose', 'Dear Sir,\nplease find', 'FORMAT_UNKNOWN', '"Dear Sir,"'],
    ['JSON', '{"a": 1}', 'FORMAT_UNKNOWN', '{"a": 1}'],
    ['an unknown XML file', '<a/>', 'FORMAT_UNKNOWN', '<a/>'],
    [
      'a payment order',
      '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.03"/>',
      'FORMAT_UNSUPPORTED',
      'pain.001.001.03',
    ],
    ['a PDF', '%PDF-1.7', 'FORMAT_UNSUPPORTED', 'PDF'],
    ['an XLSX file', 'PK\u0003\u0004\0', 'FORMAT_UNSUPPORTED', 'XLSX'],
    ['QIF', '!Type:Bank\nD3/2/26\nT1.00\n^', 'FORMAT_UNSUPPORTED', 'QIF'],
    ['OFC', '<OFC>\n<ACCTSTMT>', 'FORMAT_UNSUPPORTED', 'OFC'],
  ])('of %s is refused with code and line', (_, text, code, said) => {
    const { statements, problems } = read(text);
    expect(statements).toEqual([]);
    expect(problems).toMatchObject([{ severity: 'refused', code, line: 1 }]);
    expect(problems[0]?.message).toContain(said);
  });

  it('that is an e-invoice is refused with the operation that takes it', () => {
    const invoice =
      '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>1</ID></Invoice>';
    const [problem] = read(invoice).problems;
    expect(problem).toMatchObject({ severity: 'refused', code: 'FORMAT_WRONG', line: 1 });
    expect(problem?.message).toContain('submitDocument');
  });

  it('quotes no more than a piece of a first line, without control characters', () => {
    const message = read(`\u0007${'x'.repeat(5000)}`).problems[0]?.message ?? '';
    expect(message.length).toBeLessThan(130);
    expect(message).not.toContain('\u0007');
  });
});

/** What is wrong with an answer whatever the bytes were: codes are known, a refusal has a line and nothing beside it. */
function faults(file: StatementFile): string[] {
  const refusals = file.problems.filter(({ severity }) => severity === 'refused');
  const unknown = file.problems.filter(({ code }) => !Object.hasOwn(remedies, code)).map(({ code }) => code);
  if (refusals.some(({ line }) => line === undefined || line < 1)) unknown.push('a refusal without a line');
  if (refusals.length > 0 === file.statements.length > 0) unknown.push('neither read nor refused, or both');
  return unknown;
}

describe('damaged bytes', () => {
  const fixtures = [CAMT, MT940, OFX, CSV].map(encode);
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });

  it('never make a reader throw', () => {
    const whichever = fc.constantFrom(...fixtures);
    fc.assert(
      fc.property(whichever, damage, (original, changes) => {
        const bytes = Uint8Array.from(original);
        for (const [place, value] of changes) bytes[place % bytes.length] = value;
        expect(faults(readStatementFile(bytes, 'file.csv'))).toEqual([]);
      }),
      { numRuns: 600 },
    );
  });

  it('never make a reader throw when the file is cut or its parts are repeated', () => {
    const whichever = fc.constantFrom(...fixtures);
    fc.assert(
      fc.property(whichever, fc.nat(), fc.nat(), (original, one, other) => {
        const [from, to] = [one % original.length, other % original.length].sort((a, b) => a - b);
        expect(faults(readStatementFile(original.subarray(0, to), 'file'))).toEqual([]);
        const repeated = [...original.subarray(0, to), ...original.subarray(from)];
        expect(faults(readStatementFile(Uint8Array.from(repeated), 'file'))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('never make any reader throw that is handed the format of another', () => {
    for (const format of statementFormats) {
      for (const bytes of fixtures) expect(faults(format.read(bytes, {}))).toEqual([]);
    }
  });
});
