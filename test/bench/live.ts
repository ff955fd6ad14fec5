import { parseArgs } from 'node:util';
import { resultOf } from '#kernel/command-door';
import { localTokens } from '#kernel/tokens';
import { registerVendor } from '../../subgraphs/vendors/register-vendor.ts';
import { benchActor, openBenchBook, postBatch } from './bench-book.ts';
import { openBenchInstallation, type BenchInstallation } from './bench-installation.ts';
import { startBenchPlatform } from './bench-platform.ts';
import { openEventWriter, type EventWriter } from './live/event-writer.ts';
import { startLoad, startServer, until, type Server } from './live/load.ts';
import { pace, saturate, windowOfEvents, type Contender, type Saturated } from './live/measure.ts';
import { machine, median, rounded } from './rounds.ts';

const query = `subscription ($after: Cursor) { journalEntryChanged(after: $after) {
  cursor change journalEntry { number vendor { name } } } }`;

const flags = {
  subscribers: { type: 'string', default: '5000' },
  rate: { type: 'string', default: '200' },
  seconds: { type: 'string', default: '6' },
  rounds: { type: 'string', default: '3' },
  restarts: { type: 'string', default: '20' },
  'restart-subscribers': { type: 'string', default: '200' },
} as const;

interface Settings {
  readonly subscribers: number;
  readonly rate: number;
  readonly milliseconds: number;
  readonly rounds: number;
  readonly restarts: number;
  readonly restartSubscribers: number;
}

type Show = (name: string, figures: object) => void;

/** What a bench works with. */
interface Bench {
  readonly installation: BenchInstallation;
  readonly writer: EventWriter;
  readonly tokens: readonly string[];
  readonly settings: Settings;
  readonly show: Show;
}

/** Live events through the whole gateway, from the commit to the client, against a bare broadcast of the same bytes. */
export async function benchLive(print: (line: string) => void, parameters: readonly string[]): Promise<void> {
  const settings = settingsOf(parameters);
  const installation = await openBenchInstallation();
  const show: Show = (name, figures) =>
    print(JSON.stringify({ bench: 'live', case: name, ...figures, settings, ...machine }));
  try {
    const bookId = await fill(installation);
    const { ownerUrl } = installation.database;
    const { organisationId } = benchActor;
    const writer = await openEventWriter({ url: ownerUrl, organisationId, bookId });
    const bench: Bench = { installation, writer, tokens: await issueTokens(installation), settings, show };
    try {
      await measureFanOut(bench);
      if (settings.restarts > 0) await measureRestarts(bench);
    } finally {
      await writer.close();
    }
  } finally {
    await installation.close();
  }
}

function settingsOf(parameters: readonly string[]): Settings {
  const { values } = parseArgs({ args: [...parameters], options: flags });
  return {
    subscribers: Number(values.subscribers),
    rate: Number(values.rate),
    milliseconds: Number(values.seconds) * 1000,
    rounds: Number(values.rounds),
    restarts: Number(values.restarts),
    restartSubscribers: Number(values['restart-subscribers']),
  };
}

/** Fifty entries of twenty vendors, which the events will be about. */
async function fill(installation: BenchInstallation): Promise<string> {
  const platform = await startBenchPlatform(installation);
  const actor = benchActor;
  const { door } = platform.find('transactions');
  const bookId = await openBenchBook(door);
  const vendorIds: string[] = [];
  for (let n = 0; n < 20; n += 1) {
    const made = await platform.find('vendors').door.run(registerVendor, { name: `Vendor ${n}` }, { actor });
    vendorIds.push(resultOf(made).vendorId);
  }
  resultOf(await door.run(postBatch, { bookId, entries: 50, vendorIds }, { actor }));
  for (const one of platform.running) await one.consumer.settled();
  await platform.stop();
  return bookId;
}

/** Different members with equal rights. */
async function issueTokens({ config }: BenchInstallation): Promise<string[]> {
  const tokens = localTokens(config.signingSecrets);
  const members = Array.from({ length: 50 }, (_, n) => ({
    ...benchActor,
    id: `mem_${n}`,
    memberId: `mem_${n}`,
  }));
  return Promise.all(members.map(async (member) => (await tokens.issue(member, 7200)).token));
}

