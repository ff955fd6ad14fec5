import { byBatch, byId, byParent } from '#kernel/loaders';
import {
  LookupTableEntity,
  MappingTemplateEntity,
  MappingTemplateVersionEntity,
  type MappingTemplateVersionRow,
} from './template-entities.ts';

/** Templates by id. */
export const templateById = byId(MappingTemplateEntity);
/** Versions of templates by id. */
export const versionById = byId(MappingTemplateVersionEntity);
/** Uploads of look-up tables by id. */
export const lookupTableById = byId(LookupTableEntity);
/** The templates of books by name. */
export const templatesByBook = byParent(MappingTemplateEntity, 'bookId', { name: 'asc' });
/** Uploads of look-up tables of books, the newest of each name first. */
export const lookupTablesByBook = byParent(LookupTableEntity, 'bookId', { name: 'asc', revision: 'desc' });
/** The versions of templates that are active, in the order of their days. */
export const activeVersionsByTemplate = byBatch<readonly MappingTemplateVersionRow[]>(
  async (templates, context) => {
    const em = await context.read();
    const rows = await em.find(
      MappingTemplateVersionEntity,
      { templateId: { $in: [...templates] }, status: 'ACTIVE' },
      { orderBy: { effectiveFrom: 'asc', id: 'asc' } },
    );
    return templates.map((id) => rows.filter((row) => row.templateId === id));
  },
);
/** The newest version of templates. */
export const newestVersionByTemplate = byBatch<MappingTemplateVersionRow | null>(
  async (templates, context) => {
    const newest = await context.sql<{ id: string; template_id: string }>(
      `select distinct on (template_id) id, template_id from transactions.mapping_template_version
        where template_id = any ($1) order by template_id, number desc`,
      [[...templates]],
    );
    const versions = await Promise.all(newest.map(({ id }) => versionById(context).load(id)));
    const byTemplate = new Map(versions.map((version) => [version?.templateId, version]));
    return templates.map((id) => byTemplate.get(id) ?? null);
  },
);
