#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { readConfig, subgraphNames, type SubgraphName } from '#kernel/config';

// Types are stripped and modules compiled once, not at every start; all parts are loaded after this line.
enableCompileCache();

const usage = `crossfoot, a headless bookkeeping-integration platform

  start [--empty]              everything in one process, with demo books unless --empty
  gateway [--supergraph FILE]  the gateway alone; subgraphs in other processes (CROSSFOOT_SUBGRAPHS); with neither
                               those nor DATABASE_URL, an open router of the supergraph in FILE
  subgraph NAME                one subgraph alone: ${subgraphNames.join(', ')}
  migrate                      bring the database up to date
  token [--hours N]            a token of the installation's administrator, to open organisations with
  import FILE… --book ID       hand in documents or bank statements (CROSSFOOT_URL, CROSSFOOT_TOKEN)
  import-data journal|chart|opening|budget FILE --book ID   import rows of CSV, XLSX or JSON; --preview shows how they would be
                               read [--column FIELD=heading]… [--posted-on DAY] [--series NAME] [--sheet NAME]
                               [--difference-account CODE] [--budget ID] [--stop-on-problems] [--errors FILE]
  export [FORMAT [REPORT]] [--book ID] [--from DAY] [--to DAY] [--out FILE]   the journal of a book for hledger (unless
                               said), beancount or as saf-t; or a report as csv, xlsx or pdf: trial-balance,
                               general-ledger, profit-and-loss, balance-sheet, cash-flow; or reconciliation-statement
                               [--account ID] --to DAY as pdf, csv, xlsx or json
  mapping check FILE…          read, check and test mapping templates; mapping import FILE… [--book ID] saves them in a
                               book, mapping export NAME [--book ID] [--version N] [--out FILE] writes one
  verify-audit                 recompute every audit chain straight from the database
  backup FOLDER                copy the embedded database, files and secret while running or not
  restore FOLDER               put a backup into an empty data folder
  doctor                       check the invariants of the installation
  schema [--check]             write, or compare, the generated schemas
  schema check --against FILE|REF|recorded, or two files   whom a changed schema would break [--days N] [--json]
  schema docs [--view NAME] [--out FILE]  a page about a view of the graph, in one file; partner unless said
  schema usage [--client NAME] who used which operation and what is deprecated [--days N] [--json]

Settings come from the environment: PORT, HOST, DATABASE_URL, CROSSFOOT_DATA, CROSSFOOT_SECRET, CROSSFOOT_SIGNING_SECRETS,
CROSSFOOT_SUBGRAPHS, NATS_URL, OIDC_ISSUER, OIDC_AUDIENCE, OIDC_CLAIM_*, OIDC_SCOPE_PREFIX, CROSSFOOT_RATE_LIMIT,
CROSSFOOT_RATE_LIMIT_ORGANISATION, CROSSFOOT_TRUSTED_PROXIES, CROSSFOOT_UPLOAD_LIMIT_MB, CROSSFOOT_ALLOWED_ORIGINS,
CROSSFOOT_REFERENCE_RATES_URL, CROSSFOOT_FEED_FOLDER, CROSSFOOT_FEED_HOSTS,
GATEWAY_EXECUTOR, LOG_LEVEL.
`;

