import type { CalendarDate } from '#kernel/calendar';

/** Codes by the key of their dimension: `{ costCentre: 'CC1' }`. */
export type Dimensions = Readonly<Record<string, string>>;

/** Values of custom fields by key, in the one form of their type. */
export type Fields = Readonly<Record<string, string>>;

/** What values a custom field takes. */
export const fieldTypes = ['TEXT', 'NUMBER', 'DATE', 'CHOICE'] as const;

/** When a custom field is asked for. */
export const fieldLevels = ['DOCUMENT', 'ENTRY'] as const;

/** A dimension of a book. */
export interface KnownDimension {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly active: boolean;
}

/** A value of a dimension. */
export interface KnownValue {
  readonly dimensionId: string;
  readonly code: string;
  readonly name: string;
  readonly active: boolean;
  readonly validFrom?: CalendarDate;
  readonly validTo?: CalendarDate;
}

/** A custom field of a book. */
export interface KnownField {
  readonly key: string;
  readonly label: string;
  readonly type: (typeof fieldTypes)[number];
  readonly level: (typeof fieldLevels)[number];
  readonly required: boolean;
  /** What a CHOICE chooses from. */
  readonly choices: readonly string[];
  readonly active: boolean;
}

/** What a book analyses by and asks for; of the values only those that are looked for. */
export interface Catalogue {
  readonly dimensions: readonly KnownDimension[];
  readonly values: readonly KnownValue[];
  readonly fields: readonly KnownField[];
}