function gatewayOf({ installation }: Bench, port = 0): Promise<Server> {
  const { config, database } = installation;
  return startServer('gateway-process.ts', {
    DATABASE_URL: database.ownerUrl,
    CROSSFOOT_SECRET: config.secret,
    CROSSFOOT_DATA: config.dataFolder,
    CROSSFOOT_RATE_LIMIT: 'off',
    CROSSFOOT_RATE_LIMIT_ORGANISATION: 'off',
    GATEWAY_CONNECTIONS_PER_CREDENTIAL: '1000000',
    GATEWAY_CONNECTIONS_PER_ORGANISATION: '1000000',
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'error',
  });
}

async function measureFanOut(bench: Bench): Promise<void> {
  const { settings, show, writer, tokens } = bench;
  const { subscribers } = settings;
  const gateway = await gatewayOf(bench);
  const bare = await startServer('broadcast-process.ts');
  const before = { ours: await gateway.memory(), bare: await bare.memory() };
  const common = { count: subscribers, query, after: undefined, sampleEvery: Math.ceil(subscribers / 50) };
  const ourLoad = await startLoad({ ...common, port: gateway.port, tokens, complete: false });
  const bareLoad = await startLoad({ ...common, port: bare.port, tokens: [], complete: false });
  const memory = (now: number, then: number): number => rounded((now - then) / subscribers / 1024);
  const crossfoot = memory(await gateway.memory(), before.ours);
  const denominator = memory(await bare.memory(), before.bare);
  show('memory of a subscriber', {
    unit: 'kB',
    crossfoot,
    denominator,
    ratio: rounded(crossfoot / denominator),
    denominatorIs: 'a socket of the bare ws server, which keeps no subscription',
  });
  const ours: Contender = {
    load: ourLoad,
    subscribers,
    pid: gateway.process.pid,
    send: (events) => writer.commit(events),
    sentAt: (mark) => writer.committedAt(mark),
  };
  const theirs = broadcasting(bare, { load: bareLoad, subscribers });
  try {
    await compareSides(bench, ours, theirs);
  } finally {
    await ourLoad.stop();
    await bareLoad.stop();
    await gateway.process.stop();
    await bare.process.stop();
  }
}

/** The bare server as a contender; its messages are as long as ours and carry a mark where ours have the cursor. */
function broadcasting(bare: Server, given: Pick<Contender, 'load' | 'subscribers'>): Contender {
  const times = new Map<string, number>();
  return {
    ...given,
    pid: bare.process.pid,
    send(events) {
      const marks = Array.from({ length: events }, (_, n) => String(times.size + n).padStart(14, '0'));
      for (const mark of marks) {
        const vendor = { name: 'Vendor 11' };
        const change = { cursor: mark, change: 'posted', journalEntry: { number: '2026-00011', vendor } };
        const payload = { data: { journalEntryChanged: change }, extensions: { traceId: 'a'.repeat(32) } };
        const text = JSON.stringify({ id: 'i'.repeat(36), type: 'next', payload });
        times.set(mark, performance.timeOrigin + performance.now());
        bare.process.child.send({ kind: 'send', text });
      }
      return Promise.resolve(marks);
    },
    sentAt: (mark) => times.get(mark),
  };
}

