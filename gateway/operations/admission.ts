import {
  getOperationAST,
  GraphQLError,
  parse,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { codedError } from '../error-format.ts';
import { checkOperation, operationLimits } from './limits.ts';

const rememberedDocuments = 1_000;

/** An operation as clients send it, by whatever transport. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** An operation within the limits, parsed. */
export interface AdmittedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/**
 * The check every operation passes before anything else looks at it, the same for all transports. Throws coded GraphQL
 * errors: GRAPHQL_PARSE_FAILED, OPERATION_RESOLUTION_FAILURE, OPERATION_TOO_COMPLEX.
 */
export function createAdmission(schema: GraphQLSchema): (request: OperationRequest) => AdmittedOperation {
  const documents = new Map<string, DocumentNode>();
  const documentOf = (query: string): DocumentNode => {
    const known = documents.get(query);
    if (known) return known;
    const document = parseBounded(query);
    if (documents.size >= rememberedDocuments) documents.delete(documents.keys().next().value ?? '');
    documents.set(query, document);
    return document;
  };
  return ({ query, operationName, variables }) => {
    const document = documentOf(query);
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      throw codedError(
        'OPERATION_RESOLUTION_FAILURE',
        operationName
          ? `The document has no operation ${operationName}`
          : 'The document does not hold exactly one operation',
      );
    }
    checkOperation(operation, { document, schema, variables: variables ?? {} });
    return { document, operation };
  };
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
