import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { canonicalJson, sha256Hex } from '#kernel/canonical';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { date, id } from '#kernel/input';
import { lockBook } from '../intake/books.ts';

/** More rows than this are no reference data. */
const mostRows = 50_000;
const longest = 200;

/** Keeps a table of reference data that expressions look things up in; an upload is a new revision. */
export const uploadLookupTable = command({
  name: 'uploadLookupTable',
  description:
    'Keeps a table of reference data for lookup() in mapping templates, from CSV with a column of keys and one of values; the same name again is a new revision.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    name: z
      .string()
      .regex(/^[a-z][A-Za-z0-9-]{0,59}$/, 'is a letter, then letters, digits and hyphens')
      .meta({ description: 'How expressions name it.' }),
    csv: z
      .string()
      .min(1)
      .max(8_000_000)
      .meta({ description: 'A header, then one row a key; comma or semicolon between the columns.' }),
    keyColumn: z.string().max(100).optional().meta({ description: 'The first column when left out.' }),
    valueColumn: z.string().max(100).optional().meta({ description: 'The second column when left out.' }),
    startsOn: date().optional().meta({ graphql: 'Date', description: 'The first day it counts.' }),
    endsOn: date().optional().meta({ graphql: 'Date', description: 'The last day it counts.' }),
  }),
  async run(transaction, input) {
    const { bookId, name, startsOn, endsOn } = input;
    if (startsOn !== undefined && endsOn !== undefined && endsOn < startsOn) {
      throw new CrossfootError('DATE_INVALID', 'It would end before it begins', { path: ['endsOn'] });
    }
    const entries = entriesOf(input);
    await lockBook(transaction, bookId);
    const [row] = await transaction.query<{ revision: number }>(
      'select coalesce(max(revision), 0) + 1 as revision from transactions.lookup_table where book_id = $1 and name = $2',
      [bookId, name],
    );
    const lookupTableId = newId('lut');
    const contentHash = sha256Hex(canonicalJson(entries));
    await transaction.insert('transactions.lookup_table', {
      id: lookupTableId,
      book_id: bookId,
      name,
      revision: Number(row?.revision ?? 1),
      valid_from: startsOn ?? null,
      valid_until: endsOn ?? null,
      entry_count: Object.keys(entries).length,
      entries: JSON.stringify(entries),
      content_hash: contentHash,
      author_name: transaction.actor.name,
      created_at: transaction.now,
    });
    transaction.audit({
      subjectType: 'LookupTable',
      subjectId: lookupTableId,
      after: { bookId, name, startsOn, endsOn, contentHash, entries: Object.keys(entries).length },
    });
    return { lookupTableId };
  },
});

interface Upload {
  readonly csv: string;
  readonly keyColumn?: string | undefined;
  readonly valueColumn?: string | undefined;
}

/** The values by key; throws FILE_UNREADABLE, COLUMN_MISSING or LINE_MALFORMED with the line. */
function entriesOf({ csv, keyColumn, valueColumn }: Upload): Record<string, string> {
  const [header = [], ...rows] = readCsv(csv);
  const column = (given: string | undefined, usual: number, field: string): number => {
    const index = given === undefined ? usual : header.indexOf(given);
    if (index >= 0 && index < header.length) return index;
    const message = `The table has no column ${given ?? usual + 1}; it has ${header.join(', ')}`;
    throw new CrossfootError('COLUMN_MISSING', message, { path: [field] });
  };
  const [keyAt, valueAt] = [column(keyColumn, 0, 'keyColumn'), column(valueColumn, 1, 'valueColumn')];
  if (rows.length > mostRows) {
    const message = `The table has ${rows.length} rows of at most ${mostRows}`;
    throw new CrossfootError('FILE_TOO_LARGE', message, { path: ['csv'] });
  }
  const entries = new Map<string, string>();
  rows.forEach((row, index) => {
    const [key, value] = [row[keyAt]?.trim() ?? '', row[valueAt]?.trim() ?? ''];
    const refuse = (what: string): never => {
      throw new CrossfootError('LINE_MALFORMED', `Row ${index + 2}: ${what}`, { path: ['csv'] });
    };
    if (key === '') refuse('the key is empty');
    if (key.length > longest || value.length > longest) refuse(`a text has more than ${longest} characters`);
    if (entries.has(key)) refuse(`the key "${key}" was there before`);
    entries.set(key, value);
  });
  return Object.fromEntries(entries);
}

function readCsv(csv: string): string[][] {
  try {
    const delimiter = (csv.split('\n', 1)[0] ?? '').includes(';') ? ';' : ',';
    return parse(csv, { bom: true, delimiter, skip_empty_lines: true, relax_column_count: true });
  } catch (error) {
    throw new CrossfootError('FILE_UNREADABLE', `The CSV cannot be read: ${(error as Error).message}`, {
      path: ['csv'],
      cause: error,
    });
  }
}
