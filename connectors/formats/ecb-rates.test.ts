import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { corpora } from '../../test/support/corpora.ts';
import { readReferenceRates } from './ecb-rates.ts';

const history = `Date,USD,JPY,CYP,TRL,
2026-04-13,1.1684,186.75,N/A,N/A,
2004-12-31,1.3621,139.65,0.58,1836200,
`;

const daily = `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube>
    <Cube time='2026-04-13'>
      <Cube currency='USD' rate='1.1684'/>
      <Cube currency='JPY' rate='186.75'/>
    </Cube>
  </Cube>
</gesmes:Envelope>`;

const read = (text: string) => readReferenceRates(strToU8(text));

describe('reference rates of the European Central Bank', () => {
  const days = [
    { on: '2026-04-13', rates: { USD: '1.1684', JPY: '186.75' } },
    { on: '2004-12-31', rates: { USD: '1.3621', JPY: '139.65', CYP: '0.58', TRL: '1836200' } },
  ];

  test('the history is a table of days and currencies, with gaps', () => {
    expect(read(history)).toEqual({ days, problems: [] });
  });

  test('it is also read as it is published, zipped', () => {
    expect(readReferenceRates(zipSync({ 'eurofxref-hist.csv': strToU8(history) }))).toEqual({
      days,
      problems: [],
    });
  });

  test('the XML says the same', () => {
    expect(read(daily)).toEqual({ days: days.slice(0, 1), problems: [] });
  });

  test('the table of one day spells the day and pads the cells', () => {
    expect(read('Date, USD, JPY, \n13 April 2026, 1.1684, 186.75, \n')).toEqual({
      days: days.slice(0, 1),
      problems: [],
    });
  });

  test.each([
    ['a day that is none', '2026-02-30,1.1,2,,\n', 'DATE_INVALID'],
    ['a quote that never closes', '2026-04-14,"1.1,2,,\n', 'LINE_MALFORMED'],
    ['a rate that is no number', '2026-04-14,one,2,,\n', 'AMOUNT_INVALID'],
    ['a negative rate', '2026-04-14,-1.1,2,,\n', 'AMOUNT_INVALID'],
    ['a rate of zero', '2026-04-14,0.000,2,,\n', 'AMOUNT_INVALID'],
  ])('%s costs itself and nothing else', (_what, line, code) => {
    const file = read(history + line);
    expect(file.problems).toMatchObject([{ severity: 'error', code, line: 4 }]);
    expect(file.days.slice(0, 2)).toEqual(days);
  });

  test('a column that is no currency is left out with a warning', () => {
    const file = read('Date,USD,QQQ\n2026-04-13,1.1684,5\n');
    expect(file.days).toEqual([{ on: '2026-04-13', rates: { USD: '1.1684' } }]);
    expect(file.problems).toMatchObject([{ severity: 'warning', code: 'CURRENCY_UNKNOWN' }]);
  });

  test.each([
    ['nothing', '', 'FORMAT_UNKNOWN'],
    ['another table', 'Day;Amount\n1;2\n', 'FORMAT_UNKNOWN'],
    ['other XML', '<Invoice><ID>1</ID></Invoice>', 'FORMAT_UNKNOWN'],
    ['broken XML', '<Cube><Cube', 'FILE_UNREADABLE'],
    ['XML with a DOCTYPE', '<!DOCTYPE a [<!ENTITY b "c">]><a/>', 'FILE_UNREADABLE'],
    ['a damaged archive', 'PK\u0003\u0004nothing', 'FORMAT_UNKNOWN'],
  ])('%s is refused as a whole', (_what, text, code) => {
    const file = read(text);
    expect(file.days).toEqual([]);
    expect(file.problems[0]).toMatchObject({ severity: 'refused' });
    expect([code, 'FILE_UNREADABLE']).toContain(file.problems[0]?.code);
  });

  test('an archive that says it unpacks to more than fits is refused', () => {
    const archive = zipSync({ 'eurofxref-hist.csv': strToU8(history) });
    const view = new DataView(archive.buffer, archive.byteOffset);
    // The size unpacked stands in the central directory, 24 bytes into its record.
    const directory = Buffer.from(archive).indexOf('PK\u0001\u0002');
    view.setUint32(directory + 24, 1_000_000_000, true);
    expect(readReferenceRates(archive).problems).toMatchObject([{ code: 'FILE_TOO_LARGE' }]);
  });
});

const folder = corpora('fx');

describe.skipIf(folder === undefined)('the published history since 1999', () => {
  test('every day and every rate is read', () => {
    const file = readReferenceRates(readFileSync(`${folder}/eurofxref-hist.zip`));
    expect(file.problems).toEqual([]);
    const rates = file.days.reduce((sum, day) => sum + Object.keys(day.rates).length, 0);
    expect(file.days.length).toBeGreaterThan(6900);
    expect(rates).toBeGreaterThan(200_000);
    expect(file.days.at(-1)).toMatchObject({ on: '1999-01-04', rates: { USD: '1.1789', JPY: '133.73' } });
  });
});
