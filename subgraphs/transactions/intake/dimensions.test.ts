import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestBook } from '../../../test/support/book.ts';
import { upload } from '../../../test/support/upload.ts';
import { openWorkbench, type Workbench } from '../../../test/support/workbench.ts';
import { releaseFromQuarantine } from './release-from-quarantine.ts';
import { submitDocument } from './submit-document.ts';
import { transactions } from '../subgraph.ts';
import { changeDimensionValue } from '../dimensions/change-dimension-value.ts';
import { createDimension } from '../dimensions/create-dimension.ts';
import { createDimensionValue } from '../dimensions/create-dimension-value.ts';
import { defineCustomField } from '../dimensions/define-custom-field.ts';
import { retireCustomField } from '../dimensions/retire-custom-field.ts';
import { retireDimension } from '../dimensions/retire-dimension.ts';

let bench: Workbench;
let bookId: string;
const door = () => bench.door('transactions');

beforeAll(async () => {
  bench = await openWorkbench([transactions]);
  bookId = await openTestBook(bench);
});
afterAll(() => bench.close());

async function value(dimension: string, code: string, more: Record<string, unknown> = {}): Promise<string> {
  const made = await door().run(createDimensionValue, {
    bookId,
    dimension,
    code,
    name: `Name ${code}`,
    ...more,
  });
  expect(made.errors).toEqual([]);
  return made.result?.dimensionValueId ?? '';
}

const codes = (outcome: { errors: readonly { code: string }[] }) => outcome.errors.map((error) => error.code);

describe('a dimension', () => {
  test('is one of four in every book, and more can be added', async () => {
    const own = await openTestBook(bench);
    await door().run(createDimension, { bookId: own, key: 'region', name: 'Region' });
    const answer = await bench.query<{
      dimensions: { key: string; builtIn: boolean; book: { id: string } }[];
    }>('transactions', `{ dimensions(bookId: "${own}") { key builtIn book { id } } }`);
    expect(answer.dimensions.map(({ key, builtIn }) => [key, builtIn])).toEqual([
      ['costCentre', true],
      ['department', true],
      ['project', true],
      ['client', true],
      ['region', false],
    ]);
    expect(answer.dimensions[0]?.book.id).toBe(own);
  });

  test('is refused with a key that is taken, reserved or no word', async () => {
    expect(codes(await door().run(createDimension, { bookId, key: 'project', name: 'P' }))).toEqual([
      'ALREADY_EXISTS',
    ]);
    for (const key of ['date', 'Cost centre', '1st'])
      expect(codes(await door().run(createDimension, { bookId, key, name: 'X' }))).toEqual(['FIELD_INVALID']);
  });

  test('that is retired takes no more values, and comes back under its key', async () => {
    const made = await door().run(createDimension, { bookId, key: 'channel', name: 'Channel' });
    const dimensionId = made.result?.dimensionId ?? '';
    await door().run(retireDimension, { dimensionId });
    expect(codes(await door().run(retireDimension, { dimensionId }))).toEqual(['STATE_CONFLICT']);
    const refused = await door().run(createDimensionValue, {
      bookId,
      dimension: 'channel',
      code: 'A',
      name: 'A',
    });
    expect(codes(refused)).toEqual(['DIMENSION_UNKNOWN']);
    const back = await door().run(createDimension, { bookId, key: 'channel', name: 'Sales channel' });
    expect(back.result?.dimensionId).toBe(dimensionId);
  });
});

