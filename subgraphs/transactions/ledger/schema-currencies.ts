import type { Context } from '#kernel/context';
import { byBatch } from '#kernel/loaders';
import type { Money } from '#kernel/money';
import { graph } from '../graph.ts';
import type { Document } from '../intake/entities.ts';
import { DocumentType } from '../intake/schema.ts';
import type { KnownRate } from '../rates/choose-rate.ts';
import { convert } from '../rates/exchange-arithmetic.ts';
import { rateKey, rates } from '../rates/loaders.ts';
import { ExchangeRateType } from '../rates/schema.ts';
import type { Draft, JournalLine } from './entities.ts';
import * as load from './loaders.ts';
import { DraftType } from './schema-drafts.ts';
import { JournalLineType } from './schema-journal.ts';

/** The base currencies of books; undefined for a book that is not there. */
const baseCurrencies = byBatch<string | undefined>(async (ids, context) => {
  const rows = await context.sql<{ id: string; base: string }>(
    'select id, base_currency as base from transactions.book where id = any($1)',
    [[...ids]],
  );
  const bases = new Map(rows.map((row) => [row.id, row.base]));
  return ids.map((id) => bases.get(id));
});

graph.builder.objectFields(JournalLineType, (t) => ({
  functional: t.field({
    type: graph.money,
    nullable: true,
    description:
      'What it is worth in the base currency of the book, positive; null for foreign lines of before there were rates.',
    resolve: functionalOf,
  }),
  exchangeRate: t.field({
    type: ExchangeRateType,
    nullable: true,
    description: 'The rate that gave its worth; null in the base currency.',
    resolve: lineRate,
  }),
}));

graph.builder.objectFields(DraftType, (t) => ({
  functionalTotal: t.field({
    type: graph.money,
    nullable: true,
    description:
      'Its total in the base currency of the book: as it was posted, before that at the rate of its day; null when none is known.',
    resolve: async (row, _args, context) =>
      row.journalEntryId ? postedTotal(row.journalEntryId, context) : worthOf(valuedDraft(row), context),
  }),
  exchangeRate: t.field({
    type: ExchangeRateType,
    nullable: true,
    description: 'The rate of its day; null in the base currency, and when none is known.',
    resolve: (row, _args, context) => rateOf(valuedDraft(row), context),
  }),
}));

graph.builder.objectFields(DocumentType, (t) => ({
  functionalTotal: t.field({
    type: graph.money,
    nullable: true,
    description:
      'Its total in the base currency of the book, at the rate of its day; null when none is known.',
    resolve: (row, _args, context) => worthOf(valuedDocument(row), context),
  }),
  exchangeRate: t.field({
    type: ExchangeRateType,
    nullable: true,
    description: 'The rate of its day; null in the base currency, and when none is known.',
    resolve: (row, _args, context) => rateOf(valuedDocument(row), context),
  }),
}));

interface Valued {
  readonly bookId: string;
  readonly total: Money;
  readonly on: string;
}

function valuedDraft({ bookId, totalMinor, totalCurrency, postedOn }: Draft): Valued {
  return { bookId, total: { minor: totalMinor, currency: totalCurrency }, on: postedOn };
}

function valuedDocument({ bookId, total, currency, issuedOn }: Document): Valued | undefined {
  if (typeof total !== 'bigint' || !currency || !issuedOn) return undefined;
  return { bookId, total: { minor: total, currency }, on: issuedOn };
}

async function rateOf(valued: Valued | undefined, context: Context): Promise<KnownRate | null> {
  if (!valued) return null;
  const { bookId, total, on } = valued;
  const base = await baseCurrencies(context).load(bookId);
  if (base === undefined || base === total.currency) return null;
  return rates(context).load(rateKey({ from: total.currency, to: base, on, bookId }));
}

async function worthOf(valued: Valued | undefined, context: Context): Promise<Money | null> {
  if (!valued) return null;
  const base = await baseCurrencies(context).load(valued.bookId);
  if (base === valued.total.currency) return valued.total;
  const rate = await rateOf(valued, context);
  return rate && base !== undefined ? convert(valued.total, rate.rate, base) : null;
}

/** Both sides of an entry are worth the same, so its debits are its total. */
async function postedTotal(journalEntryId: string, context: Context): Promise<Money | null> {
  const lines = await load.linesByEntry(context).load(journalEntryId);
  const worth = lines.filter((line) => line.side === 'DEBIT').map(functionalOf);
  return worth.reduce((sum, one) => (sum && one ? { ...sum, minor: sum.minor + one.minor } : null));
}

/** The path of a rate ends in the base currency, which is also that of lines without a rate. */
function functionalOf({ functionalMinor, ratePath, currency }: JournalLine): Money | null {
  if (typeof functionalMinor !== 'bigint') return null;
  return { minor: functionalMinor, currency: ratePath ? ratePath.slice(-3) : currency };
}

function lineRate({ rate, rateSource, rateOn, ratePath }: JournalLine): KnownRate | null {
  if (!rate || !rateSource || !rateOn || !ratePath) return null;
  return { rate, source: rateSource, on: rateOn, path: ratePath } as KnownRate;
}
