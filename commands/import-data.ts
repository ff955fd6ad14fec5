import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Config } from '#kernel/config';
import { sleep } from '#kernel/sleep';
import { apiClient, type ApiClient, type ApiError } from './api-client.ts';
import { onlyBook } from './import.ts';

/** What the command line calls the kinds of imports. */
const kinds: Readonly<Record<string, string>> = {
  journal: 'JOURNAL',
  chart: 'CHART_OF_ACCOUNTS',
  opening: 'OPENING_BALANCES',
  budget: 'BUDGET',
};

/** What the command line says of an import. */
export interface ImportDataOptions {
  readonly kind: string | undefined;
  readonly file: string | undefined;
  readonly bookId: string | undefined;
  /** FIELD=heading, as often as there are columns to name. */
  readonly columns: readonly string[];
  readonly postedOn: string | undefined;
  readonly series: string | undefined;
  readonly differenceAccount: string | undefined;
  readonly budgetId: string | undefined;
  readonly sheet: string | undefined;
  readonly preview: boolean;
  readonly stopOnProblems: boolean;
  /** Where the file of errors goes; not fetched when left out. */
  readonly errors: string | undefined;
}

interface ImportNow {
  readonly id: string;
  readonly status: string;
  readonly percentRead: number;
  readonly rowsRead: number;
  readonly rowsApplied: number;
  readonly rowsRefused: number;
  readonly recordsMade: number;
  readonly recordsKnown: number;
  readonly problemCount: number;
  readonly failure: ApiError | null;
  readonly errorFile: { readonly url: string } | null;
  readonly finishedAt: string | null;
}

const shown = `id status percentRead rowsRead rowsApplied rowsRefused recordsMade recordsKnown problemCount
  failure { code message remedy } errorFile { url } finishedAt`;
const untilNextLook = 500;

/**
 * Hands in a file of journal entries, accounts or opening balances, waits for its end and prints it as one line of JSON;
 * progress goes to standard error. The exit code is 1 unless everything was applied. The import goes on when this ends.
 */
export async function importData(config: Config, options: ImportDataOptions): Promise<void> {
  const kind = kinds[options.kind ?? ''];
  if (!kind || !options.file) {
    throw new Error(
      `Say what the file is: node main.ts import-data ${Object.keys(kinds).join('|')} FILE --book ID`,
    );
  }
  if (!statSync(options.file, { throwIfNoEntry: false })?.isFile())
    throw new Error(`There is no file ${options.file}`);
  const api = apiClient(config);
  const bookId = options.bookId ?? (await onlyBook(api));
  const uploaded = await api.upload(options.file);
  if ('error' in uploaded) return end({ status: 'REFUSED', errors: [uploaded.error] });
  const input = {
    bookId,
    fileId: uploaded.id,
    kind,
    mapping: options.columns.length > 0 ? options.columns.map(mapped) : undefined,
    postedOn: options.postedOn,
    series: options.series,
    differenceAccount: options.differenceAccount,
    budgetId: options.budgetId,
    sheet: options.sheet,
    stopOnProblems: options.stopOnProblems,
  };
  if (options.preview) return preview(api, input);
  const { startImport } = await api.run<{ startImport: { import: ImportNow | null; errors: ApiError[] } }>(
    `mutation ($input: StartImportInput!) { startImport(input: $input) { import { ${shown} } errors { code message remedy } } }`,
    { input },
  );
  if (!startImport.import) return end({ status: 'REFUSED', errors: startImport.errors });
  const { finishedAt: _finishedAt, ...ended } = await wait(api, startImport.import);
  if (options.errors !== undefined && ended.errorFile) {
    await writeFile(options.errors, await api.download(ended.errorFile.url));
  }
  end(ended);
}

function end(outcome: { readonly status: string; readonly errors?: readonly ApiError[] }): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
  if (outcome.status !== 'SUCCEEDED') process.exitCode = 1;
}

async function preview(api: ApiClient, input: object): Promise<void> {
  const { previewImport } = await api.run<{
    previewImport: { preview: { problems: ApiError[] } | null; errors: ApiError[] };
  }>(
    `mutation ($input: PreviewImportInput!) { previewImport(input: $input) {
       preview { settings { format encoding delimiter sheet decimalMark dateStyle } remembered columns { column field samples }
         rows { row entry postedOn accountCode side amount { amount currency } description memo accountType problems { code message } }
         problems { code message remedy } notes }
       errors { code message remedy } } }`,
    { input },
  );
  process.stdout.write(
    `${JSON.stringify(previewImport.preview ?? { errors: previewImport.errors }, undefined, 2)}\n`,
  );
  if (!previewImport.preview || previewImport.preview.problems.length > 0) process.exitCode = 1;
}

function mapped(text: string): { field: string; column: string } {
  const [, field, column] = /^([A-Za-z_]+)=(.+)$/.exec(text) ?? [];
  if (!field || !column) throw new Error(`--column ${text}: say FIELD=heading, such as ACCOUNT=Konto`);
  return { field: field.toUpperCase(), column };
}

async function wait(api: ApiClient, started: ImportNow): Promise<ImportNow> {
  for (let now = started, told = ''; ; await sleep(untilNextLook)) {
    const answer = await api.run<{ import: ImportNow | null }>(
      `query ($id: ID!) { import(id: $id) { ${shown} } }`,
      {
        id: started.id,
      },
    );
    now = answer.import ?? now;
    const progress = `${now.status} ${now.percentRead} % read, ${now.rowsApplied} lines applied, ${now.problemCount} problems`;
    if (progress !== told) process.stderr.write(`${progress}\n`);
    told = progress;
    if (now.finishedAt !== null) return now;
  }
}