describe('a value', () => {
  test('has a code of its own in its dimension, and may be a part of another', async () => {
    await value('costCentre', 'CC1');
    await value('costCentre', 'CC11', { parent: 'CC1' });
    await value('client', 'CC1');
    const twice = await door().run(createDimensionValue, {
      bookId,
      dimension: 'costCentre',
      code: 'CC1',
      name: 'X',
    });
    expect(codes(twice)).toEqual(['ALREADY_EXISTS']);
    const answer = await bench.query<{ dimensions: { id: string; key: string }[] }>(
      'transactions',
      `{ dimensions(bookId: "${bookId}") { id key } }`,
    );
    const centres = answer.dimensions.find((one) => one.key === 'costCentre')?.id;
    const listed = await bench.query<{ dimensionValues: object }>(
      'transactions',
      `{ dimensionValues(dimensionId: "${centres}") { totalCount
           edges { node { code parent { code } dimension { key } } } } }`,
    );
    expect(listed.dimensionValues).toEqual({
      totalCount: 2,
      edges: [
        { node: { code: 'CC1', parent: null, dimension: { key: 'costCentre' } } },
        { node: { code: 'CC11', parent: { code: 'CC1' }, dimension: { key: 'costCentre' } } },
      ],
    });
  });

  test('is never a part of itself, however far down', async () => {
    const top = await value('project', 'A');
    await value('project', 'B', { parent: 'A' });
    await value('project', 'C', { parent: 'B' });
    for (const parent of ['A', 'C'])
      expect(codes(await door().run(changeDimensionValue, { dimensionValueId: top, parent }))).toEqual([
        'FIELD_INVALID',
      ]);
    const none = await door().run(changeDimensionValue, { dimensionValueId: top, parent: 'nobody' });
    expect(codes(none)).toEqual(['DIMENSION_VALUE_UNKNOWN']);
  });

  test('is neither removed nor given another code, by whoever tries', async () => {
    const id = await value('department', 'D1');
    for (const attempt of [
      `delete from transactions.dimension_value where id = '${id}'`,
      `update transactions.dimension_value set code = 'D2' where id = '${id}'`,
      'truncate transactions.dimension_value cascade',
      "update transactions.dimension set key = 'other'",
    ])
      await expect(bench.owner.query(attempt)).rejects.toMatchObject({ code: 'CF403' });
  });
});

