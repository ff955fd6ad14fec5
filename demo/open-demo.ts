import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformActor } from '#kernel/actor';
import type { Config } from '#kernel/config';
import { sleep } from '#kernel/sleep';
import { localTokens } from '#kernel/tokens';
import { apiClient, type ApiClient } from './api-client.ts';
import { automaticUpTo, bankAccounts, company, decidedUntil, furtherAccounts, vendors } from './scenario.ts';

/** A person of the demo with a key of their own. */
export interface DemoPerson {
  readonly id: 'ana' | 'ravi';
  readonly memberId: string;
  readonly name: string;
  readonly role: string;
  readonly apiKey: string;
}

/** The demo as `npm start` prints it and the portal uses it. */
export interface Demo {
  readonly bookId: string;
  readonly people: readonly DemoPerson[];
}

const files = join(import.meta.dirname, 'files');

/** What has been approved is posted, and what is posted has left its open item; or the bank lines came before. */
const booked = `lines: statementLines(bookId: $bookId, first: 1) { totalCount }
  drafted: documents(bookId: $bookId, status: DRAFTED, first: 1) { totalCount }
  waiting: approvalRequests(bookId: $bookId, status: PENDING, first: 1) { totalCount }
  posted: journalEntries(bookId: $bookId, first: 1) { totalCount }
  open: openItems(bookId: $bookId, first: 1) { totalCount }`;

interface KeptDemo extends Demo {
  /** Whether all of it was brought in; what people did with it since then is left alone. */
  readonly complete?: boolean;
}

/**
 * Opens the demo organisation through the public API, or finds the one opened before. What is kept between starts is a
 * file with the keys, readable by its owner only; a start cut off in the middle begins a new organisation only when the
 * keys were not yet kept, and otherwise goes on where the last one ended.
 */
export async function openDemo(config: Config, url: string): Promise<Demo> {
  const file = join(config.dataFolder, 'demo.json');
  if (!existsSync(file)) keep(file, await openOrganisation(config, url));
  const demo = JSON.parse(readFileSync(file, 'utf8')) as KeptDemo;
  if (demo.complete) return demo;
  const [ana, ravi] = demo.people.map((person) => apiClient(url, person.apiKey)) as [ApiClient, ApiClient];
  await bringIn({ ana, ravi }, demo.bookId);
  keep(file, { ...demo, complete: true });
  return demo;
}

