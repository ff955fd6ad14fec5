import { validate } from 'graphql';
import { Counter, type Registry } from 'prom-client';
import type { Log } from '#kernel/log';
import type { KnownOperation } from '../operations/admission.ts';
import type { LoadedGraph, ReplaceableGraph } from './graph-in-force.ts';

const problemsShown = 10;

/** What became of a supergraph that was offered while another one is served. */
export type OfferOutcome = 'taken' | 'unchanged' | 'refused';

/** A supergraph for a gateway at work. */
export interface SupergraphOffer {
  readonly supergraphSdl: string;
  /** Takes it although operations in use would break; their subscriptions end and say from where to resume. */
  readonly evenIfBreaking?: boolean;
}

interface OfferOptions<Loaded extends LoadedGraph> {
  readonly inForce: ReplaceableGraph<Loaded>;
  /** Prepares a supergraph for being served; throws when it cannot be. */
  readonly load: (supergraphSdl: string) => Loaded;
  /** Sentences about what would break, each from somebody who knows operations in use. */
  readonly objections: readonly ((loaded: Loaded) => readonly string[])[];
  /** Called when a supergraph is in force. */
  readonly taken: (loaded: Loaded) => void;
  readonly log: Log;
  readonly registry: Registry;
}

/**
 * Takes a new supergraph without dropping a request: what is under way ends on the graph with which it began. One that
 * cannot be served, or that would break operations in use, is refused, and the present one is served on.
 */
export function supergraphOffers<Loaded extends LoadedGraph>(
  options: OfferOptions<Loaded>,
): (offer: SupergraphOffer) => OfferOutcome {
  const { inForce, log } = options;
  const outcomes = new Counter({
    name: 'crossfoot_supergraph_offers_total',
    help: 'Supergraphs offered to the gateway while it ran, by outcome: taken, unchanged, refused.',
    labelNames: ['outcome'],
    registers: [options.registry],
  });
  const consider = ({ supergraphSdl, evenIfBreaking = false }: SupergraphOffer): OfferOutcome => {
    if (supergraphSdl === inForce.current().supergraphSdl) return 'unchanged';
    let loaded: Loaded;
    try {
      loaded = options.load(supergraphSdl);
    } catch (error) {
      log.error({ err: error }, 'a new supergraph cannot be served and was refused; the present one stays');
      return 'refused';
    }
    const problems = options.objections.flatMap((object) => object(loaded));
    if (problems.length > 0) {
      const shown = { problems: problems.slice(0, problemsShown), count: problems.length };
      if (!evenIfBreaking) {
        log.error(shown, 'a new supergraph would break operations in use and was refused');
        return 'refused';
      }
      log.warn(shown, 'a new supergraph that breaks operations in use is taken because the operator says so');
    }
    inForce.replace(loaded);
    options.taken(loaded);
    log.info('a new supergraph is served');
    return 'taken';
  };
  return (offer) => {
    const outcome = consider(offer);
    outcomes.inc({ outcome });
    return outcome;
  };
}

/** What of operations that run, such as subscriptions, another graph could not answer any more. */
export function brokenOperations(
  operations: Iterable<KnownOperation>,
  { graph, executor }: Pick<LoadedGraph, 'graph' | 'executor'>,
): string[] {
  const problems: string[] = [];
  for (const { document, operation, hash } of operations) {
    const name = `${operation.operation} ${operation.name?.value ?? 'without a name'} (${hash.slice(0, 12)})`;
    const [error] = validate(graph.api, document, undefined, { maxErrors: 1 });
    if (error) problems.push(`${name}: ${error.message}`);
    else {
      try {
        executor.compile(document, operation);
      } catch (cause) {
        problems.push(`${name}: ${cause instanceof Error ? cause.message : 'it cannot be planned'}`);
      }
    }
  }
  return problems;
}
