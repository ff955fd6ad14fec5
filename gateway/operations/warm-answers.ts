import { getVariableValues, type ExecutionResult, type GraphQLSchema } from 'graphql';
import type { Actor } from '#kernel/actor';
import type { Executor } from '../execution/executor.ts';
import { runWatched } from '../observability/observe-gateway.ts';
import type { WatchOperation } from '../observability/operation-watch.ts';
import type { Epochs } from '../sources/epochs.ts';
import { scopeKeyOf } from '../sources/scope-key.ts';
import type { AcceptedOperations } from './accepted-operations.ts';
import type { AdmittedOperation } from './admission.ts';

/** An answer ready to be sent, but for what differs from request to request. */
export interface WarmAnswer {
  /** The members `errors` and `data` of the answer as JSON, without the braces around them. */
  readonly json: string;
  readonly outcome: 'ok' | 'errors';
}

/** Answers operations that Apollo Server has accepted before; undefined for those it must see first. */
export type AnswerWarm = (admitted: AdmittedOperation, actor: Actor) => Promise<WarmAnswer> | undefined;

interface WarmOptions {
  readonly schema: GraphQLSchema;
  readonly executor: Executor;
  readonly accepted: AcceptedOperations;
  /** Gives errors their outward shape. */
  readonly present: (errors: NonNullable<ExecutionResult['errors']>) => readonly object[];
  /** Given where identical reads under way share one execution. */
  readonly epochs?: Epochs | undefined;
  /** Looks at each operation while it runs. */
  readonly watch?: WatchOperation | undefined;
}

/**
 * The short way to an answer. Apollo Server's pipeline decides the same about the same operation every time, so what it
 * has accepted once needs only its variables checked and its plan run. Whatever is in doubt, such as variables of the
 * wrong type, goes the long way, so that Apollo Server words the refusal.
 */
export function warmAnswers(options: WarmOptions): AnswerWarm {
  const { schema, executor, accepted, present, epochs, watch } = options;
  const underWay = new Map<string, Promise<WarmAnswer>>();

  const run = async (
    admitted: AdmittedOperation,
    variables: Variables,
    actor: Actor,
  ): Promise<WarmAnswer> => {
    const { data, errors } = await runWatched(watch, { admitted, actor }, ({ planned, ...seen }) => {
      const since = performance.now();
      const compiled = executor.compile(admitted.document, admitted.operation);
      planned?.(since);
      if (compiled.kind === 'subscription') throw new Error('A subscription is fed with events');
      return compiled.execute({ variables, ...seen });
    });
    // The order is that of Apollo Server: who reads the answer as text finds the errors first.
    const shown = errors?.length ? `"errors":${JSON.stringify(present(errors))},` : '';
    return { json: `${shown}"data":${JSON.stringify(data ?? null)}`, outcome: shown ? 'errors' : 'ok' };
  };

  const shared = (key: string, admitted: AdmittedOperation, start: () => Promise<WarmAnswer>) => {
    const sharedKey = `${admitted.hash} ${admitted.request.operationName ?? ''} ${key}`;
    const known = underWay.get(sharedKey);
    if (known) return known;
    const made = start().finally(() => underWay.delete(sharedKey));
    underWay.set(sharedKey, made);
    return made;
  };

  return (admitted, actor) => {
    const type = admitted.operation.operation;
    if (type === 'subscription' || !accepted.isAccepted(admitted.known)) return undefined;
    const variables = variablesOf(admitted, schema);
    if (!variables) return undefined;
    if (type === 'mutation' || !epochs) return run(admitted, variables, actor);
    // A read joins only one that began after the last change of the organisation.
    const scope = `${epochs.of(actor.organisationId)} ${scopeKeyOf(actor)}`;
    return shared(`${scope} ${JSON.stringify(admitted.request.variables ?? {})}`, admitted, () =>
      run(admitted, variables, actor),
    );
  };
}

type Variables = Readonly<Record<string, unknown>>;

const none: Variables = {};

/** The variables as the operation declares them; undefined when they are not what it declares. */
function variablesOf(
  { operation, request }: AdmittedOperation,
  schema: GraphQLSchema,
): Variables | undefined {
  const { variableDefinitions } = operation;
  if (!variableDefinitions?.length) return none;
  return getVariableValues(schema, variableDefinitions, request.variables ?? {}, { maxErrors: 1 }).coerced;
}
