import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { holds, mayRun, type Actor } from '#kernel/actor';
import { sha256Hex } from '#kernel/canonical';
import type { Config } from '#kernel/config';
import { CrossfootError, remedies, type ErrorCode, type UserError } from '#kernel/errors';
import type { FileStore } from '#kernel/files';
import type { Authenticator } from '../auth/authenticate.ts';
import { clientAddress } from '../auth/client-address.ts';
import { createFailedAttempts } from '../auth/failed-attempts.ts';
import type { SubgraphSource } from '../sources/subgraph-source.ts';
import { finish, nameOf, storeBody } from './files.ts';

/** What the route for files of banks stands on. */
export interface FeedRouteOptions {
  readonly files: FileStore;
  readonly authenticator: Authenticator;
  readonly limitBytes: number;
  readonly trustedProxies?: Config['trustedProxies'] | undefined;
  /** Knows the feeds and takes their files. */
  readonly reconciliation: SubgraphSource;
}

type Sender = (request: FastifyRequest, bankFeedId: string) => Promise<Actor>;

/** What a feed shows to those who send to it: its organisation, itself, and a secret. */
const feedSecret = /^Bearer +cff_([a-z]+_[0-9a-z]+)\.(bf_[0-9a-z]+)\.[\w-]{43}$/i;

/** `POST /feeds/ID?name=NAME`: a bank, or a program between, sends a file to a feed. */
export async function serveFeeds(server: FastifyInstance, options: FeedRouteOptions): Promise<void> {
  const senderOf = senders(options);
  await server.register(async (scope) => {
    // Whatever the type says, the body is passed on as the bytes it is.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.post('/feeds/:id', async (request, reply) => {
      try {
        const { id } = request.params as { id: string };
        const actor = await senderOf(request, id);
        return await take(request, reply, { ...options, actor, bankFeedId: id });
      } catch (error) {
        await finish(request.raw, options.limitBytes);
        throw error;
      }
    });
  });
}

/** Tells who sends: whoever shows the feed's secret, or an API key or token with the right to write. */
function senders({ authenticator, reconciliation, trustedProxies = [] }: FeedRouteOptions): Sender {
  const addressOf = clientAddress(trustedProxies);
  const attempts = createFailedAttempts();
  return async (request, bankFeedId) => {
    const { authorization } = request.headers;
    const [shown, organisationId, ownId] = feedSecret.exec(authorization ?? '') ?? [];
    if (shown === undefined || organisationId === undefined) {
      const actor = await authenticator.authenticate(authorization, request.raw);
      if (!holds(actor, 'reconciliation:write') || !mayRun(actor, 'pushBankFeedFile')) {
        throw new CrossfootError('FORBIDDEN', 'Sending to a feed needs the scope reconciliation:write');
      }
      return { ...actor, traceId: request.traceId };
    }
    const address = addressOf(request.raw);
    attempts.check(address);
    const secretHash = sha256Hex(shown.replace(/^Bearer +/i, ''));
    const asking = actorOf(request, { kind: 'system', id: 'gateway', name: 'gateway', organisationId });
    const known = ownId === bankFeedId && (await takes(reconciliation, asking, { bankFeedId, secretHash }));
    if (!known) {
      attempts.failed(address);
      throw new CrossfootError('UNAUTHENTICATED', 'The feed does not know this secret');
    }
    return actorOf(request, { kind: 'key', id: bankFeedId, name: 'bank feed', organisationId });
  };
}

/** The right of a sender ends at this one feed: no other operation is run for it. */
function actorOf(
  { traceId }: FastifyRequest,
  who: Pick<Actor, 'kind' | 'id' | 'name' | 'organisationId'>,
): Actor {
  const scopes =
    who.kind === 'system' ? (['platform:internal'] as const) : (['reconciliation:write'] as const);
  return { ...who, scopes, source: 'api', traceId };
}

async function takes(
  reconciliation: SubgraphSource,
  actor: Actor,
  variables: { readonly bankFeedId: string; readonly secretHash: string },
): Promise<boolean> {
  const query = `query ($bankFeedId: ID!, $secretHash: String!) {
    bankFeedTakes(bankFeedId: $bankFeedId, secretHash: $secretHash) }`;
  const { data, errors } = await reconciliation.execute({ query, variables, actor });
  if (errors || !data) {
    throw new CrossfootError('UNAVAILABLE', 'The secret cannot be checked at the moment', {
      cause: errors?.[0],
    });
  }
  return data['bankFeedTakes'] === true;
}

const push = `mutation ($input: PushBankFeedFileInput!) { pushBankFeedFile(input: $input) {
  bankFeedFile { id state content imported alreadyKnown }
  statements { id }
  errors { code message remedy path } } }`;

interface Pushed {
  readonly bankFeedFile: { readonly id: string; readonly state: string } | null;
  readonly statements: readonly { readonly id: string }[] | null;
  readonly errors: readonly UserError[];
}

async function take(
  request: FastifyRequest,
  reply: FastifyReply,
  sent: FeedRouteOptions & { readonly actor: Actor; readonly bankFeedId: string },
): Promise<FastifyReply> {
  const { actor, bankFeedId, reconciliation } = sent;
  const { id: fileId } = await storeBody(request, actor.organisationId, sent);
  const input = { bankFeedId, fileId, name: nameOf(request.query) };
  // Whoever may send a file is told what became of it.
  const scopes = [...new Set([...actor.scopes, 'reconciliation:read' as const])];
  const { data, errors } = await reconciliation.execute({
    query: push,
    variables: { input },
    actor: { ...actor, scopes },
  });
  const pushed = data?.['pushBankFeedFile'] as Pushed | null | undefined;
  if (errors || !pushed) {
    throw new CrossfootError('UNAVAILABLE', 'The file cannot be taken at the moment', { cause: errors?.[0] });
  }
  if (!pushed.bankFeedFile) throw asError(pushed.errors[0]);
  const { id: bankFeedFileId, ...file } = pushed.bankFeedFile;
  return reply.code(file.state === 'REFUSED' ? 422 : 200).send({
    bankFeedFileId,
    ...file,
    statementIds: (pushed.statements ?? []).map(({ id }) => id),
    problems: pushed.errors,
  });
}

function asError(error: UserError | undefined): CrossfootError {
  const code = error?.code ?? 'INTERNAL';
  return new CrossfootError(
    code in remedies ? (code as ErrorCode) : 'INTERNAL',
    error?.message ?? 'No answer',
  );
}
