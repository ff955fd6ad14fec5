import type { CrossfootClient } from '../client/client.ts';
import type { LiveChange } from '../client/live-events.operations.ts';
import {
  lineNow,
  lineOfException,
  linesOfMatch,
  type BoardLine,
  type LineNow,
  type LineOfException,
  type LinesOfMatch,
} from './board.operations.ts';

/** Above this many changes at once the whole list is asked for instead. */
const few = 16;

/** The lines that live changes are about, as they stand now; undefined when looking at everything is cheaper. */
export async function changedLines(
  client: CrossfootClient,
  changes: readonly NonNullable<LiveChange>[],
  holding: (matchId: string) => readonly BoardLine[],
): Promise<readonly BoardLine[] | undefined> {
  const subjects = new Map(changes.map((change) => [change.id, change]));
  if (subjects.size > few) return undefined;
  const found = await Promise.all(
    Array.from(subjects.values(), ({ topic, id }) =>
      topic === 'exceptionChanged' ? ofException(client, id) : ofMatch(client, id, holding(id)),
    ),
  );
  return found.flat();
}

async function ofException(client: CrossfootClient, id: string): Promise<readonly BoardLine[]> {
  const { exception } = await client.run<LineOfException>(lineOfException, { id });
  return exception?.line ? [exception.line] : [];
}

/** A match that was withdrawn is not there any more; the lines that held it are looked at themselves. */
async function ofMatch(
  client: CrossfootClient,
  id: string,
  holders: readonly BoardLine[],
): Promise<readonly BoardLine[]> {
  const { match } = await client.run<LinesOfMatch>(linesOfMatch, { id });
  const known = new Set(match?.lines.map((line) => line.id));
  const left = await Promise.all(
    holders
      .filter((line) => !known.has(line.id))
      .map((line) => client.run<LineNow>(lineNow, { id: line.id })),
  );
  return [...(match?.lines ?? []), ...left.flatMap(({ statementLine }) => statementLine ?? [])];
}
