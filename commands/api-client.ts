import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Config } from '#kernel/config';

/** A client of the public API, acting with the token of the settings. */
export interface ApiClient {
  /** Runs an operation and answers its data; throws an Error that says what to do when it fails as a whole. */
  run<Data>(query: string, variables?: object): Promise<Data>;
  /** Uploads a file from disk and answers its id, or why it was not taken. */
  upload(path: string): Promise<{ readonly id: string } | { readonly error: ApiError }>;
  /** The bytes of a file at its address in the API; throws an Error when it cannot be had. */
  download(address: string): Promise<Uint8Array>;
}

/** What was wrong with a request, and what to do about it. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly remedy?: string };
  }[];
}

/** The client for the address and token of the settings; throws when there is no token. */
export function apiClient({ client: { url, token } }: Pick<Config, 'client'>): ApiClient {
  if (!token) throw new Error(`Set CROSSFOOT_TOKEN to an API key or token for ${url}.`);
  const authorization = `Bearer ${token}`;
  return {
    async run<Data>(query: string, variables: object = {}) {
      const response = await send(`${url}/graphql`, {
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query, variables }),
      });
      const answer = (await json(response)) as Answer;
      const errors = errorsOf(answer);
      if (errors.length > 0)
        throw new Error(errors.map(({ code, message }) => `${code}: ${message}`).join('; '));
      if (!answer.data) throw new Error(`${url} answered with status ${response.status} and no data`);
      return answer.data as Data;
    },
    async upload(path) {
      const response = await send(`${url}/files?name=${encodeURIComponent(basename(path))}`, {
        headers: { 'content-type': 'application/octet-stream', authorization },
        body: await openAsBlob(path),
      });
      const answer = await json(response);
      if (response.status === 201) return { id: (answer as { id: string }).id };
      const [error] = errorsOf(answer as Answer);
      return {
        error: error ?? { code: 'UNAVAILABLE', message: `The upload was answered with ${response.status}` },
      };
    },
    async download(address) {
      const response = await send(`${url}${address}`, { method: 'GET', headers: { authorization } });
      if (!response.ok) throw new Error(`The download of ${address} was answered with ${response.status}`);
      return response.bytes();
    },
  };
}

function errorsOf({ errors = [] }: Answer): ApiError[] {
  return errors.map(({ message, extensions: { code = 'INTERNAL', remedy } = {} }) => ({
    code,
    message,
    remedy,
  }));
}

async function send(url: string, request: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'POST', ...request });
  } catch (cause) {
    const reason =
      cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Error(
      `${url} cannot be reached (${reason}). Set CROSSFOOT_URL to the address of the gateway.`,
      {
        cause,
      },
    );
  }
  if (response.status === 401)
    throw new Error(`${url} does not take this token. Set CROSSFOOT_TOKEN to a valid one.`);
  return response;
}

async function json(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(
      `${response.url} answered with status ${response.status} and no JSON; is it the gateway?`,
      { cause },
    );
  }
}
