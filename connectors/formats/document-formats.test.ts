import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remedies } from '#kernel/errors';
import type { DocumentFile } from '#connectors/ports';
import { documentFormats, readDocumentFile } from './document-formats.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name));
const names = [
  'invoice.ubl.xml',
  'invoice.cii.xml',
  'invoice.zugferd1.xml',
  'credit-note.ubl.xml',
  'expenses.csv',
];
const read = (text: string, name = 'file') => readDocumentFile(Buffer.from(text), name);
const codes = (file: DocumentFile) => file.problems.map(({ severity, code }) => [severity, code]);

describe('a file of documents', () => {
  it.each([
    ['invoice.ubl.xml', 'ubl'],
    ['credit-note.ubl.xml', 'ubl'],
    ['invoice.cii.xml', 'cii'],
    ['invoice.zugferd1.xml', 'cii'],
    ['expenses.csv', 'csv-expenses'],
  ])('%s is recognised as %s by its content, whatever its name', (name, format) => {
    const file = readDocumentFile(fixture(name), 'upload.bin');
    expect(file.format).toBe(format);
    expect(file.problems).toEqual([]);
    expect(file.records.some(({ document }) => document !== undefined)).toBe(true);
    const head = fixture(name).toString('utf8');
    expect(
      documentFormats.filter((each) => each.recognises({ name, head })).map((each) => each.name),
    ).toEqual([format]);
  });

  it('is read behind a long comment and in UTF-16', () => {
    const text = fixture('invoice.cii.xml').toString('utf8');
    const long = text.replace(
      '?>',
      `?><!-- ${'legal notice, 2 €. '.repeat(1000)}\n${'x'.repeat(40_000)} -->`,
    );
    expect(read(long).records[0]?.document?.number).toBe('NB-2026-0417');
    const utf16 = Buffer.from(`\uFEFF${text.replace('UTF-8', 'UTF-16')}`, 'utf16le');
    expect(readDocumentFile(utf16, 'x').records[0]?.document?.seller.name).toBe('Nordlicht Bürobedarf GmbH');
  });

  it.each([
    [
      'camt',
      '<?xml version="1.0"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt/></Document>',
    ],
    [
      'camt in an envelope',
      '<message>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.04"/></message>',
    ],
    [
      'MT940',
      '{1:F01BANKDEFFXXXX0000000000}{4:\r\n:20:STARTUMS\r\n:25:10020030/1234\r\n:60F:C260301EUR1,00\r\n',
    ],
    ['OFX 1', 'OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1>'],
    ['OFX 2', '<?xml version="1.0"?><?OFX OFXHEADER="200"?><OFX><BANKMSGSRSV1/></OFX>'],
    ['CSV', 'Buchungstag;Verwendungszweck;Betrag;Saldo\n01.03.2026;Miete;-900,00;100,00\n'],
  ])('that is a %s bank statement is refused with the operation to use', (_name, text) => {
    const file = read(text);
    expect(codes(file)).toEqual([['refused', 'FORMAT_WRONG']]);
    expect(file.problems[0]?.message).toContain('importBankStatement');
    expect(file.records).toEqual([]);
  });

  it.each([
    ['a picture', '\x89PNG\r\n\x1A\n\0\0\0\rIHDR'],
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n1 0 obj'],
    ['prose', 'Dear all,\nplease find the invoice attached.\n'],
    ['another XML', '<?xml version="1.0"?><M_INVOIC><S_UNH/></M_INVOIC>'],
    ['another CSV', 'sku,quantity\nA-1,5\n'],
  ])('that is %s is refused as unknown', (_name, text) => {
    expect(codes(read(text))).toEqual([['refused', 'FORMAT_UNKNOWN']]);
  });

  it('that is empty, or too large, is refused', () => {
    expect(codes(read(' \n'))).toEqual([['refused', 'FILE_UNREADABLE']]);
    expect(codes(read('Date,Merchant,Amount\n,,\n'))).toEqual([['refused', 'FILE_UNREADABLE']]);
    const large = readDocumentFile(new Uint8Array(32 * 1024 * 1024 + 1), 'x');
    expect(codes(large)).toEqual([['refused', 'FILE_TOO_LARGE']]);
  });

  it('whose XML declares a DOCTYPE is refused by the reader of its format', () => {
    const text = fixture('invoice.ubl.xml')
      .toString('utf8')
      .replace('<Invoice', '<!DOCTYPE Invoice [<!ENTITY a "b">]>\n<Invoice');
    expect(codes(read(text))).toEqual([['refused', 'FILE_UNREADABLE']]);
  });
});

