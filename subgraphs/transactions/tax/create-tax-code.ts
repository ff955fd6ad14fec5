import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { date, decimal, id, oneOf, text } from '#kernel/input';
import { parseDecimal } from '#kernel/money';
import { lockBook } from '../intake/books.ts';
import { loadTaxCodes } from './load-tax-codes.ts';
import { storeTaxCodes } from './store-tax-codes.ts';
import { hasRates, taxCategories, taxTreatments, type TaxCode, type TaxCodes } from './tax-code.ts';

/** The names of the rounding modes in the graph, and what they are to the calculator. */
export const roundingModes = { HALF_UP: 'half-up', HALF_EVEN: 'half-even', DOWN: 'down', UP: 'up' } as const;

/** Per cent between 0 and 100, or up to 1000 where a rate is meant; throws FIELD_INVALID. */
export function checkPercent(percent: string, path: string, most = 1000): void {
  const { digits, scale } = parseDecimal(percent);
  if (digits >= 0n && digits <= BigInt(most) * 10n ** BigInt(scale) && scale <= 6) return;
  const message = `${percent} is not a percentage from 0 to ${most} with at most 6 decimals`;
  throw new CrossfootError('FIELD_INVALID', message, { path: [path] });
}

/** Adds a tax code of its own to a book. */
export const createTaxCode = command({
  name: 'createTaxCode',
  description: 'Adds a tax code to a book: one tax with its rate, or several that are charged together.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    code: z
      .string()
      .regex(/^[A-Z0-9][A-Z0-9.-]{0,39}$/, 'has capital letters, digits, points and hyphens only')
      .meta({
        description: 'How people and templates call it, for example DE-STANDARD; unique in the book.',
      }),
    name: text(100).meta({ description: 'Its name.' }),
    jurisdiction: z
      .string()
      .regex(/^[A-Z]{2}(-[A-Z0-9]{1,5})?$/, 'is not a country such as DE or a region such as US-NY')
      .meta({ description: 'Country, or country and region, whose tax it is: DE, US-NY.' }),
    treatment: oneOf('TaxTreatment', taxTreatments).default('TAXED'),
    category: oneOf('TaxCategory', taxCategories)
      .optional()
      .meta({ description: 'How e-invoices name it, for documents to find it by themselves.' }),
    percent: decimal().optional().meta({ description: 'Its rate in per cent; left out for components.' }),
    startsOn: date().optional().meta({ description: 'The first day of the rate; needed with a rate.' }),
    components: z
      .array(z.string().max(40))
      .max(10)
      .default([])
      .meta({ description: 'Codes of the taxes that make it up, in the order in which they are charged.' }),
    compound: z
      .boolean()
      .default(false)
      .meta({ description: 'Charged on the price with the taxes before it, not on the price alone.' }),
    recoverablePercent: decimal()
      .default('100')
      .meta({ description: 'How much of it a buyer gets back, in per cent; 100 when left out.' }),
    roundingMode: oneOf('TaxRoundingMode', ['HALF_UP', 'HALF_EVEN', 'DOWN', 'UP']).default('HALF_UP'),
    roundingLevel: oneOf('TaxRoundingLevel', ['LINE', 'DOCUMENT']).default('DOCUMENT'),
    roundedTogether: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether its components are rounded as one sum that is then split.' }),
  }),
  async run(transaction, input) {
    const { bookId, code, components } = input;
    await lockBook(transaction, bookId);
    checkPercent(input.recoverablePercent, 'recoverablePercent', 100);
    checkRate(input);
    checkComponents(await loadTaxCodes(transaction, bookId), input);
    const taxCode: TaxCode = {
      ...input,
      components,
      rates:
        input.percent === undefined || input.startsOn === undefined
          ? []
          : [{ from: input.startsOn, percent: input.percent }],
      rounding: {
        mode: roundingModes[input.roundingMode],
        level: input.roundingLevel,
        together: input.roundedTogether,
      },
    };
    const [added] = await storeTaxCodes(transaction, bookId, [taxCode]);
    if (!added) await refuseTaken(transaction, bookId, code);
    const taxCodeId = added?.id ?? '';
    transaction.audit({ subjectType: 'TaxCode', subjectId: taxCodeId, after: input });
    return { taxCodeId };
  },
});

interface RateInput {
  readonly treatment: TaxCode['treatment'];
  readonly components: readonly string[];
  readonly percent?: string | undefined;
  readonly startsOn?: string | undefined;
}

/** A single tax needs a rate and a day, components and untaxed codes take none. */
function checkRate({ treatment, components, percent, startsOn }: RateInput): void {
  const rated = hasRates(treatment) && components.length === 0;
  if (rated && (percent === undefined || startsOn === undefined)) {
    const field = percent === undefined ? 'percent' : 'startsOn';
    throw new CrossfootError('FIELD_MISSING', 'A tax needs a rate and the day it begins', { path: [field] });
  }
  if (!rated && (percent !== undefined || startsOn !== undefined)) {
    const message = 'A code of components and one that charges nothing have no rate of their own';
    throw new CrossfootError('FIELD_INVALID', message, { path: ['percent'] });
  }
  if (percent !== undefined) checkPercent(percent, 'percent');
}

function checkComponents(
  codes: TaxCodes,
  { components, treatment }: { components: readonly string[]; treatment: TaxCode['treatment'] },
): void {
  const refuse = (message: string, path: string[]): never => {
    throw new CrossfootError('FIELD_INVALID', message, { path });
  };
  if (components.length === 0) return;
  if (treatment !== 'TAXED') refuse('Only a code that is TAXED has components', ['treatment']);
  if (components.length < 2 || new Set(components).size < components.length)
    refuse('Components are two or more different codes', ['components']);
  components.forEach((component, index) => {
    const path = ['components', String(index)];
    const found = codes.get(component);
    if (!found)
      throw new CrossfootError('TAX_CODE_UNKNOWN', `The book has no tax code ${component}`, { path });
    if (found.components.length > 0) refuse(`${component} is itself made of components`, path);
    if (!hasRates(found.treatment)) refuse(`${component} charges nothing`, path);
  });
}

async function refuseTaken(transaction: Transaction, bookId: string, code: string): Promise<never> {
  const taken = await transaction.maybe<{ active: boolean }>(
    'select active from transactions.tax_code where book_id = $1 and code = $2',
    [bookId, code],
  );
  const message = `The book has a tax code ${code}${taken?.active === false ? ', which is retired' : ''}`;
  throw new CrossfootError('ALREADY_EXISTS', message, { path: ['code'] });
}
