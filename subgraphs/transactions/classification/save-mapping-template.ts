import { z } from 'zod';
import { command, type Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id } from '#kernel/input';
import { lockBook } from '../intake/books.ts';
import { compileTemplate } from './compile-template.ts';
import { libraryTemplate } from './library.ts';
import { parseTemplate } from './template-yaml.ts';
import { contentHash, type Template } from './template.ts';

/** Asked before other templates and rules unless a template says otherwise. */
const usualPriority = 100;

/** Saves a template as a new version; content that is there already is answered as the version it is. */
export const saveMappingTemplate = command({
  name: 'saveMappingTemplate',
  description:
    'Saves a mapping template from its YAML file, or a ready one of the library, as a new version in DRAFT; the same content is answered as the version it is already.',
  scope: 'transactions:write',
  input: z.object({
    bookId: id(),
    yaml: z.string().max(400_000).optional().meta({ description: 'The YAML file; JSON is YAML, too.' }),
    library: z.string().max(60).optional().meta({ description: 'The name of a ready template instead.' }),
  }),
  async run(transaction, { bookId, yaml, library }) {
    if ((yaml === undefined) === (library === undefined)) {
      const message = 'Give either the YAML of a template or the name of a ready one';
      throw new CrossfootError('FIELD_MISSING', message, { path: ['yaml'] });
    }
    const source = yaml ?? libraryTemplate(library ?? '').source;
    const template = parseTemplate(source);
    const hash = contentHash(template);
    compileTemplate(template, hash);
    await lockBook(transaction, bookId);
    const templateId = await templateNamed(transaction, bookId, template.name);
    const same = await transaction.maybe<{ id: string; number: number }>(
      'select id, number from transactions.mapping_template_version where template_id = $1 and content_hash = $2',
      [templateId, hash],
    );
    if (same) return { templateId, versionId: same.id, number: same.number, created: false };
    const saved = await insertVersion(transaction, { bookId, templateId, template, hash, source });
    transaction.audit({
      subjectType: 'MappingTemplate',
      subjectId: templateId,
      after: { ...saved, name: template.name, contentHash: hash, library },
    });
    return { templateId, ...saved, created: true };
  },
});

async function templateNamed(transaction: Transaction, bookId: string, name: string): Promise<string> {
  const known = await transaction.maybe<{ id: string }>(
    'select id from transactions.mapping_template where book_id = $1 and name = $2',
    [bookId, name],
  );
  if (known) return known.id;
  const templateId = newId('mt');
  await transaction.insert('transactions.mapping_template', {
    id: templateId,
    book_id: bookId,
    name,
    created_at: transaction.now,
  });
  return templateId;
}

interface NewVersion {
  readonly bookId: string;
  readonly templateId: string;
  readonly template: Template;
  readonly hash: string;
  readonly source: string;
}

async function insertVersion(
  transaction: Transaction,
  { bookId, templateId, template, hash, source }: NewVersion,
): Promise<{ versionId: string; number: number }> {
  const versionId = newId('mtv');
  const [row] = await transaction.query<{ number: number }>(
    'select coalesce(max(number), 0) + 1 as number from transactions.mapping_template_version where template_id = $1',
    [templateId],
  );
  const number = Number(row?.number ?? 1);
  const { actor } = transaction;
  await transaction.insert('transactions.mapping_template_version', {
    id: versionId,
    book_id: bookId,
    template_id: templateId,
    number,
    status: 'DRAFT',
    title: template.title,
    priority: template.priority ?? usualPriority,
    content_hash: hash,
    content: JSON.stringify(template),
    source,
    author_id: actor.memberId ?? actor.id,
    author_name: actor.name,
    effective_from: template.effectiveFrom ?? null,
    effective_until: template.effectiveUntil ?? null,
    created_at: transaction.now,
  });
  return { versionId, number };
}
