import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Decimal } from '#kernel/decimal';
import { CrossfootError } from '#kernel/errors';
import { expressionLanguage, expressionLimits, fuel } from '#kernel/expressions';

const language = expressionLanguage({
  types: { Line: { description: 'string', net: 'Decimal' } },
  variables: {
    kind: 'string',
    gross: 'Decimal',
    count: 'int',
    lines: 'list<Line>',
    dimensions: 'map<string, string>',
    numbers: 'list<int>',
    long: 'string',
  },
});

const variables = language.bind({
  kind: 'sale',
  gross: Decimal.parse('119.00'),
  count: 3n,
  lines: [{ description: 'Coffee', net: Decimal.parse('1.10') }, { description: 'Tea' }],
  dimensions: { project: 'P7' },
  numbers: Array.from({ length: 1_500 }, (_, index) => BigInt(index)),
  long: 'a'.repeat(3_000),
});

function codeOf(work: () => unknown): [string, string] {
  try {
    work();
  } catch (error) {
    if (error instanceof CrossfootError) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('values', () => {
  test.each([
    ['0.1 + 0.2', '0.3'],
    ['gross * 0.19', '22.61'],
    ['gross - 2 * count', '113'],
    ['-gross', '-119'],
    ['round(1.005, 2)', '1.01'],
    ['round(-2.5, 0)', '-3'],
    ['divide(gross, 3.0, 4)', '39.6667'],
    ['percent(gross, 2.9)', '3.451'],
    ['least(gross, 5.0) + greatest(gross, 5.0)', '124'],
    ['abs(-1.50)', '1.5'],
    ['lines.map(line, line.net)[0]', '1.1'],
    ['lines[1].net', '0'],
    ['decimal("12.50") + decimal(2)', '14.5'],
    ['123456789012345678.12 + 0.01', '123456789012345678.13'],
  ])('%s is %s, exactly', (text, value) => {
    expect(language.compile(text, 'Decimal').evaluate(variables).toString()).toBe(value);
  });

  test.each([
    ['0.1 + 0.2 == 0.3', true],
    ['gross > 100 && kind == "sale"', true],
    ['gross == 119 && 119 == gross && gross != 118.99', true],
    ['gross in [1.0, 119.0]', true],
    ['lines.exists(line, mentions(line.description, "COFFEE"))', true],
    ['lines.all(line, line.net > 0)', false],
    ['"project" in dimensions && !("costCentre" in dimensions)', true],
    ['month("2026-05-01") == 5 && year("2026-05-01") == 2026 && day("2026-05-01") == 1', true],
    ['fold("Bücher, ÄG") == "bucher ag"', true],
  ])('%s is %s', (text, value) => {
    expect(language.compile(text, 'bool').evaluate(variables)).toBe(value);
  });

  test('a table answers by key, with a third argument for keys that are not there', () => {
    const lookUp = (table: string, key: string) => (table === 'shops' ? { berlin: 'CC1' }[key] : undefined);
    const text = (expression: string) =>
      language.compile(expression, 'string').evaluate(variables, { lookUp });
    expect(text('lookup("shops", "berlin")')).toBe('CC1');
    expect(text('lookup("shops", "rome", "CC9")')).toBe('CC9');
    expect(codeOf(() => text('lookup("shops", "rome")'))).toEqual([
      'EXPRESSION_FAILED',
      'Look-up table "shops" has no key "rome": lookup("shops", "rome")',
    ]);
    expect(codeOf(() => language.compile('lookup("x", "y")', 'string').evaluate(variables))[0]).toBe(
      'EXPRESSION_FAILED',
    );
  });
});

describe('errors before anything is evaluated', () => {
  test.each([
    ['kind +', 'Unexpected token: EOF at character 7'],
    ['kind\n  == colour', 'Unknown variable "colour"'],
    ['kind\n  == colour', 'at line 2, character 6'],
    ['kind == 1', '"==" does not go between string and int'],
    ['gross / 3', '"/" does not go between Decimal and int'],
    ['lines == lines', 'compare their elements'],
    ['lines in [lines]', 'compare their elements'],
    ['kind.matches("(a+)+$")', 'Unknown function "matches"'],
    ['timestamp("2026-01-01T00:00:00Z") > timestamp("2025-01-01T00:00:00Z")', 'Unknown function "timestamp"'],
    ['google.protobuf.Timestamp == google.protobuf.Timestamp', 'Unknown variable "google"'],
    ['thisEvaluator()', 'Unknown function "thisEvaluator"'],
    ['cel.bind(x, 1, x) == 1', 'Unknown function "bind"'],
    ['kind.constructor == ""', 'Cannot index type'],
    ['1e4 > gross', 'not a plain decimal number'],
    ['"sale"', 'gives text where true or false is wanted'],
    ['lines.map(a, lines.map(b, lines.map(c, lines.map(d, d)))).size() > 0', 'More than 3 loops'],
  ])('%s: %s', (text, message) => {
    const [code, said] = codeOf(() => language.compile(text, 'bool'));
    expect(code).toBe('EXPRESSION_INVALID');
    expect(said).toContain(message);
  });

  test.each([
    ['long text', `kind == "${'a'.repeat(expressionLimits.characters)}"`],
    ['deep brackets', `${'('.repeat(500)}true${')'.repeat(500)}`],
    ['many parts', Array(450).fill('1').join('+') + ' > 0'],
    ['a long list', `1 in [${Array(450).fill('1').join(',')}]`],
  ])('%s is too much', (_title, text) => {
    expect(codeOf(() => language.compile(text, 'bool'))[0]).toBe('EXPRESSION_LIMIT');
  });
});

describe('what data makes impossible', () => {
  test.each([
    ['dimensions["none"]', 'No such key: none'],
    ['dimensions.constructor', 'No such key: constructor'],
    ['dimensions.__proto__', 'No such key: __proto__'],
    ['lines[7].description', 'index out of bounds'],
    ['string(year(kind))', 'is not a day'],
    ['string(divide(gross, 0.0, 2))', 'division by zero'],
    ['string(decimal(kind))', 'is not a decimal number'],
  ])('%s: %s', (text, message) => {
    const [code, said] = codeOf(() => language.compile(text, 'string').evaluate(variables));
    expect([code, said.includes(message)]).toEqual(['EXPRESSION_FAILED', true]);
  });

  test.each([
    'numbers.exists(a, numbers.exists(b, numbers.exists(c, c < 0)))',
    'numbers.exists(a, numbers.exists(b, numbers.exists(c, c < 0))) || true',
    'numbers.map(a, numbers.map(b, numbers.map(c, c))).size() > 0',
    '(numbers + numbers).size() > 0',
    'long.split("").size() > 0',
    '(long + long).size() > 0 || true',
    'numbers.exists(a, long.contains(long + "b"))',
    'numbers.map(a, long).join("").size() > 0',
    'numbers.map(a, long.split("")).size() > 0',
  ])('%s is stopped', (text) => {
    const budget = fuel();
    const compiled = language.compile(text, 'bool');
    expect(codeOf(() => compiled.evaluate(variables, { fuel: budget }))[0]).toBe('EXPRESSION_LIMIT');
    // One step may be large, but none is larger than the largest list.
    expect(budget.left).toBeGreaterThan(-expressionLimits.elements);
  });

  test('a number that grows without end is stopped', () => {
    const text = Array(12).fill('123456789.123456789').join('*') + ' > 0';
    expect(codeOf(() => language.compile(text, 'bool').evaluate(variables))[0]).toBe('EXPRESSION_LIMIT');
  });

  test('every part of an expression is a step', () => {
    const steps = (text: string): number => {
      const budget = fuel();
      language.compile(text, 'bool').evaluate(variables, { fuel: budget });
      return expressionLimits.steps - budget.left;
    };
    expect(steps('1 + 1 == 2')).toBeGreaterThanOrEqual(4);
    expect(steps('numbers.all(n, n >= 0)')).toBeGreaterThan(3 * 1_500);
  });

  test('an evaluation after one that was stopped is as before', () => {
    const stopped = language.compile('(long + long).size() > 0', 'bool');
    expect(codeOf(() => stopped.evaluate(variables))[0]).toBe('EXPRESSION_LIMIT');
    expect(language.compile('count == 3', 'bool').evaluate(variables)).toBe(true);
  });
});

/** Expressions made of the parts of the language, sensible or not. */
const expressions = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    fc.constantFrom(
      'kind',
      'gross',
      'count',
      'lines',
      'dimensions',
      'numbers',
      'long',
      'true',
      '0.5',
      '7',
      '"a"',
      '[]',
    ),
    fc
      .tuple(
        tie('any'),
        fc.constantFrom('+', '-', '*', '/', '%', '==', '!=', '<', 'in', '&&', '||', '.', '? 1 :'),
        tie('any'),
      )
      .map(([a, sign, b]) => `(${a} ${sign} ${b})`),
    fc
      .tuple(
        tie('any'),
        fc.constantFrom('map', 'filter', 'exists', 'all', 'split', 'join', 'contains'),
        tie('any'),
      )
      .map(
        ([a, name, b]) => `${a}.${name}(${['split', 'join', 'contains'].includes(name) ? '' : 'x, '}${b})`,
      ),
    fc
      .tuple(fc.constantFrom('size', 'string', 'fold', 'abs', 'decimal', 'year', 'constructor'), tie('any'))
      .map(([name, a]) => `${name}(${a})`),
    tie('any').map((a) => `[${a}, ${a}]`),
  ),
}));