describe('a captured document', () => {
  const document = {
    kind: 'INVOICE',
    issuedOn: '2026-03-10',
    counterpartyName: 'Nordlicht GmbH',
    currency: 'EUR',
    total: '100.00',
  };
  let made = 0;
  const submit = (more: Record<string, unknown>, own = bookId) => {
    made += 1;
    return door().run(submitDocument, {
      bookId: own,
      document: { ...document, number: `D-${made}`, ...more },
    });
  };
  const read = async (id: string) =>
    (
      await bench.query<{ document: Record<string, unknown> }>(
        'transactions',
        `{ document(id: "${id}") { status problems { code path } fields { key value }
             dimensions { dimension code } lines { dimensions { dimension code value { name } } } } }`,
      )
    ).document;

  test('says in codes what it and its lines belong to, also when names were written', async () => {
    await value('project', 'P7');
    const outcome = await submit({
      dimensions: [{ dimension: 'project', value: 'name p7' }],
      lines: [{ net: '100.00', dimensions: [{ dimension: 'costCentre', value: 'cc1' }] }],
    });
    expect(outcome.errors).toEqual([]);
    expect(await read(outcome.result?.documentId ?? '')).toMatchObject({
      status: 'RECEIVED',
      dimensions: [{ dimension: 'project', code: 'P7' }],
      lines: [{ dimensions: [{ dimension: 'costCentre', code: 'CC1', value: { name: 'Name CC1' } }] }],
    });
  });

  test('waits in quarantine when nobody knows what it says, and goes on when it is corrected', async () => {
    const outcome = await submit({
      dimensions: [
        { dimension: 'project', value: 'P99' },
        { dimension: 'weather', value: 'rain' },
      ],
      lines: [{ net: '100.00', dimensions: [{ dimension: 'costCentre', value: 'CC99' }] }],
    });
    expect(outcome.errors.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['DIMENSION_VALUE_UNKNOWN', 'dimensions.project'],
      ['DIMENSION_UNKNOWN', 'dimensions.weather'],
      ['DIMENSION_VALUE_UNKNOWN', 'lines.0.dimensions.costCentre'],
    ]);
    const documentId = outcome.result?.documentId ?? '';
    expect(await read(documentId)).toMatchObject({
      status: 'QUARANTINED',
      dimensions: [
        { dimension: 'project', code: 'P99' },
        { dimension: 'weather', code: 'rain' },
      ],
    });
    const half = await door().run(releaseFromQuarantine, {
      documentId,
      dimensions: [{ dimension: 'project', value: 'P7' }, { dimension: 'weather' }],
    });
    expect(codes(half)).toEqual(['DIMENSION_VALUE_UNKNOWN']);
    const whole = await door().run(releaseFromQuarantine, {
      documentId,
      dimensions: [{ dimension: 'costCentre', value: 'CC11', line: 1 }],
    });
    expect(whole.errors).toEqual([]);
    expect(await read(documentId)).toMatchObject({
      status: 'RECEIVED',
      problems: [],
      dimensions: [{ dimension: 'project', code: 'P7' }],
      lines: [{ dimensions: [{ dimension: 'costCentre', code: 'CC11' }] }],
    });
  });

  test('has the fields its book asks for, or waits for them', async () => {
    const own = await openTestBook(bench);
    const ask = {
      bookId: own,
      key: 'contract',
      label: 'Contract',
      type: 'TEXT',
      level: 'DOCUMENT',
      required: true,
    };
    const asked = await door().run(defineCustomField, ask);
    expect((await submit({ fields: [{ key: 'contract', value: 'K-1' }] }, own)).errors).toEqual([]);
    const without = await submit({}, own);
    expect(without.errors.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['FIELD_MISSING', 'fields.contract'],
    ]);
    const documentId = without.result?.documentId ?? '';
    const released = await door().run(releaseFromQuarantine, {
      documentId,
      fields: [{ key: 'contract', value: 'K-2' }],
    });
    expect(released.errors).toEqual([]);
    expect(await read(documentId)).toMatchObject({
      status: 'RECEIVED',
      fields: [{ key: 'contract', value: 'K-2' }],
    });
    await door().run(retireCustomField, { customFieldId: asked.result?.customFieldId ?? '' });
    expect((await submit({}, own)).errors).toEqual([]);
  });

  test('of an expense list takes its columns that are called like a dimension or a field', async () => {
    await door().run(defineCustomField, {
      bookId,
      key: 'guests',
      label: 'Guests',
      type: 'NUMBER',
      level: 'DOCUMENT',
    });
    const fileId = await upload(
      bench,
      [
        'Date,Merchant,Amount,Currency,Category,Kostenstelle,Project,Guests,Weather',
        '2026-03-04,Trattoria,84.00,EUR,Meals,cc1,,4,rain',
        '2026-03-05,Taxi Blau,18.00,EUR,Travel,CC77,P7,,sun',
      ].join('\n'),
    );
    const outcome = await door().run(submitDocument, { bookId, fileId });
    expect(codes(outcome)).toEqual(['DIMENSION_VALUE_UNKNOWN']);
    const [first = '', second = ''] = outcome.result?.documentIds ?? [];
    expect(await read(first)).toMatchObject({
      status: 'RECEIVED',
      dimensions: [{ dimension: 'costCentre', code: 'CC1' }],
      fields: [{ key: 'guests', value: '4' }],
    });
    expect(await read(second)).toMatchObject({ status: 'QUARANTINED', fields: [] });
  });
});

test('a custom field keeps its type and level, and a choice needs choices', async () => {
  const field = { bookId, key: 'size', label: 'Size', type: 'CHOICE', level: 'ENTRY', choices: ['S', 'M'] };
  expect((await door().run(defineCustomField, field)).errors).toEqual([]);
  expect((await door().run(defineCustomField, { ...field, choices: ['S', 'M', 'L'] })).errors).toEqual([]);
  expect(codes(await door().run(defineCustomField, { ...field, type: 'TEXT', choices: [] }))).toEqual([
    'STATE_CONFLICT',
  ]);
  expect(codes(await door().run(defineCustomField, { ...field, choices: [] }))).toEqual(['FIELD_INVALID']);
  const { customFields } = await bench.query<{ customFields: { key: string; choices: string[] }[] }>(
    'transactions',
    `{ customFields(bookId: "${bookId}") { key choices } }`,
  );
  expect(customFields.find((one) => one.key === 'size')?.choices).toEqual(['S', 'M', 'L']);
});
