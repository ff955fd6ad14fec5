import { readFileSync, writeFileSync } from 'node:fs';
import type { Config } from '#kernel/config';
import { checkMappingTemplate } from '../subgraphs/transactions/classification/check-mapping-template.ts';
import { apiClient, type ApiClient, type ApiError } from './api-client.ts';
import { onlyBook } from './import.ts';

/** What the command line says. */
export interface MappingOptions {
  readonly words: readonly string[];
  readonly bookId: string | undefined;
  readonly out: string | undefined;
  /** The number of a version; the newest when left out. */
  readonly version: string | undefined;
}

/**
 * Mapping templates as files: `check FILE…` reads and tests them here, `import FILE…` saves them in a book, `export NAME`
 * writes the file of a version. The exit code is 1 when a file is refused or a test does not pass.
 */
export async function mapping(config: () => Config, options: MappingOptions): Promise<void> {
  const [what, ...names] = options.words;
  if (names.length === 0) throw new Error(usage);
  if (what === 'check') return checkFiles(names);
  if (what === 'import') return importTemplates(config(), names, options);
  if (what === 'export') return exportTemplate(config(), names[0] ?? '', options);
  throw new Error(usage);
}

const usage =
  'node main.ts mapping check FILE… | import FILE… [--book ID] | export NAME [--book ID] [--version N] [--out FILE]';

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Needs no installation, so that a repository of templates can be checked anywhere. */
function checkFiles(files: readonly string[]): void {
  for (const file of files) {
    const { template, errors, results, untestedRules } = checkMappingTemplate(readFileSync(file, 'utf8'));
    const failed = results.filter((result) => !result.passed);
    const ok = errors.length === 0 && failed.length === 0;
    if (!ok) process.exitCode = 1;
    print({ file, ok, name: template?.name, tests: results.length, failed, untestedRules, errors });
  }
}

async function importTemplates(
  config: Config,
  files: readonly string[],
  { bookId }: MappingOptions,
): Promise<void> {
  const api = apiClient(config);
  const book = bookId ?? (await onlyBook(api));
  for (const file of files) {
    const { saveMappingTemplate } = await api.run<{
      saveMappingTemplate: {
        version: { id: string; number: number; status: string } | null;
        template: { name: string } | null;
        created: boolean | null;
        errors: readonly ApiError[];
      };
    }>(
      `mutation ($input: SaveMappingTemplateInput!) {
         saveMappingTemplate(input: $input) {
           version { id number status } template { name } created errors { code message remedy path }
         }
       }`,
      { input: { bookId: book, yaml: readFileSync(file, 'utf8') } },
    );
    const { version, template, created, errors } = saveMappingTemplate;
    if (!version) process.exitCode = 1;
    print({ file, name: template?.name, version, created, errors });
  }
}

/** The file as it was saved, to the byte. */
async function exportTemplate(config: Config, name: string, options: MappingOptions): Promise<void> {
  const api = apiClient(config);
  const bookId = options.bookId ?? (await onlyBook(api));
  const { mappingTemplates } = await api.run<{ mappingTemplates: { id: string; name: string }[] }>(
    'query ($bookId: ID!) { mappingTemplates(bookId: $bookId) { id name } }',
    { bookId },
  );
  if (!mappingTemplates.some((one) => one.name === name)) {
    const names = mappingTemplates.map((one) => one.name).join(', ') || 'none';
    throw new Error(`The book has no mapping template ${name}; it has ${names}`);
  }
  const yaml = await fileOf(api, { bookId, name, version: options.version });
  if (options.out === undefined) process.stdout.write(yaml);
  else writeFileSync(options.out, yaml);
}

interface Wanted {
  readonly bookId: string;
  readonly name: string;
  readonly version: string | undefined;
}

interface Versions {
  readonly mappingTemplates: readonly {
    readonly name: string;
    readonly versions: { readonly edges: readonly { readonly node: { number: number; yaml: string } }[] };
  }[];
}

async function fileOf(api: ApiClient, { bookId, name, version }: Wanted): Promise<string> {
  const { mappingTemplates } = await api.run<Versions>(
    `query ($bookId: ID!, $first: Int!) {
       mappingTemplates(bookId: $bookId) { name versions(first: $first) { edges { node { number yaml } } } }
     }`,
    { bookId, first: version === undefined ? 1 : 100 },
  );
  const versions = mappingTemplates.find((one) => one.name === name)?.versions.edges ?? [];
  const found = versions.find(({ node }) => version === undefined || String(node.number) === version);
  if (found) return found.node.yaml;
  throw new Error(`Mapping template ${name} has no version ${version ?? ''}`);
}
