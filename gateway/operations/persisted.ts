import { createHash } from 'node:crypto';
import { codedError } from '../error-format.ts';
import type { OperationRequest, PersistedReference } from './admission.ts';
import { plainId, type RegisteredOperations } from './registered-operations.ts';
import { rememberingMap } from './remembering-map.ts';

/** Puts the text into requests that name it by its hash or id; others stay as they are. */
export type ResolveText = (request: OperationRequest) => OperationRequest;

const keptTexts = 1_000;
/** Longer texts are answered as any other, but their senders have to send them each time. */
const keptCharacters = 16_384;

/**
 * The reference of a request's body, address or payload; undefined where there is none. `extensions` may still be JSON
 * text, as in addresses.
 */
export function persistedReference(from: object): PersistedReference | undefined {
  const { documentId, id, extensions } = from as Readonly<Record<string, unknown>>;
  const registered = documentId ?? id;
  if (typeof registered === 'string' && registered !== '') {
    return { id: plainId(registered), kind: 'registered' };
  }
  const { persistedQuery } = (typeof extensions === 'string' ? objectIn(extensions) : (extensions ?? {})) as {
    persistedQuery?: { readonly version?: unknown; readonly sha256Hash?: unknown } | null;
  };
  if (typeof persistedQuery?.sha256Hash !== 'string') return undefined;
  const { version, sha256Hash } = persistedQuery;
  return { id: sha256Hash.toLowerCase(), kind: 'automatic', version };
}

function objectIn(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/**
 * Makes the resolver, with a memory for automatic ones. A text gets into it with its true hash only, so no caller can
 * put words into another's mouth. Throws PERSISTED_QUERY_NOT_FOUND, upon which clients send the text, and BAD_REQUEST.
 */
export function createPersistedOperations(registered: RegisteredOperations): ResolveText {
  const learnt = rememberingMap<string, string>(keptTexts);
  return (request) => {
    const { persisted, ...plain } = request;
    if (!persisted) return request;
    const { id, kind, version } = persisted;
    if (kind === 'automatic' && version !== 1) {
      throw codedError('BAD_REQUEST', 'Unsupported persisted query version');
    }
    if (plain.query === '') {
      const text = registered.textOf(id) ?? (kind === 'automatic' ? learnt.get(id) : undefined);
      if (text === undefined) throw notFound(kind);
      return { ...plain, query: text };
    }
    if (kind === 'registered') {
      throw codedError('BAD_REQUEST', 'Send the id of an operation or its text, not both');
    }
    if (createHash('sha256').update(plain.query).digest('hex') !== id) {
      throw codedError('BAD_REQUEST', 'provided sha does not match query');
    }
    if (plain.query.length <= keptCharacters) learnt.keep(id, plain.query);
    return plain;
  };
}

/** The word by which clients know that they should send the text. */
function notFound(kind: PersistedReference['kind']): Error {
  const message =
    kind === 'automatic' ? 'PersistedQueryNotFound' : 'There is no registered operation of this id';
  return codedError('PERSISTED_QUERY_NOT_FOUND', message);
}
