import { describe, expect, it } from 'vitest';
import type { StatementFile } from '#connectors/ports';
import { readStatementFile } from './statement-formats.ts';
import { statementFormats } from './statement-readers.ts';
import { CAMT, CSV, MT940, OFX } from './statement-fixtures.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (text: string, name = 'file'): Promise<StatementFile> => readStatementFile(encode(text), name);

describe('a statement file', () => {
  it.each([
    ['camt.053.001.08', CAMT, 2],
    ['MT940', MT940, 2],
    ['OFX 1.0.2', OFX, 3],
    ['CSV', CSV, 2],
  ])('is recognised as %s by its content, whatever its name', async (format, text, lines) => {
    const file = await read(text);
    expect(file.format).toBe(format);
    expect(file.statements.flatMap((statement) => statement.lines)).toHaveLength(lines);
  });

  it('is recognised by exactly one reader', () => {
    for (const text of [CAMT, MT940, OFX]) {
      const names = statementFormats.filter((format) => format.recognises({ name: 'file', head: text }));
      expect(names).toHaveLength(1);
    }
  });

  it('is checked against its own balances', async () => {
    expect((await read(CAMT)).problems).toEqual([]);
    const [problem] = (await read(CAMT.replace('1148.50', '1148.51'))).problems;
    expect(problem).toMatchObject({
      severity: 'warning',
      code: 'STATEMENT_UNBALANCED',
      path: ['statements', '0'],
    });
    expect(problem?.message).toContain('0.01');
    expect((await read(MT940)).problems).toEqual([]);
  });

  it('is read as CSV whenever a mapping is given with it', async () => {
    const csv = { columns: { bookedOn: 'A', amount: 'B' }, currency: 'EUR' };
    const file = await readStatementFile(encode('A,B\n2026-03-01,1.00'), 'x.txt', { csv });
    expect(file.statements).toHaveLength(1);
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
    ['a ZIP archive cut off', 'PK\u0003\u0004\0', 'FILE_UNREADABLE', 'zip'],
    ['QIF without its account', '!Type:Bank\nD3/2/26\nT1.00\n^', 'CURRENCY_UNKNOWN', 'QIF'],
    ['OFC', '<OFC>\n<ACCTSTMT>', 'FORMAT_UNSUPPORTED', 'OFC'],
  ])('of %s is refused with code and line', async (_, text, code, said) => {
    const { statements, problems } = await read(text);
    expect(statements).toEqual([]);
    expect(problems).toMatchObject([{ severity: 'refused', code, line: 1 }]);
    expect(problems[0]?.message).toContain(said);
  });

  it('that is an e-invoice is refused with the operation that takes it', async () => {
    const invoice =
      '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"><ID>1</ID></Invoice>';
    const [problem] = (await read(invoice)).problems;
    expect(problem).toMatchObject({ severity: 'refused', code: 'FORMAT_WRONG', line: 1 });
    expect(problem?.message).toContain('submitDocument');
  });

  it('quotes no more than a piece of a first line, without control characters', async () => {
    const message = (await read(`\u0007${'x'.repeat(5000)}`)).problems[0]?.message ?? '';
    expect(message.length).toBeLessThan(130);
    expect(message).not.toContain('\u0007');
  });
});
