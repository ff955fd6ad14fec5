import { isCalendarDate } from '#kernel/calendar';
import { mutation } from '#kernel/graphql-command';
import { entity, enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import { BookType } from '../intake/references.ts';
import { changeTaxRate } from './change-tax-rate.ts';
import { createTaxCode, roundingModes } from './create-tax-code.ts';
import type { TaxCodeRow, TaxRateRow } from './entities.ts';
import { installTaxCodes } from './install-tax-codes.ts';
import { jurisdictions } from './jurisdictions/library.ts';
import type { Jurisdiction } from './jurisdictions/jurisdiction.ts';
import * as load from './loaders.ts';
import { retireTaxCode } from './retire-tax-code.ts';
import { hasRates, type TaxTreatment } from './tax-code.ts';

const scope = 'transactions:read';

const TreatmentEnum = enumeration(graph, 'TaxTreatment', {
  description: 'What a tax code does to a line.',
  values: {
    TAXED: 'The seller charges the tax.',
    ZERO_RATED: 'Taxed at zero per cent: the seller still deducts tax on what it buys.',
    EXEMPT: 'Exempt from the tax.',
    OUT_OF_SCOPE: 'Outside the scope of the tax.',
    REVERSE_CHARGE: 'The buyer owes the tax to the state and deducts it as far as it may.',
  },
});

const CategoryEnum = enumeration(graph, 'TaxCategory', {
  description: 'The categories by which e-invoices name a tax (EN 16931, UNTDID 5305).',
  values: {
    S: 'Standard: charged at a rate, reduced ones included.',
    Z: 'Zero rated.',
    E: 'Exempt.',
    AE: 'Reverse charge.',
    K: 'Supply of goods within the European Union.',
    G: 'Export.',
    O: 'Outside the scope of the tax.',
  },
});

const RoundingModeEnum = enumeration(graph, 'TaxRoundingMode', {
  description:
    'How a tax is closed on whole minor units; by size, so that a credit note mirrors its invoice.',
  values: {
    HALF_UP: 'To the nearest, halves up.',
    HALF_EVEN: 'To the nearest, halves to the even neighbour.',
    DOWN: 'Fractions are left away.',
    UP: 'Fractions count as a whole.',
  },
});

const RoundingLevelEnum = enumeration(graph, 'TaxRoundingLevel', {
  description: 'Where the tax of a document is rounded.',
  values: { LINE: 'Each line by itself.', DOCUMENT: 'The sum of all lines of a tax.' },
});

/** What part a line has in a tax. */
export const TaxRoleEnum = enumeration(graph, 'TaxRole', {
  description: 'What part a line has in a tax.',
  values: { BASE: 'What is taxed.', TAX: 'The tax itself.' },
});

const TaxRateType: TypeRef<TaxRateRow> = record<TaxRateRow>(graph, 'TaxRate', {
  description: 'What a tax code charges from a day on, until its next rate begins.',
  scope,
  views: ['partner', 'portal'],
  fields: (t) => ({
    startsOn: t.expose('validFrom', { type: 'Date', description: 'The first day.' }),
    percent: t.expose('percent', {
      type: 'Decimal',
      nullable: true,
      description: 'Per cent; null when the tax ends on that day.',
    }),
    recordedAt: t.expose('recordedAt', { type: 'DateTime', description: 'When it was entered.' }),
  }),
});

/** A tax code of a book. */
export const TaxCodeType: TypeRef<TaxCodeRow> = entity(graph, 'TaxCode', {
  description: 'A tax, or several taxes that are charged together, as a book knows it.',
  scope,
  views: ['partner', 'portal'],
  load: (id, context) => load.taxCodeById(context).load(id),
  fields: (t) => ({
    code: t.exposeString('code', { description: 'How people and templates call it; unique in its book.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    jurisdiction: t.exposeString('jurisdiction', {
      description: 'Country, or country and region, whose tax it is: DE, US-NY.',
    }),
    treatment: t.field({
      type: TreatmentEnum,
      description: 'What it does to a line.',
      resolve: (row) => row.treatment as TaxTreatment,
    }),
    category: t.field({
      type: CategoryEnum,
      nullable: true,
      description: 'How e-invoices name it.',
      resolve: (row) => row.category as 'S' | null,
    }),
    rates: t.field({
      type: [TaxRateType],
      description: 'What it charged and will charge, in the order of the days.',
      resolve: async (row, _args, context) => currentOnly(await load.ratesByTaxCode(context).load(row.id)),
    }),
    rate: t.field({
      type: 'Decimal',
      nullable: true,
      description: 'Per cent on a day; null when it had no rate then, and for codes of components.',
      args: { on: t.arg({ type: 'Date', required: true, description: 'The day.' }) },
      resolve: async (row, { on }, context) => {
        if (row.components.length > 0 || !isCalendarDate(on)) return null;
        if (!hasRates(row.treatment as TaxTreatment)) return '0';
        const rates = await load.ratesByTaxCode(context).load(row.id);
        return rates.findLast((rate) => rate.validFrom <= on)?.percent ?? null;
      },
    }),
    components: t.field({
      type: ['String'],
      description: 'Codes of the taxes that make it up, in the order in which they are charged.',
      resolve: (row) => row.components,
    }),
    compound: t.exposeBoolean('compound', {
      description: 'Charged on the price with the taxes before it, not on the price alone.',
    }),
    recoverablePercent: t.expose('recoverablePercent', {
      type: 'Decimal',
      description: 'How much of it a buyer gets back, in per cent; the rest is cost.',
    }),
    roundingMode: t.field({
      type: RoundingModeEnum,
      description: 'How it is closed on whole minor units.',
      resolve: (row) => modeNames.get(row.roundingMode) ?? 'HALF_UP',
    }),
    roundingLevel: t.field({
      type: RoundingLevelEnum,
      description: 'Where it is rounded.',
      resolve: (row) => row.roundingLevel as 'LINE',
    }),
    roundedTogether: t.exposeBoolean('roundedTogether', {
      description: 'Whether its components are rounded as one sum that is then split.',
    }),
    active: t.exposeBoolean('active', { description: 'Whether it is in use.' }),
    book: t.field({ type: BookType, description: 'Its book.', resolve: (row) => ({ id: row.bookId }) }),
  }),
});

const modeNames = new Map(
  Object.entries(roundingModes).map(([name, mode]) => [mode as string, name as keyof typeof roundingModes]),
);

/** One rate for each day: the last revision. */
function currentOnly(rates: readonly TaxRateRow[]): TaxRateRow[] {
  return [...new Map(rates.map((rate) => [rate.validFrom, rate])).values()];
}

const JurisdictionType: TypeRef<Jurisdiction> = record<Jurisdiction>(graph, 'TaxJurisdiction', {
  description: 'A country whose tax codes come with the product.',
  scope,
  views: ['portal'],
  fields: (t) => ({
    country: t.exposeString('country', { description: 'ISO 3166-1 alpha-2.' }),
    name: t.exposeString('name', { description: 'Its name.' }),
    taxCodes: t.field({
      type: ['String'],
      description: 'The codes that `installTaxCodes` gives to a book.',
      resolve: (row) => row.codes.map((code) => code.code),
    }),
  }),
});

graph.builder.queryFields((t) => ({
  taxCode: t.field({
    type: TaxCodeType,
    nullable: true,
    description: 'One tax code.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, args, context) => load.taxCodeById(context).load(args.id),
  }),
  taxCodes: t.field({
    type: [TaxCodeType],
    description: 'The tax codes of a book in the order of their codes; retired ones too.',
    views: ['partner', 'portal'],
    authScopes: { scope },
    args: { bookId: t.arg.id({ required: true, description: 'The book.' }) },
    resolve: (_root, args, context) => load.taxCodesByBook(context).load(args.bookId),
  }),
  taxJurisdictions: t.field({
    type: [JurisdictionType],
    description: 'The countries whose tax codes come with the product.',
    views: ['portal'],
    authScopes: { scope },
    resolve: () => [...jurisdictions],
  }),
}));

mutation(graph, installTaxCodes, {
  taxCodes: {
    type: [TaxCodeType],
    description: 'The codes that were added.',
    resolve: async ({ taxCodeIds }, context) =>
      (await load.taxCodeById(context).loadMany([...taxCodeIds])).filter(
        (row) => row !== null && !(row instanceof Error),
      ),
  },
});
for (const change of [createTaxCode, changeTaxRate, retireTaxCode]) {
  mutation(graph, change as typeof retireTaxCode, {
    taxCode: {
      type: TaxCodeType,
      description: 'The tax code as it is now.',
      resolve: ({ taxCodeId }, context) => load.taxCodeById(context).load(taxCodeId),
    },
  });
}