async function compareSides(bench: Bench, ours: Contender, theirs: Contender): Promise<void> {
  const { settings, show } = bench;
  const { milliseconds, rounds, subscribers } = settings;
  const denominatorIs = 'a bare ws server that sends messages of the same length to all its sockets';
  const rates: { ours: Saturated; theirs: Saturated }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = round % 2 === 0 ? await saturate(ours, milliseconds) : undefined;
    const bare = await saturate(theirs, milliseconds);
    rates.push({ ours: first ?? (await saturate(ours, milliseconds)), theirs: bare });
  }
  const ratios = rates.map((one) => one.ours.perSecond / one.theirs.perSecond);
  const middle = (of: (one: (typeof rates)[number]) => number): number => rounded(median(rates.map(of)));
  const length = (one: Contender): number => rounded(one.load.bytes() / one.load.messages());
  show('delivered messages, saturated', {
    unit: 'messages/s',
    crossfoot: middle((one) => one.ours.perSecond),
    denominator: middle((one) => one.theirs.perSecond),
    ratio: rounded(median(ratios)),
    ratios: ratios.map(rounded),
    cpuMicroseconds: {
      crossfoot: middle((one) => one.ours.cpuMicroseconds),
      denominator: middle((one) => one.theirs.cpuMicroseconds),
    },
    bytesOfMessage: { crossfoot: length(ours), denominator: length(theirs) },
    how: `both sides sent as much as the clients took, at most ${windowOfEvents} events ahead of the slowest report`,
    denominatorIs,
  });
  const slower = Math.min(...rates.flatMap((one) => [one.ours.perSecond, one.theirs.perSecond]));
  const perSecond = Math.max(1, Math.min(settings.rate, Math.floor(slower / 2 / subscribers)));
  const paced = { perSecond, milliseconds };
  const [us, them] = [await pace(ours, paced), await pace(theirs, paced)];
  for (const share of ['p50', 'p99'] as const) {
    show(`commit to client, ${share}`, {
      unit: 'ms',
      crossfoot: rounded(us[share]),
      denominator: rounded(them[share]),
      ratio: rounded(us[share] / them[share]),
      eventsPerSecond: perSecond,
      deliveredPerSecond: rounded(us.deliveredPerSecond),
      how: 'at half of what the slower side delivered when saturated; ours from the commit in PostgreSQL',
      denominatorIs,
    });
  }
  await measureRate(bench, slower);
}

/** The wanted rate of events, to as many subscribers as this machine can bear at that rate. */
async function measureRate(bench: Bench, bearable: number): Promise<void> {
  const { settings, show, writer, tokens } = bench;
  const subscribers = Math.min(settings.subscribers, Math.floor(bearable / 2 / settings.rate));
  const gateway = await gatewayOf(bench);
  const sampleEvery = Math.ceil(subscribers / 50);
  const order = { port: gateway.port, count: subscribers, tokens, query, after: undefined, sampleEvery };
  const load = await startLoad({ ...order, complete: false });
  const { commit, committedAt } = writer;
  try {
    const { pid } = gateway.process;
    const contender: Contender = { load, subscribers, pid, send: commit, sentAt: committedAt };
    const found = await pace(contender, { perSecond: settings.rate, milliseconds: settings.milliseconds });
    show(`commit to client at ${settings.rate} events/s`, {
      unit: 'ms',
      subscribers,
      deliveredPerSecond: rounded(found.deliveredPerSecond),
      p50: rounded(found.p50),
      p99: rounded(found.p99),
    });
  } finally {
    await load.stop();
    await gateway.process.stop();
  }
}

/** Kills the gateway again and again while events go on; clients come back with their last cursor. */
async function measureRestarts(bench: Bench): Promise<void> {
  const { settings, show, writer, tokens } = bench;
  const [after] = await writer.commit(1);
  const begun = writer.cursors.length;
  let gateway = await gatewayOf(bench);
  const { port } = gateway;
  const count = settings.restartSubscribers;
  const load = await startLoad({ port, count, tokens, query, after, sampleEvery: count, complete: true });
  let writing = true;
  const written = (async () => {
    while (writing) {
      await writer.commit(Math.max(1, Math.round(settings.rate / 50)));
      await new Promise((done) => setTimeout(done, 20));
    }
  })();
  try {
    for (let n = 0; n < settings.restarts; n += 1) {
      await new Promise((done) => setTimeout(done, 300 + Math.random() * 700));
      gateway.process.child.kill('SIGKILL');
      await gateway.process.stop();
      gateway = await gatewayOf(bench, port);
    }
    writing = false;
    await written;
    const wanted = writer.cursors.slice(begun);
    const complete = wanted.length * count;
    await until(
      () => load.messages() >= complete,
      60_000,
      () => `${load.messages()} of ${complete} messages`,
    );
    const { lost, doubled, wrong } = await load.judge(wanted);
    show('messages lost over restarts by SIGKILL', {
      unit: 'messages',
      crossfoot: lost,
      doubled,
      clientsInAnotherOrder: wrong,
      restarts: settings.restarts,
      subscribers: count,
      events: wanted.length,
      delivered: complete,
    });
  } finally {
    writing = false;
    await load.stop();
    await gateway.process.stop();
  }
}
