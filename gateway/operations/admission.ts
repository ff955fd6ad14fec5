import { createHash } from 'node:crypto';
import {
  getOperationAST,
  GraphQLError,
  parse,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Actor } from '#kernel/actor';
import { codedError } from '../error-format.ts';
import { checkLimits, measureOperation, operationLimits, type Measured } from './limits.ts';
import { rememberingMap } from './remembering-map.ts';

/** What a request says about an operation that the gateway may know already. */
export interface PersistedReference {
  /** The SHA-256 of the text as the client says it, or the id of a registered operation. */
  readonly id: string;
  /** `automatic` ones are learnt when a client sends text and hash together; `registered` ones are announced before. */
  readonly kind: 'automatic' | 'registered';
  readonly version?: unknown;
}

/** An operation as clients send it, by whatever transport. */
export interface OperationRequest {
  /** Empty where `persisted` stands for the text. */
  readonly query: string;
  /** What the client says about a text the gateway may know already. */
  readonly persisted?: PersistedReference | undefined;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** Who sends an operation, and with which program by its own account. */
export interface Sender {
  readonly actor: Actor;
  readonly client: ClientProgram;
}

/** The program that sends operations, as it names itself in the headers `graphql-client-name` and `-version`. */
export interface ClientProgram {
  readonly name: string;
  readonly version: string;
}

/** One operation of one text, parsed once; the same object for as long as it is remembered. */
export interface KnownOperation {
  readonly text: string;
  /** SHA-256 of the text in hexadecimal, as persisted operations are named. */
  readonly hash: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** An operation within the limits. */
export interface AdmittedOperation extends KnownOperation {
  readonly request: OperationRequest;
  /** Fields counted with the sizes of their pages. */
  readonly cost: number;
  /** The program that asks, by its own account. */
  readonly client: ClientProgram;
  /** The remembered operation behind it, for whoever keeps something beside it. */
  readonly known: KnownOperation;
}

/** Refuses what does not exist in the view of whoever asks. */
export type ViewCheck = (known: KnownOperation, request: OperationRequest, actor: Actor) => void;

/** Looks at every admitted operation, whatever its transport, and refuses by throwing a CrossfootError. */
export type Gate = (admitted: AdmittedOperation, sender: Sender) => void;

/** The check every operation passes before anything else looks at it. */
export type Admit = (request: OperationRequest, sender: Sender) => AdmittedOperation;

interface Remembered extends KnownOperation {
  /** Missing where the figures depend on variables. */
  measured?: Measured;
}

/**
 * Makes the check, the same for all transports: what the sender's view has, the limits, then each gate. Throws coded
 * GraphQL errors: GRAPHQL_PARSE_FAILED, OPERATION_RESOLUTION_FAILURE, GRAPHQL_VALIDATION_FAILED,
 * OPERATION_TOO_COMPLEX, and what the gates refuse with.
 */
export function createAdmission(
  schema: GraphQLSchema,
  { gates = [], inView }: { readonly gates?: readonly Gate[]; readonly inView?: ViewCheck } = {},
): Admit {
  const remembered = rememberingMap<string, Remembered>(2_000);
  return (request, sender) => {
    const key = request.operationName ? `${request.operationName}\0${request.query}` : request.query;
    const known = remembered.get(key) ?? remembered.keep(key, readOperation(request));
    // Before the limits, which know the whole graph and would count what the view does not have.
    inView?.(known, request, sender.actor);
    const admitted: AdmittedOperation = {
      text: known.text,
      hash: known.hash,
      document: known.document,
      operation: known.operation,
      request,
      cost: costOf(known, schema, request),
      client: sender.client,
      known,
    };
    for (const gate of gates) gate(admitted, sender);
    return admitted;
  };
}

function costOf(known: Remembered, schema: GraphQLSchema, request: OperationRequest): number {
  if (known.measured) return known.measured.cost;
  const { operation, document } = known;
  const measured = measureOperation(operation, { document, schema, variables: request.variables ?? {} });
  checkLimits(measured);
  // What was within the limits once is so again, unless other variables can make its pages larger.
  if (!measured.dependsOnVariables) known.measured = measured;
  return measured.cost;
}

/** Parses an operation within the limit of tokens; throws GRAPHQL_PARSE_FAILED, OPERATION_RESOLUTION_FAILURE. */
export function readOperation({ query, operationName }: OperationRequest): KnownOperation {
  const document = parseBounded(query);
  const operation = getOperationAST(document, operationName);
  if (!operation) {
    throw codedError(
      'OPERATION_RESOLUTION_FAILURE',
      operationName
        ? `The document has no operation ${operationName}`
        : 'The document does not hold exactly one operation',
    );
  }
  return { text: query, hash: createHash('sha256').update(query).digest('hex'), document, operation };
}

function parseBounded(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: operationLimits.tokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.includes('Parsing aborted')) {
      throw codedError(
        'OPERATION_TOO_COMPLEX',
        `The operation has more than the ${operationLimits.tokens} tokens that are read`,
      );
    }
    throw new GraphQLError(error.message, {
      source: error.source,
      positions: error.positions,
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
  }
}
