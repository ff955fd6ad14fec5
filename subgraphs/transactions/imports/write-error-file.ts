import type pg from 'pg';
import type { StoredFile } from '#kernel/files';
import type { JobContext } from '#kernel/subgraph';
import { remedyOf } from './finish-import.ts';
import type { ImportId } from './load-import.ts';
import { readAs } from './read-as.ts';

const pageSize = 5000;

interface Problem {
  readonly ordinal: number;
  readonly row_number: number;
  readonly column_name: string | null;
  readonly entry_key: string | null;
  readonly code: string;
  readonly message: string;
}

/** Stores the problems of an import as a file of their own: row, column, entry, code, message, remedy. */
export function writeErrorFile({ pool, services }: JobContext, key: ImportId): Promise<StoredFile> {
  return services.files.put(key.organisationId, content(pool, key), {
    name: `errors-${key.importId}.csv`,
    mediaType: 'text/csv; charset=utf-8',
  });
}

async function* content(pool: pg.Pool, { organisationId, importId }: ImportId): AsyncGenerator<Uint8Array> {
  yield Buffer.from('row,column,entry,code,message,remedy\r\n');
  for (let after = 0; ;) {
    const page = await readAs<Problem>(pool, organisationId, {
      text: `select ordinal, row_number, column_name, entry_key, code, message from transactions.import_problem
              where organisation_id = $1 and import_id = $2 and ordinal > $3 order by ordinal limit ${pageSize}`,
      values: [organisationId, importId, after],
    });
    if (page.length === 0) return;
    yield Buffer.from(page.map(lineOf).join(''));
    after = page.at(-1)?.ordinal ?? after;
  }
}

function lineOf({ row_number: row, column_name: column, entry_key: entry, code, message }: Problem): string {
  return `${[String(row), column ?? '', entry ?? '', code, message, remedyOf(code)].map(cell).join(',')}\r\n`;
}

/** Texts of the file come back in messages; a spreadsheet must not take them for formulas. */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
