import type { FastifyRequest } from 'fastify';
import type { OperationRequest } from './admission.ts';

/** The operation of a well-formed HTTP request, in the body of a POST or the address of a GET; undefined otherwise. */
export function operationOf(request: FastifyRequest): OperationRequest | undefined {
  const from = (request.method === 'GET' ? request.query : request.body) as Partial<OperationRequest> | null;
  if (typeof from !== 'object' || from === null || typeof from.query !== 'string') return undefined;
  const { query, operationName } = from;
  const variables = typeof from.variables === 'string' ? parsed(from.variables) : from.variables;
  return {
    query,
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : undefined,
    variables: isRecord(variables) ? variables : {},
  };
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
