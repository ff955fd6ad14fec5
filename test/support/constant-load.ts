import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Company } from './company.ts';

interface LoadOptions {
  readonly url: string;
  readonly token: string;
  readonly company: Pick<Company, 'bookId'>;
}

const pauseMilliseconds = 50;
const pause = () => new Promise((resolve) => setTimeout(resolve, pauseMilliseconds));

const entryChanged = `subscription ($after: Cursor, $bookId: ID) {
  journalEntryChanged(after: $after, bookId: $bookId) { cursor journalEntry { id } } }`;
const postEntry = `mutation ($input: PostJournalEntryInput!) {
  postJournalEntry(input: $input) { journalEntry { id } errors { code message } } }`;
const listEntries = `query ($bookId: ID!) {
  journalEntries(bookId: $bookId, first: 3) { edges { node { id number lines { account { code } } } } } }`;

/** A subscriber that comes back with its last cursor whenever its socket closes, as a client should. */
export interface Follower {
  /** The entries it was told of, in the order in which it was. */
  readonly entries: readonly string[];
  /** With which codes its sockets were closed. */
  readonly closed: readonly number[];
  /** Errors that a client could not have gone on after. */
  readonly errors: readonly unknown[];
  stop(): Promise<void>;
}

/** Follows the entries of a book from a place on. */
export function follow({ url, token, company }: LoadOptions, from: string): Follower {
  const entries: string[] = [];
  const closed: number[] = [];
  const errors: unknown[] = [];
  let after = from;
  let stopped = false;
  let leave: () => void = () => undefined;
  const once = async (): Promise<void> => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    await new Promise<void>((resolve) => {
      leave = resolve;
      client.subscribe<{ journalEntryChanged: { cursor: string; journalEntry: { id: string } } }>(
        { query: entryChanged, variables: { after, bookId: company.bookId } },
        {
          next({ data, errors: failed }) {
            if (failed || !data) errors.push(failed);
            else {
              entries.push(data.journalEntryChanged.journalEntry.id);
              after = data.journalEntryChanged.cursor;
            }
          },
          error(error) {
            // A closed socket is an event; anything else is a message of the gateway.
            if (error instanceof Error || Array.isArray(error)) errors.push(error);
            else closed.push((error as { code: number }).code);
            resolve();
          },
          complete: resolve,
        },
      );
    });
    await client.dispose();
  };
  const following = (async () => {
    while (!stopped) {
      await once();
      if (!stopped) await pause();
    }
  })();
  return {
    entries,
    closed,
    errors,
    async stop() {
      stopped = true;
      leave();
      await following;
    },
  };
}

/** Clients that read and write without pause and repeat what failed, with the same idempotency key. */
export interface ConstantLoad {
  /** The entry behind each idempotency key. */
  readonly posted: ReadonlyMap<string, string>;
  /** How many reads were answered. */
  readonly reads: () => number;
  /** Attempts that had to be repeated. */
  readonly repeated: readonly string[];
  /** What no repetition could help with. */
  readonly failures: readonly unknown[];
  stop(): Promise<void>;
}

/** Puts load on an address until it is stopped. */
export function load(options: LoadOptions, name: string): ConstantLoad {
  const posted = new Map<string, string>();
  const repeated: string[] = [];
  const failures: unknown[] = [];
  let reads = 0;
  let stopped = false;
  const ask = async <Data>(query: string, variables: object): Promise<Data> => {
    for (;;) {
      const answer = await attempt(options, { query, variables });
      if ('data' in answer) return answer.data as Data;
      repeated.push(answer.again);
      await pause();
    }
  };
  const repeat = async (work: (turn: number) => Promise<void>): Promise<void> => {
    for (let turn = 0; !stopped; turn += 1) {
      await work(turn).catch((error: unknown) => failures.push(error));
      await pause();
    }
  };
  const read = async (): Promise<void> => {
    const data = await ask<{ journalEntries: { edges: unknown[] } }>(listEntries, options.company);
    if (data.journalEntries.edges.length === 0) throw new Error('A page of entries was empty');
    reads += 1;
  };
  const write = async (writer: number, turn: number): Promise<void> => {
    const idempotencyKey = `${name}-${writer}-${turn}`;
    const { postJournalEntry: payload } = await ask<{
      postJournalEntry: { journalEntry: { id: string } | null; errors: unknown[] };
    }>(postEntry, { input: { ...stamps(options.company.bookId), idempotencyKey } });
    if (!payload.journalEntry) throw new Error(JSON.stringify(payload.errors));
    posted.set(idempotencyKey, payload.journalEntry.id);
  };
  const clients = [
    ...[1, 2, 3].map(() => repeat(read)),
    ...[1, 2].map((writer) => repeat((turn) => write(writer, turn))),
  ];
  return {
    posted,
    reads: () => reads,
    repeated,
    failures,
    async stop() {
      stopped = true;
      await Promise.all(clients);
    },
  };
}

/** An entry anybody may post. */
export function stamps(bookId: string): object {
  return {
    bookId,
    postedOn: '2026-10-07',
    description: 'Stamps',
    lines: [
      { accountCode: '6850', side: 'DEBIT', amount: '10.00', currency: 'EUR' },
      { accountCode: '1000', side: 'CREDIT', amount: '10.00', currency: 'EUR' },
    ],
  };
}

/** One try: its data, or why a client would try again. Throws what trying again does not change. */
async function attempt(
  { url, token }: LoadOptions,
  body: object,
): Promise<{ readonly data: unknown } | { readonly again: string }> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    text = await response.text();
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return { again: cause?.code ?? String(error) };
  }
  if (response.status === 503) return { again: 'status 503' };
  const { data, errors } = JSON.parse(text) as {
    data?: unknown;
    errors?: { extensions?: { code?: string } }[];
  };
  if (errors?.some((error) => error.extensions?.code === 'UNAVAILABLE')) return { again: 'UNAVAILABLE' };
  if (errors || !data) throw new Error(`status ${response.status}: ${text}`);
  return { data };
}
