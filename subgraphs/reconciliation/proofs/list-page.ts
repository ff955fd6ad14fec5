import { pageSize, parseCursor, toPage, type Page, type PageArgs } from '#kernel/graphql-connection';
import { graphqlError } from '#kernel/graphql';

/** A page of a list that was made for the request; its cursors are places in the list. Throws CURSOR_INVALID, FIELD_INVALID. */
export function pageOfList<Row extends object>(
  rows: readonly Row[],
  args: PageArgs,
): Page<Row & { id: string }> {
  const first = pageSize(args);
  const start = args.after ? placeAfter(args.after) : 0;
  const numbered = rows
    .slice(start, start + first + 1)
    .map((row, place) => ({ ...row, id: (start + place + 1).toString() }));
  return toPage(numbered, {
    first,
    by: undefined,
    hasPrevious: start > 0,
    totalCount: () => Promise.resolve(rows.length),
  });
}

function placeAfter(cursor: string): number {
  const [, place] = parseCursor(cursor);
  if (!/^\d{1,9}$/.test(place))
    throw graphqlError('CURSOR_INVALID', 'This is not a cursor of this connection');
  return Number(place);
}
