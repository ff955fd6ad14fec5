import { createHash } from 'node:crypto';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { CrossfootError } from '#kernel/errors';

/** The folders served as they are; either may be left out. */
export interface StaticFolders {
  /** The demo portal, at `/`. */
  readonly portal?: string;
  /** The built web components, at `/components/`; `/components/crossfoot.js` is what host pages load. */
  readonly components?: string;
}

/** What only a demo installation has: the back end of its pretend portal, and a token to try things with. */
export interface Demo {
  /** The session of one of the demo's people, as POST /portal/session answers it; undefined for somebody unknown. */
  openSession(as: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Filled into the headers of the GraphiQL page; looked at anew for each page. */
  readonly token?: string | undefined;
}

const portalPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

/** Serves the portal, the components, the portal's demo back end and the GraphiQL page. */
export async function servePages(
  server: FastifyInstance,
  options: { readonly folders: StaticFolders; readonly demo?: Demo | undefined },
): Promise<void> {
  const { folders, demo } = options;
  if (folders.components) {
    await server.register(fastifyStatic, {
      root: folders.components,
      prefix: '/components/',
      decorateReply: false,
      index: false,
      // Host portals of other origins load these files as modules.
      setHeaders: (reply) => {
        reply.header('access-control-allow-origin', '*');
        reply.header('cross-origin-resource-policy', 'cross-origin');
      },
    });
  }
  if (folders.portal) {
    await server.register(fastifyStatic, {
      root: folders.portal,
      prefix: '/',
      decorateReply: false,
      setHeaders: (reply) => {
        reply.header('content-security-policy', portalPolicy);
      },
    });
  }
  if (demo) serveDemo(server, demo);
  serveGraphiql(server, demo);
}

function serveDemo(server: FastifyInstance, demo: Demo): void {
  server.post('/portal/session', { bodyLimit: 1_024 }, async (request, reply) => {
    refuseStrangers(request);
    const { as } = (request.body ?? {}) as { as?: unknown };
    const session = typeof as === 'string' ? await demo.openSession(as) : undefined;
    if (!session) throw new CrossfootError('NOT_FOUND', 'The demo knows nobody of this name');
    return reply.header('cache-control', 'no-store').send(session);
  });
}

/** The demo signs anybody in, so it answers this machine only, whatever address it listens on. */
function refuseStrangers(request: FastifyRequest): void {
  if (!isOfThisMachine(request)) throw new CrossfootError('FORBIDDEN', 'The demo answers this machine only');
}

/** Whether a request comes from this machine, over the loopback interface. */
export /** By address and by name: a page of another site can have its own name lead to this machine. */
function isOfThisMachine(request: FastifyRequest): boolean {
  const address = request.socket.remoteAddress ?? '';
  const near = address === '::1' || /^(::ffff:)?127\./.test(address);
  return near && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(request.headers.host ?? '');
}

interface Page {
  readonly html: string;
  readonly policy: string;
}

/** The page weighs nine megabytes, so it is read when somebody first asks for it. */
function serveGraphiql(server: FastifyInstance, demo: Demo | undefined): void {
  let kept: { readonly token: string | undefined; readonly page: Promise<Page> } | undefined;
  server.get('/graphiql', async (request, reply) => {
    const token = isOfThisMachine(request) ? demo?.token : undefined;
    if (!kept || kept.token !== token) kept = { token, page: graphiqlPage(token) };
    const { html, policy } = await kept.page;
    return reply
      .header('content-security-policy', policy)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(html);
  });
}

/** What the editor shows at the first visit. */
const firstQuery = `# The books of your organisation. Press the button, or Ctrl-Enter.
{
  viewer { name scopes }
  books {
    id
    name
    trialBalance {
      balanced
      rows { account { code name } balance { amount currency } }
    }
  }
}

# Live: run this in a second tab and hand in a document meanwhile.
# subscription { journalEntryChanged { cursor change journalEntry { number vendor { name } } } }
`;

const paramsMark = 'the connection parameters go here';

/**
 * The editor sends what stands in its headers with each request, but not over the socket. The page therefore remembers
 * the last Authorization header it sent and gives it to the socket too.
 */
async function graphiqlPage(token: string | undefined): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const headers = JSON.stringify({ authorization: `Bearer ${token ?? '<your token or API key>'}` }, null, 2);
  const rendered = renderGraphiQL({
    title: 'Crossfoot',
    endpoint: '/graphql',
    subscriptionsEndpoint: '/graphql',
    subscriptionsProtocol: 'WS',
    headers,
    defaultQuery: firstQuery,
    connectionParams: paramsMark,
  } as Parameters<typeof renderGraphiQL>[0]);
  const remember = `
    let crossfootAuthorization = ${JSON.stringify(`Bearer ${token ?? ''}`)};
    const plainFetch = globalThis.fetch;
    globalThis.fetch = (input, init) => {
      crossfootAuthorization = new Headers(init?.headers).get('authorization') ?? crossfootAuthorization;
      return plainFetch(input, init);
    };
  `;
  const html = rendered
    .trim()
    .replace('<script>', () => `<script>${remember}</script>\n<script>`)
    .replace(JSON.stringify(paramsMark), () => '() => ({ authorization: crossfootAuthorization })');
  return { html, policy: graphiqlPolicy(html) };
}

/** Looser than the portal's: styles of the editor are made by script and its workers are blobs. Scripts are by hash. */
function graphiqlPolicy(html: string): string {
  const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src ${hashes.join(' ')}`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'font-src data:',
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
