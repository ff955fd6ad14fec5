import { parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { Counter, type Registry } from 'prom-client';
import type { Log } from '#kernel/log';
import type { KnownOperation } from '../operations/admission.ts';
import type { RegisteredOperation } from '../operations/registered-operations.ts';
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
  /** The operations of the subscriptions under way. */
  readonly running: () => Iterable<KnownOperation>;
  /** Operations that clients in use were shipped with. */
  readonly registered?: { readonly all: Iterable<RegisteredOperation> } | undefined;
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
    const problems = [
      ...brokenSubscriptions(options.running(), loaded),
      ...brokenRegistered(options.registered?.all ?? [], inForce.current().graph.api, loaded.graph.api),
    ];
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

/** What of the operations that run another graph could not answer any more. */
function brokenSubscriptions(
  operations: Iterable<KnownOperation>,
  { graph, executor }: Pick<LoadedGraph, 'graph' | 'executor'>,
): string[] {
  const problems: string[] = [];
  for (const { document, operation, hash } of operations) {
    const name = `the subscription ${operation.name?.value ?? hash.slice(0, 12)}, which is under way`;
    const problem = faultOf(document, graph.api) ?? thrownBy(() => executor.compile(document, operation));
    if (problem) problems.push(`${name}: ${problem}`);
  }
  return problems;
}

/** What of the registered operations is valid now and would not be. */
function brokenRegistered(
  operations: Iterable<RegisteredOperation>,
  present: GraphQLSchema,
  offered: GraphQLSchema,
): string[] {
  const problems: string[] = [];
  for (const { text, name, hash } of operations) {
    const document = parsed(text);
    const problem = document && faultOf(document, offered);
    if (!problem || faultOf(document, present)) continue;
    problems.push(`the registered operation ${name ?? hash.slice(0, 12)}: ${problem}`);
  }
  return problems;
}

/** Manifests may hold what was never GraphQL; that is not broken now. */
function parsed(text: string): DocumentNode | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function faultOf(document: DocumentNode, schema: GraphQLSchema): string | undefined {
  // Some rules throw where they were meant to complain.
  return thrownBy(() => {
    const [first] = validate(schema, document, undefined, { maxErrors: 1 });
    if (first) throw first;
  });
}

/** The message of what is thrown; undefined when nothing is. */
function thrownBy(attempt: () => unknown): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be planned';
  }
}
