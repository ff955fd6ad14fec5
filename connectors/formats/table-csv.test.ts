import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCsv } from './table-csv.ts';
import { openTable } from './table-formats.ts';
import { placesOf, rowsOf, tableSource } from './table-fixtures.ts';

const cells = async (content: string | Uint8Array, settings = {}) => {
  const table = await openTable(tableSource(content), settings);
  return { header: table.header, rows: (await rowsOf(table)).map((row) => row.cells), table };
};

describe('a delimited file', () => {
  test.each([
    ['a;b\n1;2\n', ';'],
    ['a,b\n1,2\n', ','],
    ['a\tb\n1\t2\n', '\t'],
    ['a|b\n1|2\n', '|'],
  ])('shows its delimiter: %j', async (content, delimiter) => {
    const { table, header, rows } = await cells(content);
    expect(table).toMatchObject({ format: 'CSV', delimiter });
    expect([header, rows]).toEqual([['a', 'b'], [['1', '2']]]);
  });

  test('is delimited as its sender says', async () => {
    expect((await cells('a;b,c\n1;2,3\n', { delimiter: ',' })).header).toEqual(['a;b', 'c']);
  });

  test('has its headings below a title', async () => {
    const { header, rows } = await cells(
      'Journal of Acme\n\nDate;Account;Amount\n2026-01-01;1000;5,00\n2026-01-02;1000;6,00\n',
    );
    expect(header).toEqual(['Date', 'Account', 'Amount']);
    expect(rows).toHaveLength(2);
  });

  test.each([
    ['UTF-8 with a mark', Buffer.from('\uFEFFKonto;Text\n1;Büro\n')],
    ['UTF-8', Buffer.from('Konto;Text\n1;Büro\n')],
    ['windows-1252', Buffer.from('Konto;Text\n1;Büro\n', 'latin1')],
    ['UTF-16 little endian', Buffer.from('\uFEFFKonto;Text\r\n1;Büro\r\n', 'utf16le')],
    ['UTF-16 big endian', Buffer.from('\uFEFFKonto;Text\n1;Büro\n', 'utf16le').swap16()],
    ['carriage returns only', Buffer.from('Konto;Text\r1;Büro\r')],
  ])('is read in %s', async (_name, bytes) => {
    const { header, rows } = await cells(bytes);
    expect([header, rows]).toEqual([['Konto', 'Text'], [['1', 'Büro']]]);
  });

  test('is read in an encoding its sender names', async () => {
    const { rows } = await cells(Buffer.from([0x61, 0x3b, 0x62, 0x0a, 0xa5, 0x3b, 0x31, 0x0a]), {
      encoding: 'iso-8859-2',
    });
    expect(rows).toEqual([['Ľ', '1']]);
    await expect(cells('a;b\n', { encoding: 'klingon' })).rejects.toMatchObject({ code: 'FIELD_INVALID' });
  });

  test('keeps delimiters, quotes and line ends within quoted cells, and counts lines as an editor does', async () => {
    const table = await openCsv(tableSource('a,b\r\n"1,5","say ""hi""\r\nto all"\r\n2,3\r\n'), {});
    expect(await rowsOf(table)).toEqual([
      { number: 2, cells: ['1,5', 'say "hi"\r\nto all'] },
      { number: 4, cells: ['2', '3'] },
    ]);
  });

  test('a stray quote costs its line and nothing after it', async () => {
    const table = await openCsv(tableSource('a,b\n"1,2\n3,4\n5,"6"7\n8,9\n'), {});
    const rows = await rowsOf(table);
    expect(rows.map(({ number, problem }) => [number, problem?.code])).toEqual([
      [2, 'LINE_MALFORMED'],
      [3, undefined],
      [4, 'LINE_MALFORMED'],
      [5, undefined],
    ]);
  });

  test('a row with more cells than there are headings is refused, as with a decimal comma between commas', async () => {
    const [row] = await rowsOf(await openCsv(tableSource('a,b\n1,2,50\n'), {}));
    expect(row?.problem).toMatchObject({ code: 'LINE_MALFORMED' });
  });

  test('bytes that are no text of the encoding cost their row', async () => {
    const content = Buffer.concat([
      Buffer.from('a;b\nü;2\n'.repeat(40_000)),
      Buffer.from([0x78, 0xff, 0x3b, 0x31, 0x0a]),
    ]);
    const rows = await rowsOf(await openCsv(tableSource(content), {}));
    expect(rows.filter((row) => row.problem).map((row) => row.number)).toEqual([80_001]);
  });

  test('an empty file is refused', async () => {
    await expect(cells('')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});

const cell = fc.oneof(
  fc.string({ maxLength: 12, unit: fc.constantFrom('a', '1', ';', '"', '\n', 'é', '€', ' ', '😀') }),
  fc.constant(''),
);
const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 40 });
const written = (text: string) => `"${text.replaceAll('"', '""')}"`;

test('whatever stands in a table is read back, however its bytes arrive, and from every place reading may stop at', async () => {
  await fc.assert(
    fc.asyncProperty(
      table,
      fc.constantFrom('utf8', 'utf16le'),
      fc.integer({ min: 7, max: 90 }),
      async (rows, encoding, block) => {
        const wanted = rows.filter((row) => row.some((one) => one !== ''));
        const text = ['\uFEFFA;B;C', ...rows.map((row) => row.map(written).join(';'))].join('\n');
        const source = tableSource(Buffer.from(`${text}\n`, encoding as BufferEncoding), { block });
        const open = await openCsv(source, { delimiter: ';' });
        const all = await rowsOf(open);
        expect(all.map((row) => row.cells)).toEqual(wanted);
        for (const place of await placesOf(open))
          expect(await rowsOf(open, place)).toEqual(all.slice(place.rows));
      },
    ),
    { numRuns: 60 },
  );
});
