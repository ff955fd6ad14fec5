import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientFrame, frameReader, pong } from './frame-reader.ts';

/** What a client process is told to do. */
export interface ClientOrder {
  readonly kind: 'connect';
  readonly port: number;
  readonly count: number;
  /** Bearer tokens, used in turn; none for a server that asks for nothing. */
  readonly tokens: readonly string[];
  /** The subscription; its `after` is filled in when a client comes back. */
  readonly query: string;
  readonly after: string | undefined;
  /** Every so many clients one tells when its messages arrived. */
  readonly sampleEvery: number;
  /** Whether every client writes down every cursor and comes back when it is cut off. */
  readonly complete: boolean;
}

/** What it tells, ten times a second and when it is asked. */
export interface ClientReport {
  readonly connected: number;
  readonly messages: number;
  readonly bytes: number;
  /** Arrivals since the last report: what the message says of its time, and when it came, in milliseconds. */
  readonly arrivals: readonly (readonly [mark: string, at: number])[];
}

/** Asks what the clients have seen of what they should have, in its order. */
export interface JudgeOrder {
  readonly kind: 'judge';
  readonly wanted: readonly string[];
}

/** Over all clients that write everything down. */
export interface Verdict {
  readonly lost: number;
  readonly doubled: number;
  /** Clients that saw anything but what was wanted, or that in another order. */
  readonly wrong: number;
}

const clients: LoadClient[] = [];
let messages = 0;
let bytes = 0;
let connected = 0;
let arrivals: [string, number][] = [];

const now = (): number => performance.timeOrigin + performance.now();

/** What identifies an event in a message: the cursor, or the mark of the bare server. */
function markOf(payload: Buffer): string {
  const text = payload.toString('latin1');
  const from = text.indexOf('"cursor":"');
  return from < 0 ? '' : text.slice(from + 10, text.indexOf('"', from + 10));
}

class LoadClient {
  readonly seen: string[] = [];
  readonly #order: ClientOrder;
  readonly #token: string | undefined;
  readonly #sampled: boolean;
  #socket: Socket | undefined;

  constructor(order: ClientOrder, index: number) {
    this.#order = order;
    this.#token = order.tokens[index % Math.max(order.tokens.length, 1)];
    this.#sampled = index % order.sampleEvery === 0;
    this.open();
  }

  open(): void {
    const { port, complete } = this.#order;
    const socket = connect(port, '127.0.0.1');
    this.#socket = socket;
    let ready = false;
    let acknowledged = this.#token === undefined;
    const reader = frameReader({
      wantsText: () => complete || this.#sampled || !acknowledged,
      message: (payload) => {
        if (!acknowledged) {
          acknowledged = true;
          this.#subscribe();
          return;
        }
        messages += 1;
        if (!payload) return;
        const mark = markOf(payload);
        if (complete) this.seen.push(interned(mark));
        if (this.#sampled) arrivals.push([mark, now()]);
      },
      ping: () => socket.write(pong),
      closed: () => socket.destroy(),
    });
    let head = '';
    socket.on('data', (chunk: Buffer) => {
      if (ready) {
        bytes += chunk.length;
        reader.take(chunk);
        return;
      }
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      ready = true;
      const rest = Buffer.from(head.slice(end + 4), 'latin1');
      if (this.#token === undefined) connected += 1;
      else this.#introduce();
      if (rest.length > 0) reader.take(rest);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (ready && acknowledged) connected -= 1;
      if (complete) setTimeout(() => this.open(), 50);
    });
    socket.write(
      `GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
        `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n` +
        `Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
    );
  }

  #introduce(): void {
    const payload = { authorization: `Bearer ${this.#token}` };
    this.#socket?.write(clientFrame(JSON.stringify({ type: 'connection_init', payload })));
  }

  #subscribe(): void {
    connected += 1;
    const variables = { after: this.seen.at(-1) ?? this.#order.after };
    const message = { id: randomUUID(), type: 'subscribe', payload: { query: this.#order.query, variables } };
    this.#socket?.write(clientFrame(JSON.stringify(message)));
  }
}

function report(): void {
  const told: ClientReport = { connected, messages, bytes, arrivals };
  arrivals = [];
  process.send?.(told);
}

/** One string for each mark, because the piece of a message keeps the whole message alive. */
const marks = new Map<string, string>();

function interned(mark: string): string {
  const known = marks.get(mark);
  if (known !== undefined) return known;
  const copy = Buffer.from(mark).toString();
  marks.set(copy, copy);
  return copy;
}

function judge(wanted: readonly string[]): Verdict {
  let [lost, doubled, wrong] = [0, 0, 0];
  for (const { seen } of clients) {
    const distinct = new Set(seen);
    lost += wanted.filter((mark) => !distinct.has(mark)).length;
    doubled += seen.length - distinct.size;
    if (seen.length !== wanted.length || seen.some((mark, index) => mark !== wanted[index])) wrong += 1;
  }
  return { lost, doubled, wrong };
}

process.on('message', (order: ClientOrder | JudgeOrder) => {
  if (order.kind === 'judge') {
    process.send?.({ verdict: judge(order.wanted) });
    return;
  }
  // A crowd that comes at once would measure the queue of the operating system.
  let index = 0;
  const some = setInterval(() => {
    for (let n = 0; n < 20 && index < order.count; n += 1) clients.push(new LoadClient(order, index++));
    if (index >= order.count) clearInterval(some);
  }, 5);
});
setInterval(report, 20);
process.on('disconnect', () => process.exit(0));
