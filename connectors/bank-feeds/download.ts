import { Agent, request, type Dispatcher } from 'undici';
import { CrossfootError } from '#kernel/errors';
import type { Download, DownloadMark, DownloadTarget } from '#connectors/feed-ports';
import type { AddressGuard } from './address-guard.ts';
import { isPlainName } from './feed-names.ts';

const answerMs = 30_000;
const wholeMs = 120_000;

/**
 * Fetches a file of an address if it is another than the one known. Only https, and http to hosts the operator allows;
 * redirects are not followed, because they could lead anywhere with the credentials.
 */
export async function downloadFile(
  target: DownloadTarget,
  guard: AddressGuard,
): Promise<Download | undefined> {
  const url = addressOf(target.url, guard);
  const agent = new Agent({ connect: { lookup: guard.lookup, timeout: answerMs }, connections: 1 });
  try {
    const answer = await request(url, {
      dispatcher: agent,
      headers: headersOf(target),
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
      signal: AbortSignal.timeout(wholeMs),
    });
    if (answer.statusCode === 200) return downloadOf(url, answer, agent);
    await answer.body.dump();
    await agent.close();
    if (answer.statusCode === 304) return undefined;
    throw refusal(url, answer.statusCode);
  } catch (error) {
    await agent.destroy();
    throw asFeedError(error, url);
  }
}

/** The address, if it may be asked; throws FEED_ADDRESS_REFUSED. */
function addressOf(text: string, guard: AddressGuard): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !['https:', 'http:'].includes(url.protocol) || url.username !== '' || url.password !== '') {
    throw new CrossfootError(
      'FEED_ADDRESS_REFUSED',
      'The address is no https:// address without a password in it',
    );
  }
  if (url.protocol === 'http:' && !guard.allows(url.hostname)) {
    throw new CrossfootError('FEED_ADDRESS_REFUSED', `${url.host} is asked with https only`);
  }
  guard.check(url.hostname);
  return url;
}

function headersOf({ headers, known }: DownloadTarget): Record<string, string> {
  return {
    'user-agent': 'crossfoot',
    accept: '*/*',
    ...Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value])),
    ...(known?.etag === undefined ? {} : { 'if-none-match': known.etag }),
    ...(known?.lastModified === undefined ? {} : { 'if-modified-since': known.lastModified }),
  };
}

function downloadOf(url: URL, { headers, body }: Dispatcher.ResponseData, agent: Agent): Download {
  const one = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' ? value : value?.[0];
  };
  const mark: DownloadMark = { etag: one('etag'), lastModified: one('last-modified') };
  return { name: nameOf(url, one('content-disposition')), mark, content: contentOf(body, url, agent) };
}

async function* contentOf(
  body: AsyncIterable<Uint8Array>,
  url: URL,
  agent: Agent,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw asFeedError(error, url);
  } finally {
    await agent.destroy();
  }
}

function nameOf(url: URL, disposition: string | undefined): string {
  const told = /filename="?([^";]+)"?/i.exec(disposition ?? '')?.[1]?.trim();
  const last = url.pathname.split('/').at(-1);
  return [told, last].find((name) => name !== undefined && isPlainName(name)) ?? 'download';
}

function refusal(url: URL, status: number): CrossfootError {
  if (status === 401 || status === 403) {
    return new CrossfootError(
      'FEED_ACCESS_REFUSED',
      `${url.host} answered ${status}: it does not take the credentials`,
    );
  }
  const redirected = status >= 300 && status < 400 ? ' and redirects, which is not followed' : '';
  return new CrossfootError('FEED_UNREACHABLE', `${url.host} answered ${status}${redirected}`);
}

function asFeedError(error: unknown, url: URL): CrossfootError {
  if (error instanceof CrossfootError) return error;
  const { code, cause, name } = (error ?? {}) as { code?: string; cause?: unknown; name?: string };
  if (cause instanceof CrossfootError) return cause;
  return new CrossfootError(
    'FEED_UNREACHABLE',
    `${url.host} cannot be reached: ${code ?? name ?? 'unknown reason'}`,
    {
      cause: error,
    },
  );
}
