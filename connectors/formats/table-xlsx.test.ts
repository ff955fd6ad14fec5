import { strToU8, zipSync } from 'fflate';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { openTable } from './table-formats.ts';
import { placesOf, rowsOf, tableSource } from './table-fixtures.ts';
import { plainNumber } from './table-xlsx-sheet.ts';

const relations = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;
const wrapped = (content: string) =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${content}</Relationships>`;

/** A workbook with one sheet of the given XML; for tests. */
function workbook({
  sheet,
  strings = '',
  properties = '',
}: {
  sheet: string;
  strings?: string;
  properties?: string;
}): Uint8Array {
  return zipSync({
    '_rels/.rels': strToU8(wrapped(relations('r1', 'officeDocument', 'xl/workbook.xml'))),
    'xl/workbook.xml': strToU8(
      `<workbook xmlns:r="x">${properties}<sheets><sheet name="Sheet" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    'xl/_rels/workbook.xml.rels': strToU8(
      wrapped(
        relations('r1', 'worksheet', 'worksheets/sheet1.xml') +
          relations('r2', 'sharedStrings', '/xl/sharedStrings.xml'),
      ),
    ),
    'xl/worksheets/sheet1.xml': strToU8(sheet),
    'xl/sharedStrings.xml': strToU8(`<sst>${strings}</sst>`),
  });
}

const rowsXml = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`;
const open = (bytes: Uint8Array, settings = {}) => openTable(tableSource(bytes), settings);

describe('a spreadsheet', () => {
  test('gives its rows as text, with numbers in the digits people see', async () => {
    const sheet = rowsXml(
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>Amo</t></r><r><t>unt</t></r></is></c><c r="C1" t="str"><v>Note</v></c></row>' +
        '<row r="3"><c r="A3"><v>1000</v></c><c r="B3"><v>0.30000000000000004</v></c></row>' +
        '<row r="4"><c r="B4"><v>1.2345E-2</v></c><c r="C4" t="b"><v>1</v></c></row><row r="5"/>',
    );
    const table = await open(
      workbook({ sheet, strings: '<si><t>Account</t><rPh sb="0" eb="1"><t>akaunto</t></rPh></si>' }),
    );
    expect(table).toMatchObject({
      format: 'XLSX',
      header: ['Account', 'Amount', 'Note'],
      sheets: ['Sheet'],
      dayZero: '1899-12-30',
    });
    expect(await rowsOf(table)).toEqual([
      { number: 3, cells: ['1000', '0.3'] },
      { number: 4, cells: ['', '0.012345', 'TRUE'] },
    ]);
  });

  test('counts its days as it says', async () => {
    const sheet = rowsXml('<row><c><v>1</v></c></row>');
    expect((await open(workbook({ sheet, properties: '<workbookPr date1904="1"/>' }))).dayZero).toBe(
      '1904-01-01',
    );
  });

  test('as others write it is read, whichever sheet is asked for, and on from every place', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => [`E${index}`, index + 0.25]);
    const bytes = await writeXlsx({
      sheets: [
        { name: 'Other', rows: [['x'], ['y']] },
        { name: 'Journal', rows: [['Entry', 'Amount'], ...rows] },
      ],
    });
    const table = await open(bytes, { sheet: 'Journal' });
    const all = await rowsOf(table);
    expect(all.map((row) => row.cells)).toEqual(rows.map(([entry, amount]) => [entry, String(amount)]));
    const places = await placesOf(table);
    expect(places.length).toBeGreaterThan(1);
    for (const place of places) expect(await rowsOf(table, place)).toEqual(all.slice(place.rows));
    await expect(open(bytes, { sheet: 'None' })).rejects.toMatchObject({ code: 'FIELD_INVALID' });
  });

  test.each([
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY a "b">]>${rowsXml('<row><c><v>1</v></c></row>')}`],
    ['XML that is cut off', '<worksheet><sheetData><row><c><v>1</v></c></row>'],
    ['a cell outside of every sheet', rowsXml('<row><c r="XFE1"><v>1</v></c></row>')],
    ['a text there is none of', rowsXml('<row><c t="s"><v>7</v></c></row>')],
  ])('with %s is refused', async (_name, sheet) => {
    await expect(open(workbook({ sheet })).then(rowsOf)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  test('that unpacks to far more than it is was made to do so and is refused before it does', async () => {
    const bomb = workbook({ sheet: rowsXml(`<row><c><v>1</v></c></row>${'<row></row>'.repeat(2_000_000)}`) });
    expect(bomb.length).toBeLessThan(50_000);
    await expect(open(bomb).then(rowsOf)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
    const silent = workbook({ sheet: rowsXml(`<row><c><v>1</v></c></row>${' '.repeat(8 * 1024 * 1024)}`) });
    await expect(open(silent).then(rowsOf)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  test('that was cut off, is no spreadsheet, or is one of the old kind is refused', async () => {
    const whole = workbook({ sheet: rowsXml('<row><c><v>1</v></c></row>') });
    await expect(open(whole.subarray(0, whole.length - 200))).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
    });
    await expect(open(zipSync({ 'a.txt': strToU8('a') }))).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' });
    await expect(open(Buffer.from('d0cf11e0a1b11ae1', 'hex'))).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED',
    });
  });

  test.each([
    ['12', '12'],
    ['-0.10', '-0.1'],
    ['1E3', '1000'],
    ['1.7976931348623157e2', '179.769313486232'],
    ['100.10000000000001', '100.1'],
    ['0', '0'],
    ['99999999999999999', '100000000000000000'],
  ])('the number %s is %s', (written, plain) => {
    expect(plainNumber(written)).toBe(plain);
  });
});
