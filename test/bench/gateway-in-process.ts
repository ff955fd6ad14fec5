import { isDeepStrictEqual } from 'node:util';
import { resultOf } from '#kernel/command-door';
import type { RunningSubgraph } from '#kernel/subgraph-runtime';
import { composeOrThrow } from '../../gateway/graph/compose.ts';
import { serveGraph } from '../../gateway/served-graph.ts';
import { createEpochs } from '../../gateway/sources/epochs.ts';
import { subgraphs } from '../../commands/subgraphs.ts';
import { registerVendor } from '../../subgraphs/vendors/register-vendor.ts';
import { benchActor, openBenchBook, postBatch } from './bench-book.ts';
import { openBenchInstallation } from './bench-installation.ts';
import { startBenchPlatform, type BenchPlatform } from './bench-platform.ts';
import { compare, machine } from './rounds.ts';
import { startStockGateway, type Operation } from './stock-gateway.ts';

const rounds = { rounds: 5, milliseconds: 2000, workers: 4 };

interface Case {
  readonly name: string;
  readonly operation: Operation;
  /** The same data asked of the subgraphs by hand, as nobody could do better. */
  readonly direct: () => Promise<unknown>;
}

/** Our gateway in the process of its subgraphs, against the stock pair and against no gateway at all. */
export async function benchGatewayInProcess(print: (line: string) => void): Promise<void> {
  const installation = await openBenchInstallation();
  const platform = await startBenchPlatform(installation);
  const { supergraphSdl } = composeOrThrow(subgraphs);
  const { log } = installation.services;
  const ours = serveGraph({
    supergraphSdl,
    sources: platform.sources,
    epochs: createEpochs(),
    log,
    config: { deduplication: false },
  });
  const stock = await startStockGateway(installation, subgraphs, supergraphSdl);
  try {
    for (const { name, operation, direct } of await casesOf(platform)) {
      // Limits are part of what a client of ours waits for, and so is the text of the answer.
      const byOurs = async () => {
        const admitted = ours.admit(operation, { actor: benchActor, client: { name: '', version: '' } });
        ours.accepted.accept(admitted.known);
        const answer = await ours.answerWarm?.(admitted, benchActor);
        if (answer?.outcome !== 'ok') throw new Error(`An operation failed: ${answer?.json}`);
        return answer.json;
      };
      const byStock = () => stock.execute(operation, benchActor);
      requireSame((JSON.parse(`{${await byOurs()}}`) as { data: unknown }).data, (await byStock()).data);
      const textOf = async () => void (await byOurs());
      const run = (work: () => Promise<unknown>) => async () => requireData(await work());
      const show = (denominatorIs: string, compared: object) =>
        print(
          JSON.stringify({
            bench: 'gateway-in-process',
            case: name,
            unit: 'operations/s',
            ...compared,
            denominatorIs,
            ...rounds,
            ...machine,
          }),
        );
      show(
        'stock ApolloServer and ApolloGateway with LocalGraphQLDataSource, same resolvers',
        await compare(textOf, run(byStock), rounds),
      );
      show('the subgraphs executed directly, without a gateway', await compare(textOf, run(direct), rounds));
    }
  } finally {
    await stock.stop();
    await platform.stop();
    await installation.close();
  }
}

async function casesOf(platform: BenchPlatform): Promise<Case[]> {
  const transactions = platform.find('transactions');
  const vendors = platform.find('vendors');
  const actor = benchActor;
  const bookId = await openBenchBook(transactions.door);
  const vendorIds: string[] = [];
  for (let index = 0; index < 50; index += 1) {
    const { vendorId } = resultOf(
      await vendors.door.run(registerVendor, { name: `Vendor ${index}` }, { actor }),
    );
    vendorIds.push(vendorId);
  }
  resultOf(await transactions.door.run(postBatch, { bookId, entries: 50, vendorIds }, { actor }));
  for (const one of platform.running) await one.consumer.settled();
  const execute = (subgraph: RunningSubgraph, query: string, variables: Record<string, unknown>) =>
    subgraph.execute({ query, variables, actor });

  const vendor = { query: vendorQuery, variables: { id: vendorIds[0] } };
  const list = { query: listQuery('vendor { name status }'), variables: { bookId } };
  const post = { query: postQuery, variables: { input: postInput(bookId) } };
  return [
    {
      name: 'read of one subgraph',
      operation: vendor,
      direct: () => execute(vendors, vendor.query, vendor.variables),
    },
    {
      name: 'list of 50 over two subgraphs',
      operation: list,
      direct: async () => {
        const found = await execute(transactions, listQuery('vendor { __typename id }'), list.variables);
        const { journalEntries } = found.data as unknown as EntryList;
        const representations = journalEntries.edges.map(({ node }) => node.vendor);
        return execute(vendors, entitiesQuery, { representations });
      },
    },
    {
      name: 'mutation, dry run',
      operation: post,
      direct: () => execute(transactions, post.query, post.variables),
    },
  ];
}

interface EntryList {
  readonly journalEntries: { readonly edges: readonly { readonly node: { readonly vendor: object } }[] };
}

const vendorQuery = 'query ($id: ID!) { vendor(id: $id) { id name status country paymentTermsDays } }';

const listQuery = (vendor: string): string =>
  `query ($bookId: ID!) { journalEntries(bookId: $bookId, first: 50) { edges { node {
     id number postedOn description total { amount currency } ${vendor} } } } }`;

const entitiesQuery =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Vendor { name status } } }';

const postQuery =
  'mutation ($input: PostJournalEntryInput!) { postJournalEntry(input: $input) { errors { code message } } }';

function postInput(bookId: string) {
  const line = { amount: '123.45', currency: 'EUR' };
  const lines = [
    { accountCode: '1000', side: 'DEBIT', ...line },
    { accountCode: '3000', side: 'CREDIT', ...line },
  ];
  return { bookId, postedOn: '2026-03-31', description: 'Entry', lines, dryRun: true };
}

/** A gateway that answers fast and wrong measures nothing. */
function requireSame(ours: unknown, stock: unknown): void {
  if (ours && isDeepStrictEqual(plain(ours), plain(stock))) return;
  throw new Error(`The gateways differ: ${JSON.stringify(ours)} and ${JSON.stringify(stock)}`);
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));

function requireData(answer: unknown): void {
  const { data, errors } = answer as { data?: unknown; errors?: readonly unknown[] };
  if (!data || errors?.length) throw new Error(`An operation failed: ${JSON.stringify(answer)}`);
}
