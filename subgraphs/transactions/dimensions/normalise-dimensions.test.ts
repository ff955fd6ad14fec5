import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calendarDate } from '#kernel/calendar';
import type { Catalogue, KnownField } from './catalogue.ts';
import { normaliseColumns, normaliseCustomFields, normaliseDimensions } from './normalise-dimensions.ts';

const field = (key: string, more: Partial<KnownField> = {}): KnownField => ({
  key,
  label: key,
  type: 'TEXT',
  level: 'DOCUMENT',
  required: false,
  choices: [],
  active: true,
  ...more,
});

const catalogue: Catalogue = {
  dimensions: [
    { id: 'dim_1', key: 'costCentre', name: 'Cost centre', active: true },
    { id: 'dim_2', key: 'project', name: 'Project', active: true },
    { id: 'dim_3', key: 'region', name: 'Sales region', active: false },
  ],
  values: [
    { dimensionId: 'dim_1', code: 'CC1', name: 'Kitchen', active: true },
    { dimensionId: 'dim_1', code: 'cc1', name: 'Old kitchen', active: true },
    { dimensionId: 'dim_1', code: 'CC2', name: 'Bar', active: false },
    {
      dimensionId: 'dim_2',
      code: 'P7',
      name: 'Website',
      active: true,
      validFrom: calendarDate('2026-01-01'),
      validTo: calendarDate('2026-06-30'),
    },
    { dimensionId: 'dim_2', code: 'P8', name: 'Twins', active: true },
    { dimensionId: 'dim_2', code: 'P9', name: 'twins', active: true },
  ],
  fields: [],
};

test.each([
  ['costCentre', 'CC1', 'CC1', undefined],
  ['costCentre', 'cc1', 'cc1', undefined],
  ['costCentre', ' kitchen ', 'CC1', undefined],
  ['project', 'p7', 'P7', undefined],
  ['costCentre', 'CC2', 'CC2', 'DIMENSION_VALUE_INACTIVE'],
  ['costCentre', 'Cc1', 'Cc1', 'DIMENSION_VALUE_UNKNOWN'],
  ['project', 'TWINS', 'TWINS', 'DIMENSION_VALUE_UNKNOWN'],
  ['project', 'CC1', 'CC1', 'DIMENSION_VALUE_UNKNOWN'],
  ['region', 'CC1', 'CC1', 'DIMENSION_UNKNOWN'],
  ['galaxy', 'CC1', 'CC1', 'DIMENSION_UNKNOWN'],
])('%s %j is taken as %j with %s', (key, text, code, problem) => {
  const { result, problems } = normaliseDimensions({ [key]: text }, catalogue, {
    on: calendarDate('2026-03-01'),
  });
  expect(result).toEqual({ [key]: code });
  expect(problems.map((one) => [one.code, one.path])).toEqual(
    problem ? [[problem, ['dimensions', key]]] : [],
  );
});

test.each([
  ['2025-12-31', 'Project P7 begins on 2026-01-01, after 2025-12-31'],
  ['2026-01-01', undefined],
  ['2026-06-30', undefined],
  ['2026-07-01', 'Project P7 ended on 2026-06-30, before 2026-07-01'],
])('on %s a value valid for half a year has the problem %j', (on, message) => {
  const { problems } = normaliseDimensions({ project: 'P7' }, catalogue, { on: calendarDate(on) });
  expect(problems[0]?.message).toBe(message);
});

test('a text is never lost: it becomes a code of its dimension or stays with a problem', () => {
  const key = fc.constantFrom('costCentre', 'project', 'region', 'other');
  const text = fc.oneof(fc.constantFrom('CC1', 'bar', 'P7', 'website', 'twins'), fc.string({ minLength: 1 }));
  fc.assert(
    fc.property(fc.dictionary(key, text, { noNullPrototype: true }), (given) => {
      const { result, problems } = normaliseDimensions(given, catalogue);
      expect(Object.keys(result)).toEqual(Object.keys(given));
      for (const [name, code] of Object.entries(result)) {
        const known = catalogue.dimensions.find((one) => one.key === name && one.active);
        const found = catalogue.values.some(
          (value) => value.dimensionId === known?.id && value.code === code && value.active,
        );
        expect(found || problems.some((problem) => problem.path.at(-1) === name)).toBe(true);
        expect(found || [given[name], 'CC2'].includes(code)).toBe(true);
      }
      // What was understood is understood again, as the same.
      expect(normaliseDimensions(result, catalogue).result).toEqual(result);
    }),
  );
});

test('fields are read by their type, and what is wrong or missing is told', () => {
  const fields = [
    field('weight', { type: 'NUMBER', label: 'Weight' }),
    field('until', { type: 'DATE', label: 'Until' }),
    field('size', { type: 'CHOICE', choices: ['S', 'M'], label: 'Size' }),
    field('contract', { required: true, label: 'Contract' }),
    field('approval', { required: true, level: 'ENTRY' }),
    field('old', { required: true, active: false }),
  ];
  const read = (given: Record<string, string>) =>
    normaliseCustomFields(given, fields, { required: 'DOCUMENT' });
  expect(read({ weight: ' 12.50 ', until: '2026-02-28', size: 'm', contract: 'K-1' })).toEqual({
    result: { weight: '12.50', until: '2026-02-28', size: 'M', contract: 'K-1' },
    problems: [],
  });
  const { problems } = read({ weight: '1,5', until: '2026-02-30', size: 'L', old: 'x', contract: ' ' });
  expect(problems.map(({ code, path }) => [code, path.join('.')])).toEqual([
    ['FIELD_INVALID', 'fields.weight'],
    ['FIELD_INVALID', 'fields.until'],
    ['FIELD_INVALID', 'fields.size'],
    ['CUSTOM_FIELD_UNKNOWN', 'fields.old'],
    ['FIELD_MISSING', 'fields.contract'],
  ]);
  expect(problems[2]?.message).toBe('Size: "L" is none of S, M');
  expect(normaliseCustomFields({}, fields, {}).problems).toEqual([]);
});

test('columns of a file are found by key, name, label, and by what a built-in dimension is also called', () => {
  const fields = [field('contractNumber', { label: 'Contract no.' }), field('gone', { active: false })];
  expect(
    normaliseColumns(
      {
        Kostenstelle: 'CC1',
        PROJECT: 'P7',
        'contract no': 'K-1',
        'sales region': 'North',
        gone: 'x',
        weather: 'rain',
        job: 'P8',
      },
      { ...catalogue, fields },
    ),
  ).toEqual({ dimensions: { costCentre: 'CC1', project: 'P7' }, fields: { contractNumber: 'K-1' } });
});
