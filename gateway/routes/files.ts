import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { holds, mayRun, type Actor, type Scope } from '#kernel/actor';
import { CrossfootError } from '#kernel/errors';
import type { FileStore, StoredFile } from '#kernel/files';
import type { Authenticator } from '../auth/authenticate.ts';
import { actorOf, authenticated } from './request-guard.ts';

interface FileRouteOptions {
  readonly files: FileStore;
  readonly authenticator: Authenticator;
  readonly limitBytes: number;
}

const writeScopes: readonly Scope[] = ['transactions:write', 'reconciliation:write'];
/** What files are uploaded for; a token for components needs one of them. */
const takers = ['submitDocument', 'importBankStatement'];
const longestName = 255;

/** Upload and download of documents and statements; the content is opaque here and belongs to one organisation. */
export async function serveFiles(server: FastifyInstance, options: FileRouteOptions): Promise<void> {
  const authenticate = authenticated(options.authenticator);
  await server.register(async (scope) => {
    // Whatever the type says, the body is passed on as the bytes it is.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.post('/files', { preHandler: authenticate }, (request, reply) => upload(request, reply, options));
    scope.get('/files/:id', { preHandler: authenticate }, (request, reply) =>
      download(request, reply, options.files),
    );
  });
}

async function upload(
  request: FastifyRequest,
  reply: FastifyReply,
  options: FileRouteOptions,
): Promise<FastifyReply> {
  try {
    const actor = actorOf(request);
    if (!writeScopes.some((scope) => holds(actor, scope))) {
      throw new CrossfootError('FORBIDDEN', `Uploading needs one of the scopes ${writeScopes.join(', ')}`);
    }
    if (!takers.some((command) => mayRun(actor, command))) {
      throw new CrossfootError('FORBIDDEN', "Uploading is no feature of this token's components");
    }
    const stored = await storeBody(request, actor.organisationId, options);
    return reply.code(201).header('location', `/files/${stored.id}`).send(stored);
  } catch (error) {
    await finish(request.raw, options.limitBytes);
    throw error;
  }
}

/** Stores the body of a request under the name in its address; throws FILE_TOO_LARGE and what is wrong with the name. */
export function storeBody(
  request: FastifyRequest,
  organisationId: string,
  { files, limitBytes }: Pick<FileRouteOptions, 'files' | 'limitBytes'>,
): Promise<StoredFile> {
  const name = nameOf(request.query);
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge(limitBytes);
  const mediaType = mediaTypeOf(request.headers['content-type']);
  return files.put(organisationId, contentOf(request.body), { name, mediaType });
}

async function download(
  request: FastifyRequest,
  reply: FastifyReply,
  files: FileStore,
): Promise<FastifyReply> {
  const actor = actorOf(request);
  if (!mayRead(actor))
    throw new CrossfootError('FORBIDDEN', 'Reading files needs a scope that ends in :read');
  const { id } = request.params as { id: string };
  const { name, mediaType } = await files.describe(actor.organisationId, id);
  const content = await files.read(actor.organisationId, id);
  return reply
    .headers({
      'content-disposition': `attachment; filename="${plainName(name)}"; filename*=UTF-8''${encodedName(name)}`,
      'cache-control': 'private, no-store',
      'content-security-policy': "sandbox; default-src 'none'",
    })
    .type(mediaType)
    .send(content);
}

function mayRead(actor: Actor): boolean {
  return actor.scopes.some((scope) => scope.endsWith(':read'));
}

/** The name of a file as an address tells it; throws FIELD_MISSING and FIELD_INVALID. */
export function nameOf(query: unknown): string {
  const name = (query as { name?: unknown }).name;
  if (typeof name !== 'string' || name === '') {
    throw new CrossfootError('FIELD_MISSING', 'The file has no name: add ?name=', { path: ['name'] });
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  if (name.length > longestName || /[\u0000-\u001f\u007f]/.test(name)) {
    const rule = `at most ${longestName} characters and no control characters`;
    throw new CrossfootError('FIELD_INVALID', `A file name has ${rule}`, { path: ['name'] });
  }
  return name;
}

/** Only kept to be given back; reading a file goes by its content. */
function mediaTypeOf(header: string | undefined): string {
  return header && /^[\w.+-]{1,60}\/[\w.+-]{1,60}( *;[ -~]{0,60})?$/.test(header)
    ? header
    : 'application/octet-stream';
}

/** The bytes of the body; a request broken off by us keeps its socket, so that the answer still arrives. */
async function* contentOf(body: unknown): AsyncGenerator<Uint8Array> {
  let empty = true;
  if (isStream(body)) {
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      empty = false;
      yield chunk as Uint8Array;
    }
  }
  if (empty) throw new CrossfootError('FIELD_MISSING', 'The request has no body: send the bytes of the file');
}

function isStream(body: unknown): body is Readable {
  return typeof body === 'object' && body !== null && 'iterator' in body;
}

/**
 * Reads and drops what the client is still sending, because many clients look at no answer before they have sent all.
 * Whoever sends far more than is allowed is cut off.
 */
export async function finish(raw: IncomingMessage, limitBytes: number): Promise<void> {
  let dropped = 0;
  try {
    for await (const chunk of raw) {
      dropped += (chunk as Uint8Array).byteLength;
      if (dropped > 4 * limitBytes) return;
    }
  } catch {
    // The client has gone; there is nobody left to answer.
  }
}

function tooLarge(limitBytes: number): CrossfootError {
  return new CrossfootError('FILE_TOO_LARGE', `The file is larger than ${limitBytes} bytes`);
}

function plainName(name: string): string {
  return name.replaceAll(/[^ -~]|["\\]/g, '_');
}

function encodedName(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
