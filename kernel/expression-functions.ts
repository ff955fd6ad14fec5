import type { Environment } from '@marcbachmann/cel-js';
import { isCalendarDate } from '#kernel/calendar';
import { Decimal } from '#kernel/decimal';
import { CrossfootError } from '#kernel/errors';
import { foldName } from '#kernel/names';

/** A function of the language beside those of CEL. */
interface OwnFunction {
  readonly signature: string;
  readonly description: string;
  readonly handler: (...args: never[]) => unknown;
}

/** What functions reach for. */
export interface FunctionSources {
  readonly lookUp: (table: string, key: string) => string | undefined;
}

/** Functions of CEL that are part of the language; the others depend on clocks, binary fractions or regular expressions. */
const celFunctions = [
  'size',
  'startsWith',
  'endsWith',
  'contains',
  'lowerAscii',
  'upperAscii',
  'trim',
  'substring',
  'indexOf',
  'split',
  'join',
  'string',
  'int',
];

const numberFunctions: readonly OwnFunction[] = [
  {
    signature: 'decimal(string): Decimal',
    description: 'The number a text writes: decimal("12.50").',
    handler: (text: string) => Decimal.parse(text),
  },
  {
    signature: 'decimal(int): Decimal',
    description: 'A whole number as a decimal.',
    handler: (whole: bigint) => new Decimal(whole, 0),
  },
  {
    signature: 'string(Decimal): string',
    description: 'A number as plain text.',
    handler: (number: Decimal) => number.toString(),
  },
  {
    signature: 'abs(Decimal): Decimal',
    description: 'A number without its sign.',
    handler: (number: Decimal) => (number.digits < 0n ? number.negated() : number),
  },
  {
    signature: 'round(Decimal, int): Decimal',
    description: 'Rounded to so many decimals, halves away from zero.',
    handler: (number: Decimal, places: bigint) => number.rounded(Number(places)),
  },
  {
    signature: 'divide(Decimal, Decimal, int): Decimal',
    description: 'A quotient with so many decimals; "/" would not be exact.',
    handler: (a: Decimal, b: Decimal, places: bigint) => a.dividedBy(b, Number(places)),
  },
  {
    signature: 'percent(Decimal, Decimal): Decimal',
    description: 'So many percent of a number: percent(gross, 2.9).',
    handler: (number: Decimal, percent: Decimal) => number.times(percent).times(new Decimal(1n, 2)),
  },
  {
    signature: 'least(Decimal, Decimal): Decimal',
    description: 'The smaller of two numbers.',
    handler: (a: Decimal, b: Decimal) => (a.compare(b) <= 0 ? a : b),
  },
  {
    signature: 'greatest(Decimal, Decimal): Decimal',
    description: 'The larger of two numbers.',
    handler: (a: Decimal, b: Decimal) => (a.compare(b) >= 0 ? a : b),
  },
];

const textFunctions: readonly OwnFunction[] = [
  {
    signature: 'fold(string): string',
    description: 'A text in small letters without accents and signs, to compare names.',
    handler: foldName,
  },
  {
    signature: 'mentions(string, string): bool',
    description: 'Whether a text holds certain words; case and accents do not matter.',
    handler: (text: string, words: string) => ` ${foldName(text)} `.includes(` ${foldName(words)} `),
  },
  {
    signature: 'year(string): int',
    description: 'The year of a day YYYY-MM-DD.',
    handler: (day: string) => partOf(day, 0),
  },
  {
    signature: 'month(string): int',
    description: 'The month of a day, 1 to 12.',
    handler: (day: string) => partOf(day, 1),
  },
  {
    signature: 'day(string): int',
    description: 'The day of the month, 1 to 31.',
    handler: (day: string) => partOf(day, 2),
  },
];

function tableFunctions({ lookUp }: FunctionSources): readonly OwnFunction[] {
  return [
    {
      signature: 'lookup(string, string): string',
      description: 'The value of a key in a look-up table; an error when the key is not there.',
      handler: (table: string, key: string) => {
        const found = lookUp(table, key);
        if (found !== undefined) return found;
        throw new CrossfootError('EXPRESSION_FAILED', `Look-up table "${table}" has no key "${key}"`);
      },
    },
    {
      signature: 'lookup(string, string, string): string',
      description: 'The value of a key in a look-up table, or the third argument when the key is not there.',
      handler: (table: string, key: string, otherwise: string) => lookUp(table, key) ?? otherwise,
    },
    {
      signature: 'listed(string, string): bool',
      description: 'Whether a look-up table has a key.',
      handler: (table: string, key: string) => lookUp(table, key) !== undefined,
    },
  ];
}

function ownFunctions(sources: FunctionSources): readonly OwnFunction[] {
  return [...numberFunctions, ...textFunctions, ...tableFunctions(sources)];
}

function partOf(day: string, index: 0 | 1 | 2): bigint {
  if (!isCalendarDate(day)) throw new CrossfootError('EXPRESSION_FAILED', `"${day}" is not a day YYYY-MM-DD`);
  return BigInt(day.split('-')[index] ?? '');
}

const nameIn = (signature: string): string => signature.slice(0, signature.indexOf('('));

const documented = ownFunctions({ lookUp: () => undefined });

/** The names of all functions of the language. */
export const functionNames: ReadonlySet<string> = new Set([
  ...celFunctions,
  ...documented.map(({ signature }) => nameIn(signature)),
]);

/** Signature and one sentence of each function of ours, for documentation. */
export const functionDescriptions: readonly { readonly signature: string; readonly description: string }[] =
  documented.map(({ signature, description }) => ({ signature, description }));

/** Adds exact decimals with their operators, and our functions, to an environment of cel-js. */
export function registerFunctions(environment: Environment, sources: FunctionSources): void {
  environment.registerType('Decimal', Decimal);
  const pairs: readonly [string, string][] = [
    ['Decimal', 'Decimal'],
    ['Decimal', 'int'],
    ['int', 'Decimal'],
  ];
  for (const [left, right] of pairs) {
    const operator = (sign: string, result: string, work: (a: Decimal, b: Decimal) => unknown): void => {
      environment.registerOperator(
        `${left} ${sign} ${right}: ${result}`,
        (a: Decimal | bigint, b: Decimal | bigint) => work(exact(a), exact(b)),
      );
    };
    operator('+', 'Decimal', (a, b) => a.plus(b));
    operator('-', 'Decimal', (a, b) => a.minus(b));
    operator('*', 'Decimal', (a, b) => a.times(b));
    operator('<', 'bool', (a, b) => a.compare(b) < 0);
    operator('<=', 'bool', (a, b) => a.compare(b) <= 0);
    operator('>', 'bool', (a, b) => a.compare(b) > 0);
    operator('>=', 'bool', (a, b) => a.compare(b) >= 0);
    // Equality of one order brings the other order and != with it.
    if (left === 'Decimal') operator('==', 'bool', (a, b) => a.compare(b) === 0);
  }
  environment.registerOperator('-Decimal', (a: Decimal) => a.negated());
  for (const { signature, description, handler } of ownFunctions(sources)) {
    environment.registerFunction(signature, handler, { description, async: false });
  }
}

function exact(value: Decimal | bigint): Decimal {
  return typeof value === 'bigint' ? new Decimal(value, 0) : value;
}
