import type { CalendarDate } from '#kernel/calendar';
import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import type { LookUp } from '#kernel/expressions';
import type { ActiveTemplate } from './ask-templates.ts';
import { loadLookUps, type Query } from './look-ups.ts';
import { compileTemplate } from './compile-template.ts';
import type { TemplateStatus } from './template-status.ts';
import type { Template } from './template.ts';

/** A version of a template as it is stored. */
export interface StoredVersion {
  readonly id: string;
  readonly bookId: string;
  readonly templateId: string;
  readonly name: string;
  readonly number: number;
  readonly status: TemplateStatus;
  readonly contentHash: string;
  readonly content: Template;
  readonly authorId: string;
  readonly effectiveFrom: CalendarDate | undefined;
  readonly effectiveUntil: CalendarDate | undefined;
  readonly activatedAt: Date | undefined;
}

interface VersionRow {
  readonly id: string;
  readonly book_id: string;
  readonly template_id: string;
  readonly name: string;
  readonly number: number;
  readonly status: TemplateStatus;
  readonly content_hash: string;
  readonly content: Template;
  readonly author_id: string;
  readonly effective_from: CalendarDate | null;
  readonly effective_until: CalendarDate | null;
  readonly activated_at: Date | null;
}

/** Loads a version and locks it with its template for this transaction; throws NOT_FOUND. */
export async function loadVersion(transaction: Transaction, versionId: string): Promise<StoredVersion> {
  const row = await transaction.maybe<VersionRow>(
    `select v.id, v.book_id, v.template_id, t.name, v.number, v.status, v.content_hash, v.content, v.author_id,
            v.effective_from, v.effective_until, v.activated_at
       from transactions.mapping_template_version v
       join transactions.mapping_template t on t.organisation_id = v.organisation_id and t.id = v.template_id
      where v.id = $1 for no key update`,
    [versionId],
  );
  if (row) return storedOf(row);
  const message = `There is no template version ${versionId}`;
  throw new CrossfootError('NOT_FOUND', message, { path: ['versionId'] });
}

/** The templates of a book that decide on a day, in the order in which they are asked. */
export async function loadActiveTemplates(
  transaction: Transaction,
  bookId: string,
  on: CalendarDate,
): Promise<ActiveTemplate[]> {
  const rows = await transaction.query<ActiveRow>(activeTemplates, [bookId, on]);
  return rows.map(activeOf);
}

/** The templates of a book that decide on a day, with the tables they may look things up in. */
export async function loadTemplateKnowledge(
  transaction: Transaction,
  bookId: string,
  on: CalendarDate,
): Promise<{ templates: ActiveTemplate[]; lookUp: LookUp | undefined }> {
  const templates = await loadActiveTemplates(transaction, bookId, on);
  if (templates.length === 0) return { templates, lookUp: undefined };
  const query: Query = (sql, values) => transaction.query(sql, values);
  return { templates, lookUp: await loadLookUps(query, bookId, on) };
}

/** The statement behind `loadActiveTemplates`, for readers without a write transaction; `activeOf` reads its rows. */
export const activeTemplates = `
  select v.id, t.name, v.number, v.content_hash, v.content
    from transactions.mapping_template_version v
    join transactions.mapping_template t on t.organisation_id = v.organisation_id and t.id = v.template_id
   where v.book_id = $1 and v.status = 'ACTIVE'
     and (v.effective_from is null or v.effective_from <= $2::date)
     and (v.effective_until is null or v.effective_until >= $2::date)
   order by v.priority, t.name`;

/** A row of that statement. */
export interface ActiveRow {
  readonly id: string;
  readonly name: string;
  readonly number: number;
  readonly content_hash: string;
  readonly content: Template;
}

/** A template of a row, ready to be asked. */
export function activeOf(row: ActiveRow): ActiveTemplate {
  return {
    versionId: row.id,
    name: row.name,
    number: row.number,
    compiled: compileTemplate(row.content, row.content_hash),
  };
}

function storedOf(row: VersionRow): StoredVersion {
  return {
    id: row.id,
    bookId: row.book_id,
    templateId: row.template_id,
    name: row.name,
    number: row.number,
    status: row.status,
    contentHash: row.content_hash,
    content: row.content,
    authorId: row.author_id,
    effectiveFrom: row.effective_from ?? undefined,
    effectiveUntil: row.effective_until ?? undefined,
    activatedAt: row.activated_at ?? undefined,
  };
}
