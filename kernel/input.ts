import { z } from 'zod';
import { isCalendarDate, type CalendarDate } from '#kernel/calendar';
import { isCurrency, parseDecimal, parseMoney, type Money } from '#kernel/money';
import { CrossfootError } from '#kernel/errors';

/**
 * The pieces from which command inputs are made. The `graphql` in a piece's meta names the GraphQL type it becomes;
 * without it the type follows from the piece itself.
 */

/** A text of 1 to `longest` characters, trimmed. */
export const text = (longest = 200) => z.string().trim().min(1, 'must not be empty').max(longest);

/** An id of ours. */
export const id = () => z.string().min(3).max(100).meta({ graphql: 'ID' });

/** A calendar day, YYYY-MM-DD. */
export const date = () =>
  z
    .string()
    .refine((value) => isCalendarDate(value), {
      message: 'is not a day of the calendar',
      params: { code: 'DATE_INVALID' },
    })
    .transform((value) => value as CalendarDate)
    .meta({ graphql: 'Date' });

/** An instant, RFC 3339. */
export const instant = () =>
  z
    .string()
    .refine((value) => !Number.isNaN(Date.parse(value)), {
      message: 'is not an instant such as 2026-01-31T12:00:00Z',
    })
    .meta({ graphql: 'DateTime' });

/** An ISO 4217 code in force. */
export const currency = () =>
  z
    .string()
    .refine((value) => isCurrency(value), {
      message: 'is not an ISO 4217 currency in force',
      params: { code: 'CURRENCY_UNKNOWN' },
    })
    .meta({ graphql: 'CurrencyCode' });

/** An exact decimal as text. */
export const decimal = () =>
  z
    .string()
    .max(40)
    .refine((value) => isDecimal(value), {
      message: 'is not a decimal number',
      params: { code: 'AMOUNT_INVALID' },
    })
    .meta({ graphql: 'Decimal' });

/** An amount with its currency, as Money. */
export const amount = () =>
  z
    .object({
      amount: z.string().max(40).meta({ graphql: 'Decimal' }),
      currency: z.string().meta({ graphql: 'CurrencyCode' }),
    })
    .transform((value, context): Money => {
      try {
        return parseMoney(value.amount, value.currency);
      } catch (error) {
        if (!(error instanceof CrossfootError)) throw error;
        context.addIssue({ code: 'custom', message: error.message, params: { code: error.code } });
        return z.NEVER;
      }
    })
    .meta({ graphql: 'MoneyInput' });

/** One of a list of names; the GraphQL enum is found by its name. */
export const oneOf = <const Names extends readonly [string, ...string[]]>(graphql: string, names: Names) =>
  z.enum(names).meta({ graphql });

function isDecimal(value: string): boolean {
  try {
    parseDecimal(value);
    return true;
  } catch {
    return false;
  }
}

/**
 * GraphQL clients send null for what they leave out; commands know absence only. Text loses NUL characters and halves
 * of characters, which no database and no canonical JSON takes.
 */
export function withoutNulls(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed();
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, entry]) => entry !== null)
      .map(([key, entry]) => [key, withoutNulls(entry)]),
  );
}
