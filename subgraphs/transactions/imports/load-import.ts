import type pg from 'pg';
import type { TablePlace } from '#connectors/ports';
import type { OpenEntry } from './group-entries.ts';
import { entryWindow, neighbourKey } from './group-entries.ts';
import type { ImportKind, ImportSettings } from './import-kinds.ts';
import type { ImportStatus } from './import-status.ts';
import { readAs } from './read-as.ts';

/** An import of an organisation. */
export interface ImportId {
  readonly organisationId: string;
  readonly importId: string;
}

/** An import as its worker sees it. */
export interface ImportState {
  readonly kind: ImportKind;
  readonly status: ImportStatus;
  readonly settings: ImportSettings;
  readonly file_id: string;
  readonly place: TablePlace | null;
  readonly read_whole: boolean;
  readonly last_entry: number;
  readonly applied_entry: number;
  readonly problem_count: number;
  /** Whether rows wait on the stage. */
  readonly waiting: boolean;
}

/** How an import stands; undefined when there is none. */
export async function loadImport(
  pool: pg.Pool,
  { organisationId, importId }: ImportId,
): Promise<ImportState | undefined> {
  const [row] = await readAs<ImportState>(pool, organisationId, {
    text: `select kind, status, settings, file_id, place, read_whole, last_entry, applied_entry, problem_count,
                  exists (select 1 from transactions.import_row r where r.organisation_id = i.organisation_id
                             and r.import_id = i.id and r.entry > i.applied_entry) as waiting
             from transactions.import i where id = $1`,
    values: [importId],
  });
  return row;
}

/** The entries that rows to come may belong to, oldest first: the last ones that were begun, wrong rows included. */
export async function loadOpenEntries(
  pool: pg.Pool,
  { organisationId, importId }: ImportId,
  { byKey, last }: { readonly byKey: boolean; readonly last: number },
): Promise<OpenEntry[]> {
  if (!byKey) {
    const rows = await readAs<{ entry: number; posted_on: string; description: string | null }>(
      pool,
      organisationId,
      {
        text: `select entry, posted_on, description from transactions.import_row
              where organisation_id = $1 and import_id = $2 and entry = $3 order by position desc limit 1`,
        values: [organisationId, importId, last],
      },
    );
    return rows.map((row) => ({
      entry: row.entry,
      key: neighbourKey({ postedOn: row.posted_on, description: row.description ?? undefined }),
    }));
  }
  return readAs<OpenEntry>(pool, organisationId, {
    text: `select entry, min(entry_key) as key from (
             select entry, entry_key from transactions.import_row
              where organisation_id = $1 and import_id = $2 and entry > $3
              union all
             select entry, entry_key from transactions.import_problem where import_id = $2 and entry > $3
           ) as begun where entry_key is not null group by entry order by entry`,
    values: [organisationId, importId, last - entryWindow],
  });
}
