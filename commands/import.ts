import { statSync } from 'node:fs';
import type { Config } from '#kernel/config';
import { apiClient, type ApiClient, type ApiError } from './api-client.ts';

/** What became of one file; printed as one line of JSON. */
interface Imported {
  readonly file: string;
  readonly fileId?: string;
  /** `partly` when some of its statements were refused. */
  readonly result: 'statements' | 'documents' | 'partly' | 'refused';
  readonly statements?: readonly {
    readonly id: string;
    readonly status: string;
    readonly lineCount: number;
  }[];
  readonly imported?: number;
  readonly alreadyKnown?: number;
  readonly documents?: readonly { readonly id: string; readonly status: string }[];
  readonly errors: readonly ApiError[];
}

/** Hands in files of bank statements and documents, in whatever order; the exit code is 1 when one was refused. */
export async function importFiles(
  config: Config,
  options: { readonly files: readonly string[]; readonly bookId: string | undefined },
): Promise<void> {
  if (options.files.length === 0) throw new Error('Name the files: node main.ts import FILE… --book ID');
  const api = apiClient(config);
  const bookId = options.bookId ?? (await onlyBook(api));
  for (const file of options.files) {
    const outcome = await importFile(api, bookId, file);
    process.stdout.write(`${JSON.stringify(outcome)}\n`);
    if (outcome.result === 'refused' || outcome.result === 'partly') process.exitCode = 1;
  }
}

/** The book of an organisation that has one; throws an Error that lists them where there are several. */
export async function onlyBook(api: ApiClient): Promise<string> {
  const { books } = await api.run<{ books: { id: string; name: string }[] }>('{ books { id name } }');
  const [book] = books;
  if (!book) throw new Error('The organisation has no book yet; open one with openBook.');
  if (books.length === 1) return book.id;
  throw new Error(`Name the book with --book: ${books.map(({ id, name }) => `${id} (${name})`).join(', ')}`);
}

async function importFile(api: ApiClient, bookId: string, file: string): Promise<Imported> {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) {
    return {
      file,
      result: 'refused',
      errors: [{ code: 'FILE_UNREADABLE', message: `There is no file ${file}` }],
    };
  }
  const uploaded = await api.upload(file);
  if ('error' in uploaded) return { file, result: 'refused', errors: [uploaded.error] };
  const handedIn = { file, fileId: uploaded.id };
  const asStatement = await importStatement(api, bookId, uploaded.id);
  if (!isOtherFormat(asStatement.errors)) return { ...handedIn, ...asStatement };
  const asDocument = await submitDocument(api, bookId, uploaded.id);
  if (!isOtherFormat(asDocument.errors)) return { ...handedIn, ...asDocument };
  // Told from the documents as a bank statement, it is one whose statement reader knows better what is wrong.
  const told = asDocument.errors.some(({ code }) => code === 'FORMAT_WRONG');
  return { ...handedIn, result: 'refused', errors: told ? asStatement.errors : asDocument.errors };
}

function isOtherFormat(errors: readonly ApiError[]): boolean {
  return errors.some(({ code }) => code === 'FORMAT_WRONG' || code === 'FORMAT_UNKNOWN');
}

type Outcome = Omit<Imported, 'file' | 'fileId'>;

async function importStatement(api: ApiClient, bookId: string, fileId: string): Promise<Outcome> {
  const { importBankStatement } = await api.run<{
    importBankStatement: Partial<Outcome> & Pick<Outcome, 'errors'>;
  }>(
    `mutation ($input: ImportBankStatementInput!) {
       importBankStatement(input: $input) {
         statements { id status lineCount } imported alreadyKnown errors { code message remedy path }
       }
     }`,
    { input: { bookId, fileId } },
  );
  const { statements, errors, ...counts } = importBankStatement;
  if (!statements?.length) return { result: 'refused', errors };
  return { result: errors.length > 0 ? 'partly' : 'statements', statements, ...counts, errors };
}

/** What cannot be booked of a document file is kept in quarantine, and what came before is named: nothing is lost. */
async function submitDocument(api: ApiClient, bookId: string, fileId: string): Promise<Outcome> {
  const answer = await api.run<{ submitDocument: Partial<Outcome> & Pick<Outcome, 'errors'> }>(
    `mutation ($input: SubmitDocumentInput!) {
       submitDocument(input: $input) { documents { id status } errors { code message remedy path } }
     }`,
    { input: { bookId, fileId, source: 'file' } },
  );
  const { documents, errors } = answer.submitDocument;
  if (!documents?.length) return { result: 'refused', errors };
  return { result: 'documents', documents, errors };
}
