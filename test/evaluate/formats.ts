import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { ReadProblem } from '#connectors/ports';
import { readStatementFile } from '../../connectors/formats/statement-formats.ts';

/** How many files were found, and what became of them. */
export interface FormatsSummary {
  readonly files: number;
  readonly read: number;
  readonly refused: number;
}

/**
 * Runs the product's own statement reader over every file below a folder and prints one JSON line a file, in the order
 * of their paths, then a summary line. A file that cannot even be opened is counted as refused.
 */
export async function evaluateFormats(
  folder: string,
  print: (line: string) => void,
): Promise<FormatsSummary> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  let read = 0;
  let statements = 0;
  let lines = 0;
  for (const path of paths) {
    const result = await evaluateFile(path);
    if ('entries' in result) {
      read += 1;
      statements += result.statements;
      lines += result.entries;
    }
    print(JSON.stringify({ file: relative(folder, path), ...result }));
  }
  const summary = { files: paths.length, read, refused: paths.length - read };
  print(JSON.stringify({ summary: { ...summary, statements, entries: lines } }));
  return summary;
}

interface Shown {
  readonly code: string;
  readonly line?: number;
  readonly message: string;
}

type FileResult =
  | {
      readonly format: string;
      readonly statements: number;
      readonly entries: number;
      readonly problems: readonly Shown[];
    }
  | { readonly refused: Shown };

async function evaluateFile(path: string): Promise<FileResult> {
  try {
    const file = await readStatementFile(await readFile(path), path);
    const refused = file.problems.find((problem) => problem.severity === 'refused');
    if (refused !== undefined) return { refused: shown(refused) };
    const entries = file.statements.reduce((sum, statement) => sum + statement.lines.length, 0);
    return {
      format: file.format,
      statements: file.statements.length,
      entries,
      problems: file.problems.map(shown),
    };
  } catch (error) {
    return { refused: { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) } };
  }
}

function shown({ code, line, message }: ReadProblem): Shown {
  return { code, line, message };
}