function keep(file: string, demo: KeptDemo): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(demo, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

async function openOrganisation(config: Config, url: string): Promise<Demo> {
  const platform = await localTokens(config.signingSecrets).issue(platformActor('demo'), 60);
  const made = await mutate<{ secret: string; ownerId: string }>(
    apiClient(url, platform.token),
    'createOrganisation',
    {
      input: { name: company.organisation, owner: company.approver, idempotencyKey: randomUUID() },
      fields: 'secret ownerId',
    },
  );
  const ravi = apiClient(url, made.secret);
  const { book } = await mutate<{ book: { id: string } }>(ravi, 'openBook', {
    input: company.book,
    fields: 'book { id }',
  });
  const { member } = await mutate<{ member: { id: string } }>(ravi, 'addMember', {
    input: { ...company.submitter, roles: ['SUBMITTER', 'ACCOUNTANT'] },
    fields: 'member { id }',
  });
  const key = await mutate<{ secret: string }>(ravi, 'createApiKey', {
    input: { memberId: member.id, name: 'portal' },
    fields: 'secret',
  });
  return {
    bookId: book.id,
    people: [
      { id: 'ana', memberId: member.id, name: company.submitter.name, role: 'Submitter', apiKey: key.secret },
      {
        id: 'ravi',
        memberId: made.ownerId,
        name: company.approver.name,
        role: 'Approver',
        apiKey: made.secret,
      },
    ],
  };
}

interface Hands {
  readonly ana: ApiClient;
  readonly ravi: ApiClient;
}

/** Every step under a key of its own: running them all again changes nothing. */
async function bringIn({ ana, ravi }: Hands, bookId: string): Promise<void> {
  await setUp(ravi, bookId);
  for (const folder of ['invoices', 'sales', 'expenses']) {
    await inParallel(readdirSync(join(files, folder)).toSorted(), (name) =>
      submit(ana, { bookId, folder, name }),
    );
  }
  await until(
    { client: ravi, bookId },
    'documents(bookId: $bookId, status: RECEIVED, first: 1) { totalCount }',
  );
  await decide(ravi, bookId);
  // Bank lines that come before the open items they settle would look like exceptions.
  await until(
    { client: ravi, bookId },
    booked,
    (counts) =>
      counts['lines']?.totalCount !== 0 ||
      (same(counts, 'drafted', 'waiting') && same(counts, 'posted', 'open')),
  );
  for (const name of readdirSync(join(files, 'statements')).toSorted()) {
    const fileId = await ana.upload(name, readFileSync(join(files, 'statements', name)));
    await mutate(ana, 'importBankStatement', { input: { bookId, fileId, idempotencyKey: `demo:${name}` } });
  }
  await until(
    { client: ravi, bookId },
    'statementLines(bookId: $bookId, status: UNMATCHED, first: 1) { totalCount }',
  );
}

async function setUp(ravi: ApiClient, bookId: string): Promise<void> {
  await untilChart(ravi, bookId);
  // What is bought and sold abroad is worth something in euros only once the rates of its day are known.
  for (const name of readdirSync(join(files, 'rates')).toSorted()) {
    const fileId = await ravi.upload(name, readFileSync(join(files, 'rates', name)));
    await mutate(ravi, 'importReferenceRates', { input: { fileId, idempotencyKey: `demo:${name}` } });
  }
  const policy = { bookId, name: 'House rule', automaticUpTo, idempotencyKey: 'demo:policy' };
  await mutate(ravi, 'setApprovalPolicy', { input: policy });
  for (const account of furtherAccounts) {
    await mutate(ravi, 'createAccount', {
      input: { bookId, ...account, idempotencyKey: `demo:account:${account.code}` },
    });
  }
  for (const account of bankAccounts) {
    await mutate(ravi, 'openBankAccount', {
      input: { bookId, ...account, idempotencyKey: `demo:bank:${account.name}` },
    });
  }
  for (const vendor of vendors) {
    await mutate(ravi, 'registerVendor', {
      input: { ...vendor, idempotencyKey: `demo:vendor:${vendor.name}` },
    });
  }
  const connection = {
    bookId,
    kind: 'HLEDGER_JOURNAL',
    name: 'Plain-text ledger',
    idempotencyKey: 'demo:connection',
  };
  await mutate(ravi, 'connectSystem', { input: connection });
}

/** The chart of accounts comes with the book, a moment after it. */
async function untilChart(ravi: ApiClient, bookId: string): Promise<void> {
  const query = 'query ($bookId: ID!) { accounts(bookId: $bookId) { id } }';
  while ((await ravi.run<{ accounts: unknown[] }>(query, { bookId })).accounts.length === 0) await sleep(20);
}

async function submit(ana: ApiClient, file: { bookId: string; folder: string; name: string }): Promise<void> {
  const fileId = await ana.upload(file.name, readFileSync(join(files, file.folder, file.name)));
  await mutate(ana, 'submitDocument', {
    input: {
      bookId: file.bookId,
      fileId,
      source: 'portal',
      idempotencyKey: `demo:${file.folder}/${file.name}`,
    },
    // The broken invoice answers with what is wrong with it, which is what it is there for.
    tolerated: ['DOCUMENT_TOTALS_DIFFER'],
  });
}

interface Waiting {
  readonly approvalRequests: {
    readonly edges: readonly {
      readonly node: { readonly id: string; readonly draft: WaitingDraft | null };
    }[];
  };
}

interface WaitingDraft {
  readonly document: { readonly dueOn: string | null; readonly issuedOn: string | null } | null;
}

/** Ravi approves what fell due before the demo begins; the rest still waits for him. */
async function decide(ravi: ApiClient, bookId: string): Promise<void> {
  const waiting = await ravi.run<Waiting>(
    `query ($bookId: ID!) { approvalRequests(bookId: $bookId, status: PENDING, first: 500) {
       edges { node { id draft { document { dueOn issuedOn } } } } } }`,
    { bookId },
  );
  const due = waiting.approvalRequests.edges.filter(({ node }) => {
    const day = node.draft?.document?.dueOn ?? node.draft?.document?.issuedOn;
    return day !== undefined && day !== null && day <= decidedUntil;
  });
  await inParallel(due, async ({ node }) => {
    const input = {
      approvalRequestId: node.id,
      verdict: 'APPROVE',
      idempotencyKey: `demo:decide:${node.id}`,
    };
    await mutate(ravi, 'decideApproval', { input });
  });
}

interface Mutation {
  readonly input: object;
  readonly fields?: string;
  readonly tolerated?: readonly string[];
}

async function mutate<Data>(
  client: ApiClient,
  name: string,
  { input, fields, tolerated }: Mutation,
): Promise<Data> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const answer = await client.run<Record<string, { errors: { code: string; message: string }[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields ?? ''} errors { code message } } }`,
    { input },
  );
  const payload = answer[name];
  const unexpected = payload?.errors.filter((error) => !tolerated?.includes(error.code)) ?? [];
  if (unexpected.length > 0)
    throw new Error(`${name}: ${unexpected.map((error) => error.message).join('; ')}`);
  return payload as Data;
}

const patienceMilliseconds = 60_000;

type Counts = Readonly<Record<string, { readonly totalCount: number }>>;

function same(counts: Counts, one: string, other: string): boolean {
  return counts[one]?.totalCount === counts[other]?.totalCount;
}

/** Waits until all counts are zero, or stand as they should: the pipeline works by events. */
async function until(
  { client, bookId }: { client: ApiClient; bookId: string },
  selection: string,
  done: (answer: Counts) => boolean = (counts) =>
    Object.values(counts).every((count) => count.totalCount === 0),
): Promise<void> {
  const deadline = Date.now() + patienceMilliseconds;
  while (Date.now() < deadline) {
    if (done(await client.run<Counts>(`query ($bookId: ID!) { ${selection} }`, { bookId }))) return;
    await sleep(50);
  }
  throw new Error(`The demo waited in vain for: ${selection}`);
}

async function inParallel<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
}
