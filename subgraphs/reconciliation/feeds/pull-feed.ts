import { systemActor } from '#kernel/actor';
import type { Command, CommandResult } from '#kernel/command';
import type { CommandOutcome } from '#kernel/command-door';
import { CrossfootError, userError, type UserError } from '#kernel/errors';
import { sleep } from '#kernel/sleep';
import type { JobContext } from '#kernel/subgraph';
import { bankFeedConnectors, type FeedFolder } from '#connectors/feed-ports';
import { finishFeedRun } from './finish-feed-run.ts';
import { noteFeedFiles, type ListedFile } from './note-feed-files.ts';
import { notePutAway } from './note-put-away.ts';
import { credentialsOf, openFolderOf, readFeed, type FeedKey, type FeedToPull } from './open-feed.ts';
import { openFeedRun } from './open-feed-run.ts';
import { takeFeedFile } from './take-feed-file.ts';

/** A file that stands still within so many seconds is read by the same look. */
const longestWait = 30;
const mostFiles = 20_000;

interface Pull {
  readonly context: JobContext;
  readonly key: FeedKey;
  readonly runId: string;
  readonly feed: FeedToPull;
}

/** The run was ended by another: nothing may be taken for it any more. */
class Fenced extends Error {}

/**
 * Looks into a feed. Whatever is fetched or put away stands between commands, outside every transaction: what a crash
 * leaves is fetched or put away again, and the commands know what they have taken.
 */
export async function pullFeed(context: JobContext, key: FeedKey): Promise<void> {
  while (await pullOnce(context, key))
    context.services.log.debug(key, 'a bank feed is looked into once more');
}

/** Answers whether another look was asked for meanwhile. */
async function pullOnce(context: JobContext, key: FeedKey): Promise<boolean> {
  const opened = await run({ context, key }, openFeedRun, { bankFeedId: key.bankFeedId });
  const runId = opened.result?.runId;
  const feed = runId ? await readFeed(context.pool, key) : undefined;
  if (!runId || !feed) return false;
  const pull: Pull = { context, key, runId, feed };
  let found = 0;
  let problem: UserError | undefined;
  try {
    found = feed.kind === 'HTTPS' ? await pullDownload(pull) : await pullFolder(pull);
  } catch (error) {
    if (error instanceof Fenced) return false;
    problem = problemOf(error);
    const { bankFeedId } = key;
    context.services.log.warn({ bankFeedId, problem: problem.message }, 'a bank feed is tried again later');
  }
  const ended = await run(pull, finishFeedRun, { runId, found, problem });
  return ended.result?.again ?? false;
}

async function pullFolder(pull: Pull): Promise<number> {
  const { context, key, feed } = pull;
  const folder = await openFolderOf(context, key, feed);
  try {
    let listed = await folder.list();
    let due = await note(pull, listed);
    if (due.unsettled > 0 && feed.settle_seconds <= longestWait) {
      await sleep(feed.settle_seconds * 1000);
      listed = await folder.list();
      due = await note(pull, listed);
    }
    await putAwayTaken(pull, folder, due.putAway);
    for (const file of due.ready) await takeFromFolder(pull, folder, file);
    return listed.length;
  } finally {
    await folder.close();
  }
}

interface Due {
  readonly ready: readonly ListedFile[];
  readonly putAway: readonly (ListedFile & { readonly id: string; readonly state: string })[];
  readonly unsettled: number;
}

async function note(pull: Pull, listed: readonly ListedFile[]): Promise<Due> {
  const files = listed.slice(0, mostFiles);
  const { result } = await run(pull, noteFeedFiles, { runId: pull.runId, files });
  if (!result) throw new Fenced();
  return result;
}

async function takeFromFolder(pull: Pull, folder: FeedFolder, entry: ListedFile): Promise<void> {
  const stored = await store(pull, { name: entry.name, content: folder.read(entry.name) });
  // It has grown since it was listed, so it is no longer known to be whole; the next look tells.
  if ('size' in stored && stored.size !== entry.size) return;
  const taken = await take(pull, { ...entry, ...('refusal' in stored ? {} : stored) }, stored);
  const state = taken.state;
  await putAwayTaken(pull, folder, [{ ...entry, id: taken.bankFeedFileId, state }]);
}

async function pullDownload(pull: Pull): Promise<number> {
  const { context, key, feed } = pull;
  const { headers = [] } = credentialsOf(context, key, feed);
  const download = await context.services
    .port(bankFeedConnectors)
    .download({ url: feed.place.url ?? '', headers, known: feed.mark });
  if (!download) return 0;
  const { name, mark } = download;
  const stored = await store(pull, download);
  const size = 'size' in stored ? stored.size : 0;
  await take(pull, { name, modified: mark.lastModified ?? '', ...stored, size }, stored, mark);
  return 1;
}

type Stored =
  | { readonly fileId: string; readonly sha256: string; readonly size: number }
  | { readonly refusal: readonly UserError[] };

/** Keeps the bytes; a file that is too large is refused, and all else that goes wrong ends the look. */
async function store(
  { context, key }: Pull,
  { name, content }: { readonly name: string; readonly content: AsyncIterable<Uint8Array> },
): Promise<Stored> {
  try {
    const mediaType = 'application/octet-stream';
    const stored = await context.services.files.put(key.organisationId, content, { name, mediaType });
    return { fileId: stored.id, sha256: stored.sha256, size: stored.size };
  } catch (error) {
    if (!(error instanceof CrossfootError) || error.code !== 'FILE_TOO_LARGE') throw error;
    return { refusal: [error.toUserError()] };
  }
}

async function take(
  pull: Pull,
  file: ListedFile & { readonly sha256?: string; readonly fileId?: string },
  ...[stored, mark]: [Stored, object?]
): Promise<{ bankFeedFileId: string; state: string }> {
  const { name, size, modified, sha256, fileId } = file;
  const input = { runId: pull.runId, file: { name, size, modified, sha256, fileId }, mark };
  const refusal = 'refusal' in stored ? stored.refusal : undefined;
  const outcome = await run(pull, takeFeedFile, { ...input, refusal });
  if (outcome.result) return outcome.result;
  if (outcome.errors.some(({ code }) => code === 'STATE_CONFLICT')) throw new Fenced();
  // What goes wrong with one file is kept with it, and the others go on.
  const refused = await run(pull, takeFeedFile, { ...input, refusal: outcome.errors });
  if (!refused.result) throw new Fenced();
  return refused.result;
}

async function putAwayTaken(pull: Pull, folder: FeedFolder, files: Due['putAway']): Promise<void> {
  const { afterwards } = pull.feed;
  if (afterwards === 'KEEP' || files.length === 0) return;
  for (const { id: _id, state, ...entry } of files) {
    // What was refused is never deleted: somebody has to look at it.
    const done = afterwards === 'DELETE' ? 'delete' : 'done';
    await folder.putAway(entry, state === 'REFUSED' ? 'refused' : done);
  }
  await run(pull, notePutAway, { runId: pull.runId, fileIds: files.map((file) => file.id) });
}

function problemOf(error: unknown): UserError {
  if (error instanceof CrossfootError) return error.toUserError();
  const reason = error instanceof Error ? error.message : 'unknown reason';
  return userError('FEED_UNREACHABLE', `The feed could not be looked into: ${reason}`);
}

function run<Input, Result extends CommandResult>(
  { context, key }: Pick<Pull, 'context' | 'key'>,
  ...[command, input]: [Command<Input, Result>, unknown]
): Promise<CommandOutcome<Result>> {
  return context.door.run(command, input, { actor: systemActor('reconciliation', key.organisationId) });
}
