import type { FastifyRequest } from 'fastify';
import type { OperationRequest } from './admission.ts';
import { persistedReference } from './persisted.ts';

/** The operation of a well-formed HTTP request, in the body of a POST or the address of a GET; undefined otherwise. */
export function operationOf(request: FastifyRequest): OperationRequest | undefined {
  const from = (request.method === 'GET' ? request.query : request.body) as Partial<OperationRequest> | null;
  if (typeof from !== 'object' || from === null) return undefined;
  const persisted = persistedReference(from);
  const { operationName } = from;
  // One that names its operation by hash or id may leave the text out.
  const query = persisted ? (from.query ?? '') : from.query;
  if (typeof query !== 'string') return undefined;
  const variables = typeof from.variables === 'string' ? parsed(from.variables) : from.variables;
  return {
    query,
    ...(persisted ? { persisted } : {}),
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
    variables: isRecord(variables) ? variables : {},
  };
}

/** Makes a request say in full what it asks for by hash or id, for those who look at the request itself. */
export function restate(request: FastifyRequest, { query }: OperationRequest): void {
  const plain = (from: object): Record<string, unknown> => {
    const {
      documentId: _document,
      id: _id,
      extensions: _extensions,
      ...rest
    } = from as Record<string, unknown>;
    return { ...rest, query };
  };
  if (request.method !== 'GET') {
    request.body = plain(request.body as object);
    return;
  }
  const address = new URLSearchParams(plain(request.query as object) as Record<string, string>);
  request.raw.url = `${request.url.split('?')[0]}?${address}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