/** What is unsound about an answer; for any bytes it has to be typed, bounded, and every record has to keep its source. */
function unsound(file: DocumentFile): string[] {
  const found: string[] = [];
  const claim = (holds: boolean, otherwise: string): void => {
    if (!holds) found.push(otherwise);
  };
  const isRefused = file.problems.some(({ severity }) => severity === 'refused');
  claim(isRefused === (file.records.length === 0), 'neither refused nor read');
  claim(file.problems.length <= 1 && file.records.length < 30, 'out of bounds');
  for (const { document, problems, raw, line } of file.records) {
    const isWrong = problems.some(({ severity }) => severity === 'error');
    claim(raw !== '' && line > 0, 'a record without its source');
    claim(document !== undefined || isWrong, 'a record that is nothing');
    const { net, tax, gross } = document ?? {};
    claim(
      isWrong || (net?.minor ?? 0n) + (tax?.minor ?? 0n) === gross?.minor,
      'a good record that does not add up',
    );
  }
  for (const { code, message } of [...file.problems, ...file.records.flatMap(({ problems }) => problems)]) {
    claim(code in remedies, `no remedy for ${code}`);
    claim(message.length < 300, `a message without end: ${message}`);
  }
  return found;
}

describe('a damaged file', () => {
  it.each(names)('%s with bytes changed, cut out or doubled gives a typed answer', (name) => {
    const whole = fixture(name);
    const place = fc.nat({ max: whole.length - 1 });
    const damage = fc.oneof(
      fc.record({
        at: place,
        bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
        skip: fc.constantFrom(0, 1, 4),
      }),
      fc.record({ at: place, bytes: fc.constant(new Uint8Array()), skip: fc.nat({ max: 400 }) }),
      fc.record({
        at: place,
        bytes: fc.constantFrom(
          ...['<', '"', '</', '-', '9', ';', '\n', '&#0;'].map((text) => Buffer.from(text)),
        ),
        skip: fc.constantFrom(0, 1),
      }),
    );
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        let bytes: Buffer = whole;
        for (const { at, bytes: put, skip } of damages) {
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + skip)]);
        }
        expect(unsound(readDocumentFile(bytes, name))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each(names)('%s that breaks off anywhere gives a typed answer', (name) => {
    const whole = fixture(name);
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), (length) => {
        expect(unsound(readDocumentFile(whole.subarray(0, length), name))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('of arbitrary bytes gives a typed answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(unsound(readDocumentFile(bytes, 'x'))).toEqual([]);
      }),
    );
  });

  it('with tens of thousands of bad lines names the first hundred problems and still says that it is wrong', () => {
    const lines = '<InvoiceLine><LineExtensionAmount>0.001</LineExtensionAmount></InvoiceLine>'.repeat(
      20_000,
    );
    const [record] = read(
      `<Invoice><DocumentCurrencyCode>EUR</DocumentCurrencyCode>${lines}</Invoice>`,
    ).records;
    expect(record?.problems).toHaveLength(100);
    expect(
      record?.problems.filter(({ severity }) => severity === 'error').map(({ path }) => path?.join('.')),
    ).toEqual(['gross', 'number', 'issuedOn', 'seller.name']);
  });
});
