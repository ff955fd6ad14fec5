import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import {
  buildSchema,
  execute,
  GraphQLError,
  graphql,
  parse,
  subscribe,
  validate,
  type GraphQLSchema,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { pageOf } from './simulated-bank.ts';
import { summaryOf } from './simulated-summary.ts';
import { sampleBooks, type SimulatedBooks } from './simulated-books.ts';
import { people, type PersonName } from './simulated-entities.ts';
import { simulatedSchema } from './simulated-schema.ts';

/** The policy the elements must work under. */
export const strictPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

interface Viewer {
  readonly viewer: PersonName;
}

type Arguments = { input: Record<string, unknown> } & Record<string, unknown>;

const mediaTypes: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A gateway that exists only in tests: same operations, same tokens and sockets, state in memory. */
export class SimulatedGateway {
  books: SimulatedBooks = sampleBooks();
  /** Operation names that fail, and how: a code for a GraphQL error, "drop" for a cut line, "hang" for silence. */
  readonly faults = new Map<string, string>();
  readonly expired = new Set<string>();
  /** Live topics that fail once. */
  readonly failingTopics = new Set<string>();
  /** The content security policy of every answer. */
  policy: string = strictPolicy;
  /** Live topics no session may follow. */
  readonly deniedTopics = new Set<string>();
  readonly requests: { operation: string; token: string }[] = [];
  readonly subscriptions: { topic: string; after: string | undefined }[] = [];
  /** Extra pages by path. */
  readonly pages = new Map<string, string>();
  readonly #folder: string;
  readonly #schema: GraphQLSchema = buildSchema(simulatedSchema);
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #sockets = new WebSocketServer({ server: this.#server, path: '/graphql' });
  #sessions = 0;

  constructor(folder: string) {
    this.#folder = folder;
    useServer(
      {
        schema: this.#schema,
        execute,
        subscribe,
        validate,
        parse,
        context: (ctx) => ({ viewer: this.viewerOf(ctx.connectionParams?.['authorization']) }),
        onConnect: (ctx) => {
          if (this.viewerOf(ctx.connectionParams?.['authorization'])) return true;
          ctx.extra.socket.close(4401, 'Unauthorized');
          return false;
        },
        roots: { query: this.#roots() as never, subscription: this.#topics() as never },
      },
      this.#sockets,
    );
  }

  /** Starts listening and returns the origin. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Stops, cutting every connection. */
  async close(): Promise<void> {
    this.cut(1001);
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Closes every live socket with a code. */
  cut(code: number): void {
    for (const socket of this.#sockets.clients as Set<WebSocket>) socket.close(code, 'cut');
  }

  /** A fresh token for a person. */
  tokenFor(person: PersonName): string {
    this.#sessions += 1;
    return `${person}.${this.#sessions}`;
  }

  /** Whose token an authorization value carries, unless it is expired. */
  viewerOf(authorization: unknown): PersonName | undefined {
    if (typeof authorization !== 'string') return undefined;
    const token = authorization.replace(/^Bearer /, '');
    const name = token.split('.')[0];
    if (this.expired.has(token)) return undefined;
    return name === 'ana' || name === 'ravi' ? name : undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://simulated').pathname;
    const text = request.method === 'POST' ? await bodyOf(request) : '';
    if (path === '/graphql') return this.#operate(request, response, text);
    if (path === '/portal/session') return this.#session(response, text);
    if (path.startsWith('/files/'))
      return send(response, {
        policy: this.policy,
        status: 200,
        type: 'application/xml',
        body: '<Invoice/>',
      });
    return this.#page(path, response);
  }

  #session(response: ServerResponse, text: string): void {
    const { as } = JSON.parse(text) as { as: PersonName };
    const session = {
      token: this.tokenFor(as),
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
      bookId: 'bk_1',
      people: [
        { id: 'ana', name: people.ana.name, role: 'SUBMITTER' },
        { id: 'ravi', name: people.ravi.name, role: 'APPROVER' },
      ],
    };
    send(response, {
      policy: this.policy,
      status: 200,
      type: 'application/json',
      body: JSON.stringify(session),
    });
  }

  async #operate(request: IncomingMessage, response: ServerResponse, text: string): Promise<void> {
    const { query, variables } = JSON.parse(text) as { query: string; variables: Record<string, unknown> };
    const operation = /(?:query|mutation) (\w+)/.exec(query)?.[1] ?? '';
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    this.requests.push({ operation, token });
    const fault = this.faults.get(operation) ?? this.faults.get('*');
    if (fault === 'drop') return void response.destroy();
    if (fault === 'hang') return;
    const viewer = this.viewerOf(token);
    const code = viewer ? fault : 'UNAUTHENTICATED';
    if (code) {
      const errors = [{ message: `Simulated ${code}.`, extensions: { code } }];
      return send(response, {
        policy: this.policy,
        status: 200,
        type: 'application/json',
        body: JSON.stringify({ data: null, errors }),
      });
    }
    const rootValue = this.#roots();
    const result = await graphql({
      schema: this.#schema,
      source: query,
      variableValues: variables,
      rootValue,
      contextValue: { viewer },
    });
    send(response, {
      policy: this.policy,
      status: 200,
      type: 'application/json',
      body: JSON.stringify(result),
    });
  }

  #roots(): Record<string, unknown> {
    const { books } = this;
    const seen = (approval: SimulatedBooks['approvals'][number]): object => ({
      ...approval,
      viewerCanDecide: (_: unknown, { viewer }: Viewer) =>
        approval.status === 'PENDING' && books.blockedFor(approval, viewer) === null,
      viewerBlockedReason: (_: unknown, { viewer }: Viewer) =>
        approval.status === 'PENDING' ? books.blockedFor(approval, viewer) : null,
    });
    const page = (nodes: readonly unknown[], { first = 500, after }: Partial<Arguments> = {}): object =>
      pageOf(nodes, { first: Number(first), after: after as string | null });
    const having = <Kept extends { status: string }>(
      all: readonly Kept[],
      status: unknown,
    ): readonly Kept[] => all.filter((one) => status === undefined || one.status === status);
    return {
      book: () => ({
        id: 'bk_1',
        name: 'Lindqvist Studio',
        legalName: 'Lindqvist Studio GmbH',
        baseCurrency: 'EUR',
      }),
      documents: () => ({ totalCount: books.documents }),
      drafts: () => ({ totalCount: books.documents }),
      journalEntries: () => ({ totalCount: books.entries }),
      approvalRequest: ({ id }: Arguments) =>
        books.approvals.filter((one) => one.id === id).map(seen)[0] ?? null,
      approvalRequests: ({ status }: Arguments) =>
        status === 'AUTO_APPROVED'
          ? { totalCount: books.automatic, edges: [] }
          : page(having(books.approvals, status).map(seen)),
      match: ({ id }: Arguments) => books.matches.find((one) => one.id === id) ?? null,
      matches: ({ status, ...args }: Arguments) => page(having(books.matches, status), args),
      ...books.bank.roots(),
      reconciliationSummary: () => summaryOf(books),
      auditRecords: (_: Arguments, { viewer }: Viewer) => {
        if (viewer === 'ana') throw forbidden();
        return page(books.records.toReversed());
      },
      verifyAudit: () => ({
        valid: books.auditValid,
        records: books.records.length,
        headHash: books.records.at(-1)?.['hash'] ?? null,
        firstBroken: books.auditValid ? null : 2,
        problem: books.auditValid ? null : 'The hash does not follow from the record.',
        verifiedAt: new Date().toISOString(),
      }),
      connections: () => books.connections,
      decideApproval: ({ input }: Arguments, { viewer }: Viewer) => books.decideApproval(input, viewer),
      acceptMatch: ({ input }: Arguments, { viewer }: Viewer) =>
        books.decideMatch('acceptMatch', input, viewer),
      declineMatch: ({ input }: Arguments, { viewer }: Viewer) =>
        books.decideMatch('declineMatch', input, viewer),
      undoMatch: ({ input }: Arguments, { viewer }: Viewer) => books.decideMatch('undoMatch', input, viewer),
      submitDocument: ({ input }: Arguments, { viewer }: Viewer) => books.submitDocument(input, viewer),
      retrySync: ({ input }: Arguments, { viewer }: Viewer) => {
        books.calls.push({ command: 'retrySync', by: viewer, input });
        return { errors: [] };
      },
    };
  }

  #topics(): Record<string, unknown> {
    const topics = [
      'draftChanged',
      'approvalRequestChanged',
      'matchChanged',
      'matchingChanged',
      'exceptionChanged',
      'journalEntryChanged',
      'syncRunChanged',
    ];
    const follow =
      (topic: string) =>
      ({ after }: { after?: string }) => {
        this.subscriptions.push({ topic, after });
        if (this.deniedTopics.has(topic)) throw forbidden();
        if (this.failingTopics.delete(topic)) throw new GraphQLError('Simulated failure of a topic.');
        return this.books.follow(topic, after);
      };
    return Object.fromEntries(topics.map((topic) => [topic, follow(topic)]));
  }

  async #page(path: string, response: ServerResponse): Promise<void> {
    const page = this.pages.get(path);
    if (page !== undefined) {
      return send(response, {
        policy: this.policy,
        status: 200,
        type: mediaTypes[extname(path)] ?? 'text/html',
        body: page,
      });
    }
    const wanted = path.endsWith('/') ? `${path}index.html` : path;
    const file = join(this.#folder, normalize(wanted));
    if (!existsSync(file))
      return send(response, { policy: this.policy, status: 404, type: 'text/plain', body: 'not there' });
    send(response, {
      policy: this.policy,
      status: 200,
      type: mediaTypes[extname(file)] ?? 'application/octet-stream',
      body: await readFile(file),
    });
  }
}

interface Reply {
  readonly policy: string;
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
}

function send(response: ServerResponse, { policy, status, type, body }: Reply): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
  });
  response.end(body);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function forbidden(): GraphQLError {
  return new GraphQLError('The session has no right to this.', { extensions: { code: 'FORBIDDEN' } });
}
