import { calendarDate } from '#kernel/calendar';
import { CrossfootError } from '#kernel/errors';
import { isAccountGroup } from './account-groups.ts';
import type { ReportAccount } from './account-sums.ts';
import type { DimensionFilter } from './load-sums.ts';
import type { FigureSource } from './statement.ts';

/** A figure that can be taken apart: of which book, which lines. */
export interface Figure {
  readonly bookId: string;
  readonly source: FigureSource;
  readonly dimensions: DimensionFilter;
}

/** The text by which a figure is named; `figureOf` reads it. */
export function drillDownOf({ bookId, source, dimensions }: Figure): string {
  const { from, to, accountIds, groups } = source;
  return Buffer.from(JSON.stringify({ bookId, from, to, accountIds, groups, dimensions })).toString(
    'base64url',
  );
}

/** The figure a text names; throws CURSOR_INVALID. It grants nothing: whoever reads the lines needs the right to. */
export function figureOf(text: string): Figure {
  try {
    const given = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<string, unknown>;
    const { bookId, from, to, accountIds, groups, dimensions } = given;
    if (typeof bookId !== 'string' || typeof to !== 'string') throw new TypeError('no figure');
    return {
      bookId,
      source: {
        ...(typeof from === 'string' ? { from: calendarDate(from) } : {}),
        to: calendarDate(to),
        ...(accountIds === undefined ? {} : { accountIds: texts(accountIds) }),
        ...(groups === undefined ? {} : { groups: texts(groups).filter(isAccountGroup) }),
      },
      dimensions: Object.fromEntries(
        Object.entries((dimensions ?? {}) as object).map(([key, value]) => [key, String(value)]),
      ),
    };
  } catch (cause) {
    throw new CrossfootError('CURSOR_INVALID', 'This is no drillDown of a figure', {
      path: ['drillDown'],
      cause,
    });
  }
}

/** The accounts whose lines a figure adds up. */
export function accountsOfFigure(source: FigureSource, accounts: Iterable<ReportAccount>): string[] {
  const ids = new Set(source.accountIds);
  const groups = new Set<string>(source.groups);
  return [...accounts].filter(({ id, group }) => ids.has(id) || groups.has(group)).map(({ id }) => id);
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value) || value.some((one) => typeof one !== 'string'))
    throw new TypeError('no list of texts');
  return value as string[];
}
