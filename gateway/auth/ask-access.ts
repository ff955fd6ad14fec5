import type { Actor } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import { currentTraceId } from '../trace.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';

/** A question of the gateway's own to the access subgraph. */
interface Question extends Partial<Pick<Actor, 'organisationId' | 'scopes'>> {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What cannot be checked when nobody answers. */
  readonly about: string;
}

/** The actor under which the gateway itself asks; unless it says otherwise, it reads no rows of anybody. */
const gatewayActor: Actor = {
  kind: 'system',
  id: 'gateway',
  name: 'gateway',
  organisationId: 'platform',
  scopes: ['platform:internal'],
  source: 'system',
};

/** Asks the access subgraph about a credential; throws UNAVAILABLE when it does not answer. */
export async function askAccess(
  access: SubgraphSource,
  { query, variables, about, ...rights }: Question,
): Promise<Record<string, unknown>> {
  const actor: Actor = { ...gatewayActor, ...rights, traceId: currentTraceId() };
  const answer = await access.execute({ query, variables, actor });
  if (answer.errors || !answer.data) {
    throw new CrossfootError('UNAVAILABLE', `${about} cannot be checked at the moment`, {
      cause: answer.errors?.[0],
    });
  }
  return answer.data;
}
