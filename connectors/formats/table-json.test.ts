import { describe, expect, test } from 'vitest';
import { openTable } from './table-formats.ts';
import { placesOf, rowsOf, tableSource } from './table-fixtures.ts';

const read = async (content: string, source = {}) => {
  const table = await openTable(tableSource(content, source), {});
  return { table, rows: await rowsOf(table) };
};

describe('JSON', () => {
  test('a list of objects is a table, and amounts keep the digits they are written with', async () => {
    const { table, rows } = await read(
      '[{"account":"1000","amount":10.10},\n {"amount":12345678901234567.89,"memo":"a \\"b\\" }"}]',
    );
    expect(table).toMatchObject({ format: 'JSON', header: ['account', 'amount', 'memo'] });
    expect(rows.map((row) => row.cells)).toEqual([
      ['1000', '10.10', ''],
      ['', '12345678901234567.89', 'a "b" }'],
    ]);
  });

  test('one object a line is told by itself', async () => {
    const { table, rows } = await read('{"a":1}\n\n{"a":2}\n');
    expect(table.format).toBe('NDJSON');
    expect(rows.map((row) => [row.number, ...row.cells])).toEqual([
      [1, '1'],
      [2, '2'],
    ]);
  });

  test('entries with their lines give a row for each line, with what stands around it', async () => {
    const content =
      '[{"id":"E1","date":"2026-01-31","lines":[{"account":"1000","debit":"5.00"},{"account":"2000","credit":"5.00"}]}]';
    const { table, rows } = await read(content);
    expect(table.header).toEqual(['(record)', 'id', 'date', 'account', 'debit', 'credit']);
    expect(rows.map((row) => row.cells)).toEqual([
      ['1', 'E1', '2026-01-31', '1000', '5.00', ''],
      ['1', 'E1', '2026-01-31', '2000', '', '5.00'],
    ]);
  });

  test.each([
    ['{"a":1,"a":2}', /twice/],
    ['{"a":01}', /unexpected/],
    ['{"a":[1,2]}', /list of values/],
    ['{"a":"x}', /not closed/],
    ['{"a":1]', /comma/],
    ['[1]', /no object/],
  ])('a record that is wrong costs only itself: %s', async (wrong, message) => {
    const { rows } = await read(`{"a":1}\n${wrong}\n{"a":3}\n`, { name: 'file.ndjson' });
    expect(rows.map((row) => row.problem?.code)).toEqual([undefined, 'LINE_MALFORMED', undefined]);
    expect(rows[1]?.problem?.message).toMatch(message);
  });

  test('a name that comes up far behind the beginning is told instead of being lost', async () => {
    const lines = Array.from({ length: 1001 }, () => '{"a":1}');
    const { rows } = await read([...lines, '{"a":1,"memo":"x"}'].join('\n'));
    expect(rows.at(-1)?.problem?.code).toBe('COLUMN_MISSING');
  });

  test('a list that was cut off is refused, whole objects at its end or not', async () => {
    await expect(read('[{"a":1},{"a":')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(read('[{"a":1},{"a":2}')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });

  test.each(['file.json', 'file.ndjson'])(
    '%s can be read on from every place, however its bytes arrive',
    async (name) => {
      const objects = Array.from({ length: 30 }, (_, index) => `{"id":${index},"text":"é\\n{[${index}"}`);
      const content = name.endsWith('ndjson') ? objects.join('\n') : `[${objects.join(',')}]`;
      for (const block of [1, 7, 64]) {
        const table = await openTable(tableSource(content, { name, block }), {});
        const all = await rowsOf(table);
        expect(all.map((row) => row.cells[0])).toEqual(objects.map((_, index) => String(index)));
        for (const place of await placesOf(table))
          expect(await rowsOf(table, place)).toEqual(all.slice(place.rows));
      }
    },
  );
});
