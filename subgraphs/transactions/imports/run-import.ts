import { systemActor } from '#kernel/actor';
import type { Command, CommandResult } from '#kernel/command';
import { resultOf } from '#kernel/command-door';
import { CrossfootError } from '#kernel/errors';
import type { JobContext } from '#kernel/subgraph';
import { applyImportRows } from './apply-import-rows.ts';
import { clearImportRows } from './clear-import-rows.ts';
import { finishImport } from './finish-import.ts';
import { isEnd } from './import-status.ts';
import { loadImport, loadOpenEntries, type ImportId, type ImportState } from './load-import.ts';
import { openFile } from './open-file.ts';
import { readChunks } from './read-chunks.ts';
import { mostProblems, stageImportRows, stops } from './stage-import-rows.ts';
import { writeErrorFile } from './write-error-file.ts';

/** How long one run works before it lets others have their turn, in milliseconds; a job may take five minutes. */
const turn = 120_000;

/**
 * Works on an import until it ends, is paused, or its turn is over; answers whether something is left to do. It may be
 * killed anywhere: each command commits rows together with how far they are, and the next run goes on from there. Two at
 * once are harmless, because a command that finds the other's progress does nothing.
 */
export async function runImport(
  context: JobContext,
  key: ImportId,
  until = Date.now() + turn,
): Promise<boolean> {
  while (await stepImport(context, key, until)) if (Date.now() >= until) return true;
  return false;
}

/** One step of an import: to the end of its file, one batch into the books, its end; answers whether there may be another. */
export async function stepImport(context: JobContext, key: ImportId, until: number): Promise<boolean> {
  const state = await loadImport(context.pool, key);
  if (!state || state.status === 'PAUSED') return false;
  const { status, settings, problem_count: problems, read_whole: readWhole } = state;
  if (isEnd(status)) {
    if (!state.waiting) return false;
    return (await run(context, key, clearImportRows, {})).cleared > 0;
  }
  if (status === 'APPLYING') {
    if (!state.waiting) return finish(context, key, { problems });
    return (await run(context, key, applyImportRows, { from: state.applied_entry })).applied;
  }
  if (problems > mostProblems || (readWhole && stops(settings.stopOnProblems, problems))) {
    return finish(context, key, { problems });
  }
  try {
    return await read(context, key, { state, until });
  } catch (error) {
    if (!(error instanceof CrossfootError) || error.code === 'INTERNAL') throw error;
    return finish(context, key, { problems, failure: { code: error.code, message: error.message } });
  }
}

/** Stages chunk after chunk; the next one is read while the database takes the one before. */
async function read(
  context: JobContext,
  key: ImportId,
  { state, until }: { readonly state: ImportState; readonly until: number },
): Promise<boolean> {
  const { services, pool } = context;
  const { kind, settings, file_id: fileId, place, last_entry: lastEntry } = state;
  const { table } = await openFile({ services, organisationId: key.organisationId }, fileId, settings);
  const byKey = settings.mapping.ENTRY !== undefined;
  const open =
    place && kind === 'JOURNAL' ? await loadOpenEntries(pool, key, { byKey, last: lastEntry }) : [];
  let from = place?.rows ?? 0;
  let staging: Promise<{ readonly staged: boolean; readonly problems?: number }> | undefined;
  for await (const chunk of readChunks(kind, { table, settings }, { place, lastEntry, open })) {
    const before = await staging;
    if (before && (!before.staged || (before.problems ?? 0) > mostProblems)) return before.staged;
    staging = run(context, key, stageImportRows(chunk), { from });
    // Whoever awaits it hears of its failure; until then it is nobody's.
    staging.catch(() => undefined);
    from = chunk.place.rows;
    if (Date.now() >= until) break;
  }
  return (await staging)?.staged ?? false;
}

async function finish(
  context: JobContext,
  key: ImportId,
  { problems, failure }: { readonly problems: number; readonly failure?: { code: string; message: string } },
): Promise<boolean> {
  const errorFile = problems > 0 ? await writeErrorFile(context, key) : undefined;
  return (await run(context, key, finishImport, { errorFile, failure })).finished;
}

async function run<Input, Result extends CommandResult>(
  { door }: JobContext,
  { organisationId, importId }: ImportId,
  ...[command, input]: [Command<Input, Result>, object]
): Promise<Result> {
  return resultOf(
    await door.run(command, { importId, ...input }, { actor: systemActor('transactions', organisationId) }),
  );
}