interface Options {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Each command and what runs it; parts are loaded when asked for, so that every command starts quickly. */
const commands: Readonly<Record<string, (options: Options) => Promise<void>>> = {
  start: async ({ values }) => {
    const { start } = await import('./commands/start.ts');
    await start(readConfig(), { empty: values['empty'] === true });
  },
  gateway: async ({ values }) => {
    const { serveGatewayAlone } = await import('./commands/serve.ts');
    await serveGatewayAlone(readConfig(), text(values['supergraph']));
  },
  subgraph: async ({ positionals }) => {
    const { serveSubgraphAlone } = await import('./commands/serve.ts');
    await serveSubgraphAlone(readConfig(), positionals[0] as SubgraphName);
  },
  migrate: async () => {
    const { migrateInstallation } = await import('./commands/migrate.ts');
    await migrateInstallation(readConfig());
  },
  token: async ({ values }) => {
    const { printToken } = await import('./commands/token.ts');
    await printToken(readConfig(), text(values['hours']));
  },
  import: async ({ positionals, values }) => {
    const { importFiles } = await import('./commands/import.ts');
    await importFiles(readConfig(), { files: positionals, bookId: text(values['book']) });
  },
  'import-data': async ({ positionals, values }) => {
    const { importData } = await import('./commands/import-data.ts');
    await importData(readConfig(), {
      kind: positionals[0],
      file: positionals[1],
      bookId: text(values['book']),
      columns: Array.isArray(values['column']) ? values['column'] : [],
      postedOn: text(values['posted-on']),
      series: text(values['series']),
      differenceAccount: text(values['difference-account']),
      budgetId: text(values['budget']),
      sheet: text(values['sheet']),
      preview: values['preview'] === true,
      stopOnProblems: values['stop-on-problems'] === true,
      errors: text(values['errors']),
    });
  },
  export: async ({ positionals: [format, report], values }) => {
    const { exportBooks } = await import('./commands/export.ts');
    const [from, to] = [text(values['from']), text(values['to'])];
    const [bookId, accountId, out] = [text(values['book']), text(values['account']), text(values['out'])];
    await exportBooks(readConfig(), { format, report, bookId, accountId, from, to, out });
  },
  mapping: async ({ positionals, values }) => {
    const { mapping } = await import('./commands/mapping.ts');
    const { book, out, version } = values;
    await mapping(readConfig, {
      words: positionals,
      bookId: text(book),
      out: text(out),
      version: text(version),
    });
  },
  'verify-audit': async () => {
    const { verifyAuditOfInstallation } = await import('./commands/verify-audit.ts');
    await verifyAuditOfInstallation(readConfig());
  },
  backup: async ({ positionals }) => {
    const { backup } = await import('./commands/backup.ts');
    await backup(readConfig(), positionals[0]);
  },
  restore: async ({ positionals }) => {
    const { restore } = await import('./commands/restore.ts');
    await restore(readConfig(), positionals[0]);
  },
  doctor: async () => {
    const { doctor } = await import('./commands/doctor.ts');
    await doctor(readConfig());
  },
  schema: async ({ positionals, values }) => {
    const [what, ...files] = positionals;
    const json = values['json'] === true;
    const days = daysIn(text(values['days']));
    if (what === 'check') {
      const { checkSchemaChanges } = await import('./commands/schema-check.ts');
      await checkSchemaChanges(readConfig(), { against: text(values['against']), files, days, json });
    } else if (what === 'usage') {
      const { printUsage } = await import('./commands/schema-usage.ts');
      await printUsage(readConfig(), { client: text(values['client']), days, json });
    } else if (what === 'docs') {
      const { writeDocs } = await import('./commands/schema-docs.ts');
      writeDocs({ view: text(values['view']), out: text(values['out']) });
    } else if (what === undefined) {
      const { schema } = await import('./commands/schema.ts');
      await schema({ check: values['check'] === true });
    } else throw new Error(`There is no schema ${what}; there are check, usage and docs`);
  },
};

function daysIn(given = '30'): number {
  const days = Number(given);
  if (!Number.isInteger(days) || days < 1) throw new Error(`--days ${given}: say a number of whole days`);
  return days;
}

function text(value: Options['values'][string]): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

async function main(): Promise<void> {
  const [name = '', ...rest] = process.argv.slice(2);
  const run = commands[name];
  if (!run) {
    process.stdout.write(usage);
    process.exitCode = name === '' || name === 'help' || name === '--help' ? 0 : 2;
    return;
  }
  const { positionals, values } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      empty: { type: 'boolean' },
      check: { type: 'boolean' },
      supergraph: { type: 'string' },
      book: { type: 'string' },
      account: { type: 'string' },
      out: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      hours: { type: 'string' },
      against: { type: 'string' },
      client: { type: 'string' },
      view: { type: 'string' },
      days: { type: 'string' },
      json: { type: 'boolean' },
      column: { type: 'string', multiple: true },
      'posted-on': { type: 'string' },
      series: { type: 'string' },
      sheet: { type: 'string' },
      'difference-account': { type: 'string' },
      budget: { type: 'string' },
      preview: { type: 'boolean' },
      'stop-on-problems': { type: 'boolean' },
      errors: { type: 'string' },
      version: { type: 'string' },
    },
  });
  await run({ positionals, values });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