describe('whatever is written', () => {
  test('an expression is refused, stopped, fails, or answers the same each time', () => {
    const outcome = (text: string): string => {
      try {
        return String(language.compile(text, 'bool').evaluate(variables, { lookUp: () => undefined }));
      } catch (error) {
        if (error instanceof CrossfootError && error.code.startsWith('EXPRESSION_')) return error.message;
        throw error;
      }
    };
    fc.assert(
      fc.property(fc.oneof(expressions.any, fc.string({ maxLength: 60 })), (text) => {
        expect(outcome(text)).toBe(outcome(text));
      }),
      { numRuns: 500 },
    );
  });

  test('no evaluation takes more steps than it has', () => {
    fc.assert(
      fc.property(expressions.any, fc.nat(500), (text, steps) => {
        const budget = fuel(steps);
        try {
          language.compile(`size(string(${text})) >= 0`, 'bool').evaluate(variables, { fuel: budget });
        } catch (error) {
          if (!(error instanceof CrossfootError)) throw error;
          return;
        }
        expect(budget.left).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 500 },
    );
  });

  test('decimals calculate like whole numbers of small units', () => {
    const cents = fc.bigInt(-(10n ** 15n), 10n ** 15n);
    fc.assert(
      fc.property(cents, cents, (a, b) => {
        const [x, y] = [new Decimal(a, 2), new Decimal(b, 2)];
        expect(x.plus(y).compare(new Decimal(a + b, 2))).toBe(0);
        expect(x.times(y).compare(new Decimal(a * b, 4))).toBe(0);
        expect(Decimal.parse(x.toString()).compare(x)).toBe(0);
        const divisor = b === 0n ? new Decimal(1n, 2) : y;
        const off = x.dividedBy(divisor, 6).times(divisor).minus(x);
        const half = new Decimal(divisor.digits, divisor.scale + 6);
        const twice = off.times(new Decimal(2n, 0));
        const size = (number: Decimal): Decimal => (number.digits < 0n ? number.negated() : number);
        expect(size(twice).compare(size(half))).toBeLessThanOrEqual(0);
      }),
    );
  });
});
