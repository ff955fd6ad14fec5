import { isCalendarDate, type CalendarDate } from '#kernel/calendar';
import { CrossfootError, userError, type ErrorCode, type UserError } from '#kernel/errors';
import { parseDecimal } from '#kernel/money';
import { foldName } from '#kernel/names';
import { quote } from '#kernel/quote';
import { builtInDimensions } from './built-in-dimensions.ts';
import type { Catalogue, Dimensions, Fields, KnownField, KnownValue } from './catalogue.ts';

/** Texts of a sender as codes or values, and what is wrong with them; what cannot be understood stays as it is written. */
export interface Normalised<T> {
  readonly result: T;
  readonly problems: readonly (UserError & { readonly code: ErrorCode })[];
}

/**
 * Turns what a sender wrote beside the keys of dimensions into codes: a code in any case, or the name of a value. Values
 * that are retired, or not in use on the day, are problems, as are dimensions and values nobody knows.
 */
export function normaliseDimensions(
  given: Dimensions,
  catalogue: Catalogue,
  { on, path = [] }: { readonly on?: CalendarDate; readonly path?: readonly string[] } = {},
): Normalised<Dimensions> {
  const problems: (UserError & { code: ErrorCode })[] = [];
  const result: Record<string, string> = {};
  for (const [key, text] of Object.entries(given)) {
    const at = [...path, 'dimensions', key];
    const tell = (code: ErrorCode, message: string) =>
      void problems.push({ ...userError(code, message, at), code });
    result[key] = text;
    const dimension = catalogue.dimensions.find((one) => one.key === key);
    if (!dimension?.active) {
      tell('DIMENSION_UNKNOWN', `The book has no dimension ${quote(key)}${dimension ? ' any more' : ''}`);
      continue;
    }
    const ofDimension = catalogue.values.filter((value) => value.dimensionId === dimension.id);
    const value = valueWritten(text, ofDimension);
    if (!value) tell('DIMENSION_VALUE_UNKNOWN', `${dimension.name} has no value ${quote(text)}`);
    else {
      result[key] = value.code;
      const unusable = whyUnusable(value, on);
      if (unusable) tell('DIMENSION_VALUE_INACTIVE', `${dimension.name} ${value.code} ${unusable}`);
    }
  }
  return { result, problems };
}

/** The value a text means: its code, else its code in another case, else its name, as far as that is one value's only. */
function valueWritten(text: string, values: readonly KnownValue[]): KnownValue | undefined {
  const written = text.trim();
  const folded = written.toLowerCase();
  const exact = values.find((value) => value.code === written);
  if (exact) return exact;
  for (const matches of [
    values.filter((value) => value.code.toLowerCase() === folded),
    values.filter((value) => value.name.toLowerCase() === folded),
  ]) {
    if (matches.length > 0) return matches.length === 1 ? matches[0] : undefined;
  }
  return undefined;
}

function whyUnusable(value: KnownValue, on: CalendarDate | undefined): string | undefined {
  if (!value.active) return 'is retired';
  if (on === undefined) return undefined;
  if (value.validFrom !== undefined && on < value.validFrom)
    return `begins on ${value.validFrom}, after ${on}`;
  if (value.validTo !== undefined && on > value.validTo) return `ended on ${value.validTo}, before ${on}`;
  return undefined;
}

/** What is asked for where fields are given, and where in the input they stand. */
interface FieldsAsked {
  /** Fields of this level that are required must be there; left out, none must. */
  readonly required?: KnownField['level'] | undefined;
  readonly path?: readonly string[];
}

/** Brings the values of custom fields into the form of their types; unknown, wrong and missing ones are problems. */
export function normaliseCustomFields(
  given: Fields,
  fields: readonly KnownField[],
  { required, path = [] }: FieldsAsked,
): Normalised<Fields> {
  const problems: (UserError & { code: ErrorCode })[] = [];
  const result: Record<string, string> = {};
  const known = fields.filter((field) => field.active);
  const tell = (code: ErrorCode, message: string, key: string) =>
    void problems.push({ ...userError(code, message, [...path, 'fields', key]), code });
  for (const [key, text] of Object.entries(given)) {
    const written = text.trim();
    if (written === '') continue;
    result[key] = written;
    const field = known.find((one) => one.key === key);
    if (!field) {
      tell('CUSTOM_FIELD_UNKNOWN', `The book has no field ${quote(key)}`, key);
      continue;
    }
    const value = valueOfType(written, field);
    if (value === undefined)
      tell('FIELD_INVALID', `${field.label}: ${quote(written)} is ${notOf(field)}`, key);
    else result[key] = value;
  }
  for (const field of known) {
    if (field.required && field.level === required && result[field.key] === undefined)
      tell('FIELD_MISSING', `${field.label} is required`, field.key);
  }
  return { result, problems };
}

function valueOfType(text: string, { type, choices }: KnownField): string | undefined {
  switch (type) {
    case 'NUMBER':
      return isNumber(text) ? text : undefined;
    case 'DATE':
      return isCalendarDate(text) ? text : undefined;
    case 'CHOICE':
      return (
        choices.find((choice) => choice === text) ??
        choices.find((choice) => choice.toLowerCase() === text.toLowerCase())
      );
    case 'TEXT':
      return text.length <= 500 ? text : undefined;
  }
}

function notOf({ type, choices }: KnownField): string {
  switch (type) {
    case 'NUMBER':
      return 'no plain decimal number such as 12.5';
    case 'DATE':
      return 'no day, YYYY-MM-DD';
    case 'CHOICE':
      return `none of ${choices.join(', ')}`;
    case 'TEXT':
      return 'longer than 500 characters';
  }
}

function isNumber(text: string): boolean {
  try {
    parseDecimal(text);
    return text.length <= 40;
  } catch (error) {
    if (error instanceof CrossfootError) return false;
    throw error;
  }
}

/** What the further columns of a file say: dimensions and fields whose key, name or label is the heading. */
export function normaliseColumns(
  columns: Readonly<Record<string, string>>,
  catalogue: Pick<Catalogue, 'dimensions' | 'fields'>,
): { readonly dimensions: Dimensions; readonly fields: Fields } {
  const dimensions: Record<string, string> = {};
  const fields: Record<string, string> = {};
  for (const [heading, cell] of Object.entries(columns)) {
    if (cell.trim() === '') continue;
    const folded = foldName(heading);
    const dimension = catalogue.dimensions.find((one) => one.active && isCalled(folded, one.key, one.name));
    const field = catalogue.fields.find((one) => one.active && isCalled(folded, one.key, one.label));
    if (dimension) dimensions[dimension.key] ??= cell.trim();
    else if (field) fields[field.key] ??= cell.trim();
  }
  return { dimensions, fields };
}

function isCalled(folded: string, key: string, name: string): boolean {
  const words = foldName(key.replace(/([A-Z])/g, ' $1'));
  const also = builtInDimensions.find((one) => one.key === key)?.alsoCalled ?? [];
  return (
    [foldName(name), foldName(key), words].includes(folded) || also.some((one) => foldName(one) === folded)
  );
}
