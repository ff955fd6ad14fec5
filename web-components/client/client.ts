import { Failure, failureOf, failureOfErrors, failureOfStatus, offline, refused } from './failure.ts';
import { LiveEvents } from './live-events.ts';
import { TokenHolder, type TokenProvider } from './token.ts';
import type { UserError } from './values.ts';

type Variables = Readonly<Record<string, unknown>>;

interface Answer<Data extends object> {
  readonly data?: Data | null;
  readonly errors?: readonly { message: string; extensions?: { code?: string } }[];
}

interface ClientOptions {
  readonly endpoint: string;
  readonly book: string;
  readonly provide: TokenProvider;
}

/** One session with the API for one book: queries, mutations, files and live events share its token. */
export class CrossfootClient {
  readonly endpoint: string;
  readonly book: string;
  readonly token: TokenHolder;
  readonly live: LiveEvents;

  constructor({ endpoint, book, provide }: ClientOptions) {
    this.endpoint = new URL(endpoint, document.baseURI).href;
    this.book = book;
    this.token = new TokenHolder(provide);
    this.live = new LiveEvents({ endpoint: this.endpoint, book, token: this.token });
  }

  /** Runs a query or mutation and returns its data; throws a Failure when there is none. */
  async run<Data extends object>(operation: string, variables: Variables = {}): Promise<Data> {
    const used = await this.token.current();
    try {
      return await this.#send<Data>(operation, variables, used);
    } catch (thrown) {
      if (failureOf(thrown).kind !== 'unauthenticated') throw thrown;
      return this.#send<Data>(operation, variables, await this.token.after(used));
    }
  }

  /**
   * Runs a mutation of one `$input` whose one root field answers with `errors`, adding an idempotency key
   * so that a repeated request changes nothing twice; throws a Failure `refused` with the first error.
   */
  async change<Payload>(operation: string, input: object): Promise<Payload> {
    const payload = await this.attempt<Payload>(operation, input);
    const failure = refused(payload.errors);
    if (failure) throw failure;
    return payload;
  }

  /** Runs a mutation like `change`, and answers with the errors too: of many things, some may have gone through. */
  async attempt<Payload>(
    operation: string,
    input: object,
  ): Promise<Payload & { readonly errors: readonly UserError[] }> {
    const data = await this.run<Record<string, Payload & { errors: readonly UserError[] }>>(operation, {
      input: { ...input, idempotencyKey: idempotencyKey() },
    });
    const payload = Object.values(data)[0];
    if (!payload)
      throw new Failure({
        kind: 'server',
        code: 'INTERNAL',
        message: 'The service answered without a result.',
        remedy: 'Try again.',
      });
    return payload;
  }

  /** Fetches a file the API names, with the session's token. */
  async file(url: string): Promise<Blob> {
    const used = await this.token.current();
    let response = await this.#get(url, used);
    if (response.status === 401) response = await this.#get(url, await this.token.after(used));
    if (!response.ok) throw failureOfStatus(response.status);
    return response.blob();
  }

  /** Ends the live connection. */
  close(): void {
    this.live.close();
  }

  async #send<Data extends object>(query: string, variables: Variables, token: string): Promise<Data> {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        authorization: `Bearer ${token}`,
      },
      body: JSON.stringify({ query, variables }),
    }).catch(() => {
      throw offline();
    });
    const answer = (await response.json().catch(() => undefined)) as Answer<Data> | undefined;
    // A nullable root field that failed comes as null beside its error; that is no answer either.
    const answered = Object.values(answer?.data ?? {}).some((value) => value !== null);
    if (answer?.data && (answered || !answer.errors?.length)) return answer.data;
    if (answer?.errors?.length) throw failureOfErrors(answer.errors);
    throw failureOfStatus(response.status);
  }

  #get(url: string, token: string): Promise<Response> {
    return fetch(new URL(url, this.endpoint), { headers: { authorization: `Bearer ${token}` } }).catch(() => {
      throw offline();
    });
  }
}

function idempotencyKey(): string {
  // randomUUID is missing on plain-http hosts other than localhost; random bytes are there everywhere.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
