import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CrossfootError } from '#kernel/errors';
import { parseTemplate } from './template-yaml.ts';
import type { Template } from './template.ts';

/** A ready template that comes with the product. */
export interface LibraryTemplate {
  readonly name: string;
  readonly template: Template;
  /** Its file, comments included. */
  readonly source: string;
}

const folder = join(import.meta.dirname, 'library');
let read: readonly LibraryTemplate[] | undefined;

/** The ready templates by name; read once. */
export function libraryTemplates(): readonly LibraryTemplate[] {
  read ??= readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => {
      const source = readFileSync(join(folder, file), 'utf8');
      const template = parseTemplate(source);
      return { name: template.name, template, source };
    });
  return read;
}

/** A ready template; throws NOT_FOUND that names those there are. */
export function libraryTemplate(name: string): LibraryTemplate {
  const found = libraryTemplates().find((one) => one.name === name);
  if (found) return found;
  const names = libraryTemplates().map((one) => one.name);
  const message = `There is no ready template ${name}; there are ${names.join(', ')}`;
  throw new CrossfootError('NOT_FOUND', message, { path: ['library'] });
}
