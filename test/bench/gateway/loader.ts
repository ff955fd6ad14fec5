import { connect } from 'node:net';
import { readMessages } from './http-messages.ts';

/** One measurement to make: the same request again and again on a fixed number of connections, never pipelined. */
export interface Load {
  readonly port: number;
  readonly body: string;
  readonly connections: number;
  readonly milliseconds: number;
  /** Goes on for up to four times as long, until so many requests were answered. */
  readonly requests?: number;
}

/** What was measured. Times are milliseconds from the last byte sent to the last byte received. */
export interface Measured {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that were no 200, or of another length than the first by more than a trace id can explain. */
  readonly failures: number;
  /** The part of the time in which the loader itself was computing; near 1 it measures itself. */
  readonly busy: number;
}

const tolerance = 64;

/** Measures once. Throws when a connection breaks. */
export async function measure(load: Load): Promise<Measured> {
  const request = requestOf(load);
  const times: number[] = [];
  let failures = 0;
  let length: number | undefined;
  const cpu = process.cpuUsage();
  const from = performance.now();
  const until = from + load.milliseconds;
  const latest = from + 4 * load.milliseconds;
  const goesOn = (now: number): boolean =>
    now < until || (now < latest && times.length < (load.requests ?? 0));
  await Promise.all(Array.from({ length: load.connections }, () => run()));
  const elapsed = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  return {
    requests: times.length,
    perSecond: (times.length * 1000) / elapsed,
    p50: times[Math.floor(times.length * 0.5)] ?? Number.NaN,
    p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
    failures,
    busy: (user + system) / 1000 / elapsed,
  };

  function run(): Promise<void> {
    return new Promise((done, fail) => {
      let sent = 0;
      const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true });
      const send = () => {
        sent = performance.now();
        socket.write(request);
      };
      const read = readMessages((head, body) => {
        const now = performance.now();
        times.push(now - sent);
        length ??= body.length;
        if (!head.startsWith('HTTP/1.1 200') || Math.abs(body.length - length) > tolerance) failures += 1;
        if (goesOn(now)) send();
        else socket.destroy();
      });
      socket.on('connect', send);
      socket.on('data', read);
      socket.on('error', fail);
      socket.on('close', () =>
        performance.now() < until ? fail(new Error('closed by the gateway')) : done(),
      );
    });
  }
}

function requestOf({ port, body }: Load): Buffer {
  const head = [
    'POST /graphql HTTP/1.1',
    `host: 127.0.0.1:${port}`,
    'content-type: application/json',
    'accept: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}`);
}

// A process of its own, so that what it costs does not fall on the gateway.
process.on('message', (load: Load) => {
  measure(load).then(
    (measured) => process.send?.({ measured }),
    (error: unknown) => process.send?.({ failed: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
