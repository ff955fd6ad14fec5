import type { Client } from 'graphql-ws/client';
import { BackOff } from './back-off.ts';
import { liveTopics, type LiveChange, type LiveTopic } from './live-events.operations.ts';
import type { TokenHolder } from './token.ts';

/** `live` while events arrive, `waiting` between attempts, `polling` when sockets keep failing. */
export type LiveState = 'idle' | 'connecting' | 'live' | 'waiting' | 'polling';

type Listener = (change: LiveChange) => void;
type TopicData = Record<string, { cursor: string; change: string } & Record<string, unknown>>;

interface LiveOptions {
  readonly endpoint: string;
  readonly book: string;
  readonly token: TokenHolder;
}

const expiredCloseCodes = new Set([4401, 4403]);
/** A topic the session may not follow, or the service does not know, stays closed. */
const hopelessCodes = new Set(['FORBIDDEN', 'GRAPHQL_VALIDATION_FAILED']);
const pollAfterAttempts = 3;
const pollEvery = 15_000;
const firstLookAfter = 200;

/**
 * Follows the live topics of one book over one socket. A topic is subscribed once however many elements
 * follow it, and after an interruption it goes on behind the last cursor, so that no change is missed.
 */
export class LiveEvents {
  readonly #options: LiveOptions;
  readonly #listeners = new Map<LiveTopic, Set<Listener>>();
  readonly #stateListeners = new Set<(state: LiveState) => void>();
  readonly #cursors = new Map<LiveTopic, string>();
  readonly #denied = new Set<LiveTopic>();
  readonly #backOff = new BackOff();
  readonly #topicBackOffs = new Map<LiveTopic, BackOff>();
  #socket: Client | undefined;
  #connecting = false;
  #usedToken = '';
  #state: LiveState = 'idle';
  #poll: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    globalThis.addEventListener('online', this.#retryNow);
  }

  /** Where the connection stands. */
  get state(): LiveState {
    return this.#state;
  }

  /** Calls back on every state change until the returned function is called. */
  watchState(listener: (state: LiveState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Calls back on every change of a topic until the returned function is called. */
  follow(topic: LiveTopic, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    const first = listeners.size === 0;
    this.#listeners.set(topic, listeners.add(listener));
    if (first && this.#socket) this.#subscribe(topic, this.#socket);
    else void this.#connect();
    return () => listeners.delete(listener);
  }

  /** Ends the connection for good. */
  close(): void {
    this.#closed = true;
    globalThis.removeEventListener('online', this.#retryNow);
    this.#backOff.cancel();
    for (const backOff of this.#topicBackOffs.values()) backOff.cancel();
    this.#stopPolling();
    void this.#socket?.dispose();
    this.#socket = undefined;
    this.#listeners.clear();
    this.#stateListeners.clear();
  }

  readonly #retryNow = (): void => {
    if (this.#state === 'waiting' || this.#state === 'polling') void this.#connect();
  };

  async #connect(): Promise<void> {
    if (this.#socket || this.#connecting || this.#closed) return;
    this.#connecting = true;
    this.#backOff.cancel();
    if (this.#state === 'idle') this.#enter('connecting');
    try {
      const [{ createClient }, token] = await Promise.all([
        import('graphql-ws/client'),
        this.#options.token.current(),
      ]);
      if (this.#closed) return;
      this.#usedToken = token;
      const url = new URL(this.#options.endpoint);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      const socket = createClient({
        url: url.href,
        connectionParams: { authorization: `Bearer ${token}` },
        retryAttempts: 0,
        keepAlive: 20_000,
        onNonLazyError: () => undefined,
      });
      socket.on('connected', () => this.#connected(socket));
      this.#socket = socket;
      for (const topic of this.#listeners.keys()) this.#subscribe(topic, socket);
    } catch {
      this.#lost(undefined);
    } finally {
      this.#connecting = false;
    }
  }

  #connected(socket: Client): void {
    if (socket !== this.#socket) return;
    this.#backOff.connected();
    this.#stopPolling();
    this.#enter('live');
    // A topic without a cursor starts at "now"; what happened since the element last asked needs a look.
    setTimeout(() => {
      for (const topic of this.#listeners.keys()) if (!this.#cursors.has(topic)) this.#look(topic);
    }, firstLookAfter);
  }

  #subscribe(topic: LiveTopic, socket: Client): void {
    if (this.#denied.has(topic)) return;
    const after = this.#cursors.get(topic);
    const variables = { book: this.#options.book, ...(after === undefined ? {} : { after }) };
    socket.subscribe<TopicData>(
      { query: liveTopics[topic], variables },
      {
        next: ({ data, errors }) => {
          if (data) this.#arrived(topic, data);
          else if (errors) this.#ended(topic, socket, errors);
        },
        error: (cause) => this.#ended(topic, socket, cause),
        complete: () => this.#ended(topic, socket, undefined),
      },
    );
  }

  #arrived(topic: LiveTopic, data: TopicData): void {
    const event = data[topic];
    if (!event) return;
    this.#cursors.set(topic, event.cursor);
    const entity = Object.values(event).find(isEntity);
    const change = entity && { topic, change: event.change, id: entity.id };
    for (const listener of this.#listeners.get(topic) ?? []) listener(change);
  }

  /** An error or an end that came over the socket concerns one topic; the end of the socket concerns all. */
  #ended(topic: LiveTopic, socket: Client, cause: unknown): void {
    if (socket !== this.#socket || this.#closed || this.#denied.has(topic)) return;
    const closeCode = closeCodeOf(cause);
    if (closeCode !== undefined || cause instanceof Error) {
      this.#lost(closeCode);
      return;
    }
    const codes = Array.isArray(cause) ? cause.map(codeOf) : [];
    if (codes.includes('UNAUTHENTICATED')) {
      this.#lost(4401);
      return;
    }
    if (codes.some((code) => hopelessCodes.has(code))) {
      this.#denied.add(topic);
      return;
    }
    // A cursor the service no longer keeps cannot be resumed from; start at "now" and have a look instead.
    if (codes.some((code) => code.includes('CURSOR'))) this.#cursors.delete(topic);
    const backOff = this.#topicBackOffs.get(topic) ?? new BackOff();
    this.#topicBackOffs.set(topic, backOff);
    backOff.wait(backOff.next(), () => {
      if (socket !== this.#socket) return;
      backOff.connected();
      this.#subscribe(topic, socket);
      if (!this.#cursors.has(topic)) this.#look(topic);
    });
  }

  #lost(closeCode: number | undefined): void {
    void this.#socket?.dispose();
    this.#socket = undefined;
    if (this.#closed) return;
    const delay = this.#backOff.next();
    if (this.#backOff.attempts >= pollAfterAttempts) this.#startPolling();
    this.#enter(this.#poll === undefined ? 'waiting' : 'polling');
    const expired = closeCode !== undefined && expiredCloseCodes.has(closeCode);
    const ready = expired ? this.#options.token.after(this.#usedToken) : Promise.resolve('');
    void ready.catch(() => '').then(() => this.#backOff.wait(delay, () => void this.#connect()));
  }

  #startPolling(): void {
    this.#poll ??= setInterval(() => {
      for (const topic of this.#listeners.keys()) this.#look(topic);
    }, pollEvery);
  }

  /** Has the followers of a topic look themselves, because a change may have been missed. */
  #look(topic: LiveTopic): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(undefined);
  }

  #stopPolling(): void {
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  #enter(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }
}

function codeOf(error: { extensions?: { code?: unknown } }): string {
  const code = error.extensions?.code;
  return typeof code === 'string' ? code : '';
}

function closeCodeOf(cause: unknown): number | undefined {
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'number' ? code : undefined;
}

function isEntity(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value;
}
