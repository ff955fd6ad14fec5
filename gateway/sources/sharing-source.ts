import type { ExecutionResult } from 'graphql';
import type { SubgraphRequest } from '#kernel/subgraph-request';
import type { Epochs } from './epochs.ts';
import { onlyReads } from './operation-kind.ts';
import { plainCopy } from './plain-copy.ts';
import { scopeKeyOf } from './scope-key.ts';
import type { SubgraphSource } from './subgraph-source.ts';

/** Nobody's rows: keys and the like are looked up under it, and those must be seen as they are now. */
const platform = 'platform';

interface SharingOptions {
  readonly epochs: Epochs;
  /** False asks every read by itself; writes begin epochs all the same. */
  readonly share?: boolean;
  /** Called for each read that joined one under way. */
  readonly joined?: () => void;
}

interface Waiting {
  readonly resolve: (answer: ExecutionResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A source that asks its subgraph once for equal reads of the same scope that are under way at the same time. A read
 * joins no other that began before a write of its organisation began or ended here, or before an event of it was seen:
 * whoever wrote sees what was written. Writes, and what is rendered for events, are never shared.
 */
export function sharingSource(source: SubgraphSource, options: SharingOptions): SubgraphSource {
  const { epochs, share = true, joined } = options;
  const underWay = new Map<string, Waiting[]>();

  const write = async (request: SubgraphRequest): Promise<ExecutionResult> => {
    const { organisationId } = request.actor;
    epochs.raise(organisationId);
    try {
      return await source.execute(request);
    } finally {
      epochs.raise(organisationId);
    }
  };
  const read = async (request: SubgraphRequest): Promise<ExecutionResult> => {
    const key = keyOf(request, epochs);
    const others = underWay.get(key);
    if (others) {
      joined?.();
      return new Promise((resolve, reject) => others.push({ resolve, reject }));
    }
    const waiting: Waiting[] = [];
    underWay.set(key, waiting);
    try {
      const answer = await source.execute(request);
      underWay.delete(key);
      // Plan executors complete an answer in place, so everybody gets one of their own before anybody touches any.
      for (const one of waiting) one.resolve({ ...answer, data: plainCopy(answer.data) });
      return answer;
    } catch (error) {
      underWay.delete(key);
      for (const one of waiting) one.reject(error);
      throw error;
    }
  };

  return {
    execute(request) {
      if (!onlyReads(request.query)) return write(request);
      const alone = !share || request.actor.organisationId === platform;
      return alone ? source.execute(request) : read(request);
    },
    render: (request) => source.render(request),
    ready: () => source.ready(),
  };
}

function keyOf({ query, variables, operationName, actor }: SubgraphRequest, epochs: Epochs): string {
  const asked = variables ? JSON.stringify(variables) : '';
  const scope = `${epochs.of(actor.organisationId)}\0${scopeKeyOf(actor)}`;
  return `${scope}\0${operationName ?? ''}\0${query}\0${asked}`;
}
