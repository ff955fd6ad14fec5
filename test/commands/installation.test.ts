import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localTokens } from '#kernel/tokens';
import { apiClient } from '../../demo/api-client.ts';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { camtStatement, ublInvoice } from '../support/papers.ts';
import {
  openFolder,
  runCommand,
  startInstallation,
  type CommandRun,
  type Installation,
} from './installation.ts';

const folder = openFolder();
const dataFolder = join(folder.path, 'data');
const copy = join(folder.path, 'backup');
const restored = join(folder.path, 'restored');
const at = (name: string) => join(folder.path, name);
const data = { CROSSFOOT_DATA: dataFolder };

let installation: Installation;
let company: Company;
let client: Record<string, string>;

async function companyOf({ url }: Installation): Promise<Company> {
  const secret = readFileSync(join(dataFolder, 'secret'), 'utf8').trim();
  const admin = { kind: 'platform', id: 'tests', name: 'tests', organisationId: 'platform' } as const;
  const { token } = await localTokens(secret).issue(
    { ...admin, scopes: ['platform:admin'], source: 'api' },
    3600,
  );
  return openCompany({ admin: apiClient(url, token), as: (key) => apiClient(url, key) });
}

const json = (run: CommandRun) => run.lines.map((line) => JSON.parse(line) as Record<string, unknown>);

beforeAll(async () => {
  installation = await startInstallation(dataFolder);
  company = await companyOf(installation);
  client = { CROSSFOOT_URL: `${installation.url}/`, CROSSFOOT_TOKEN: company.keys.submitter };
}, 300_000);

afterAll(async () => {
  await installation?.stop();
  folder.remove();
}, 60_000);

describe('import hands in what there is', () => {
  let run: CommandRun;

  beforeAll(async () => {
    writeFileSync(at('invoice.xml'), ublInvoice({ number: 'C-1', net: 100 }));
    const movements = [{ cents: -11_900, on: '2026-10-05', name: 'Nordlicht Hosting GmbH', text: 'C-1' }];
    writeFileSync(at('statement.xml'), camtStatement(movements));
    writeFileSync(at('notes.txt'), 'Dear all,\nsee you on Monday.\n');
    const files = ['invoice.xml', 'statement.xml', 'notes.txt', 'missing.xml'].map(at);
    run = await runCommand(['import', ...files], client);
  }, 120_000);

  test('a statement becomes lines, an invoice a document, in whatever order they come', () => {
    expect(json(run)).toMatchObject([
      { file: at('invoice.xml'), result: 'documents', documents: [{ status: 'RECEIVED' }], errors: [] },
      {
        file: at('statement.xml'),
        result: 'statements',
        statements: [{ status: 'IMPORTED', lineCount: 1 }],
        imported: 1,
      },
      { file: at('notes.txt'), result: 'refused', errors: [{ code: 'FORMAT_UNKNOWN' }] },
      { file: at('missing.xml'), result: 'refused', errors: [{ code: 'FILE_UNREADABLE' }] },
    ]);
  });

  test('a refused file makes the exit code 1', () => expect(run.code).toBe(1));

  test('files that came before are known again, which refuses nothing', async () => {
    const again = await runCommand(['import', at('statement.xml'), at('invoice.xml')], client);
    expect(json(again)).toMatchObject([
      { result: 'statements', imported: 0, alreadyKnown: 1 },
      { result: 'documents', errors: [{ code: 'DUPLICATE_DOCUMENT' }] },
    ]);
    expect(again.code).toBe(0);
  }, 120_000);

  test('a wrong token and a wrong address say what to set', async () => {
    const wrong = await runCommand(['import', at('invoice.xml')], {
      ...client,
      CROSSFOOT_TOKEN: 'cf_nobody',
    });
    expect(wrong).toMatchObject({ code: 1, problem: expect.stringContaining('CROSSFOOT_TOKEN') as string });
    const nowhere = await runCommand(['import', at('invoice.xml')], {
      ...client,
      CROSSFOOT_URL: 'http://127.0.0.1:1',
    });
    expect(nowhere).toMatchObject({ code: 1, problem: expect.stringContaining('CROSSFOOT_URL') as string });
  }, 120_000);
});

describe('the books can be taken out, looked at and copied while the platform works', () => {
  beforeAll(async () => {
    const lines = [
      { accountCode: '1000', side: 'DEBIT', amount: '250.00', currency: 'EUR', memo: 'paid in' },
      { accountCode: '3000', side: 'CREDIT', amount: '250.00', currency: 'EUR' },
    ];
    const input = { bookId: company.bookId, postedOn: '2026-10-01', description: 'Capital', lines };
    await mutate(company.owner, 'postJournalEntry', { input });
  }, 120_000);

  test('export writes a journal with every entry', async () => {
    const run = await runCommand(['export', '--book', company.bookId], client);
    expect(run.problem).toBe('');
    expect(run.output).toContain('2026-10-01 * (JE-2026-');
    expect(run.output).toMatch(/ {4}1000:\S.*  250\.00 EUR  ; paid in/);
    const beancount = await runCommand(['export', 'beancount', '--book', company.bookId], client);
    expect(beancount.output).toContain('  Assets:1000  250.00 EUR\n    memo: "paid in"');
    const sheet = await runCommand(['export', 'csv', 'balance-sheet', '--to', '2026-10-31'], client);
    // The invoice may be posted and paid by now or not; the balance sheet balances either way.
    expect(sheet.output).toContain('3000 Share capital",250.00');
    const assets = /^Total assets,(.+)\r$/m.exec(sheet.output)?.[1];
    expect(sheet.output).toContain(`Total liabilities and equity,${assets}`);
    expect(sheet.output).toContain('Assets less liabilities and equity,0.00');
    const proof = ['export', 'csv', 'reconciliation-statement', '--to', '2026-10-31'];
    expect((await runCommand(proof, client)).output).toMatch(/^"Not explained, must be zero",,,-?[\d.]+\r$/m);
    const unknown = await runCommand(['export', 'word'], client);
    expect(unknown).toMatchObject({ code: 1, problem: expect.stringContaining('saf-t') as string });
    const file = await runCommand(['export', '--out', at('books.journal')], client);
    expect(file.code).toBe(0);
    expect(readFileSync(at('books.journal'), 'utf8')).toBe(run.output);
  }, 120_000);

  test('mapping templates are checked, go in and come out as the same bytes', async () => {
    const library = '../../subgraphs/transactions/classification/library';
    const file = join(import.meta.dirname, library, 'saas.yaml');
    const text = readFileSync(file, 'utf8');
    const checked = await runCommand(['mapping', 'check', file], {});
    expect(checked).toMatchObject({ code: 0, problem: '' });
    expect(JSON.parse(checked.output)).toMatchObject({
      ok: true,
      name: 'saas',
      failed: [],
      untestedRules: [],
    });
    writeFileSync(at('wrong.yaml'), text.replace('revenue: "4450"', 'revenue: 4450'));
    const wrong = await runCommand(['mapping', 'check', at('wrong.yaml')], {});
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain('accounts.revenue: put an account code in quotes');
    for (const created of [true, false]) {
      const saved = await runCommand(['mapping', 'import', file, '--book', company.bookId], client);
      expect(JSON.parse(saved.output)).toMatchObject({ name: 'saas', version: { number: 1 }, created });
    }
    const run = await runCommand(['mapping', 'export', 'saas', '--out', at('saas.yaml')], client);
    expect(run).toMatchObject({ code: 0, problem: '' });
    expect(readFileSync(at('saas.yaml'), 'utf8')).toBe(text);
    const unknown = await runCommand(['mapping', 'export', 'none'], client);
    expect(unknown).toMatchObject({ code: 1, problem: expect.stringContaining('it has saas') as string });
  }, 120_000);

  test('verify-audit names every organisation with its head', async () => {
    const run = await runCommand(['verify-audit'], data);
    expect(run.lines).toHaveLength(1);
    expect(run.output).toMatch(
      new RegExp(`^ok {6}${company.organisationId}: \\d+ records, head [0-9a-f]{64}`),
    );
    expect(run.code).toBe(0);
  }, 120_000);

  test('doctor finds nothing wrong', async () => {
    const run = await runCommand(['doctor'], data);
    expect(run.lines.filter((line) => !/^(ok|all is well)/.test(line))).toEqual([]);
    expect(run.code).toBe(0);
  }, 120_000);

  test('backup copies the installation, and the platform goes on', async () => {
    const run = await runCommand(['backup', copy], data);
    expect(run).toMatchObject({ code: 0, problem: '' });
    expect(run.output).toContain('The secret is among them');
    const answer = await company.owner.run<{ viewer: { name: string } }>('{ viewer { name } }');
    expect(answer.viewer.name).toBe('Olga Brandt');
  }, 120_000);

  test('a backup overwrites nothing and does not go into the data folder', async () => {
    const twice = await runCommand(['backup', copy], data);
    expect(twice).toMatchObject({ code: 1, problem: expect.stringContaining('is not empty') as string });
    const inside = await runCommand(['backup', join(dataFolder, 'files')], data);
    expect(inside).toMatchObject({
      code: 1,
      problem: expect.stringContaining('name a folder outside') as string,
    });
  }, 120_000);
});

describe('restore brings back what was there when the backup was made', () => {
  const target = { CROSSFOOT_DATA: restored };

  test('a changed file is found before anything is written', async () => {
    const [file] = JSON.parse(readFileSync(join(copy, 'manifest.json'), 'utf8')).files as { path: string }[];
    const path = join(copy, file?.path ?? '');
    const size = readFileSync(path).length;
    appendFileSync(path, 'x');
    const longer = await runCommand(['restore', copy], target);
    expect(longer.problem).toContain(`has ${size + 1} bytes instead of ${size}`);
    const bytes = readFileSync(path).subarray(0, size);
    bytes[size >> 1] = (bytes[size >> 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const changed = await runCommand(['restore', copy], target);
    expect(changed.problem).toContain('was changed after the backup was made');
    bytes[size >> 1] = (bytes[size >> 1] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    expect(existsSync(restored)).toBe(false);
  }, 120_000);

  test('another secret and a folder in use are refused', async () => {
    const secret = 'some other secret, long enough to be one';
    const other = await runCommand(['restore', copy], { ...target, CROSSFOOT_SECRET: secret });
    expect(other.problem).toContain('does not fit the secret');
    const used = await runCommand(['restore', copy], data);
    expect(used.problem).toContain('A restore never overwrites anything');
  }, 120_000);

  test('the restored installation passes the doctor and has every entry and file', async () => {
    const before = await company.owner.run(
      'query ($b: ID!) { trialBalance(bookId: $b, on: "2026-10-01") { rows { balance { amount } } } }',
      {
        b: company.bookId,
      },
    );
    await installation.stop();
    const run = await runCommand(['restore', copy], target);
    expect(run.problem).toBe('');
    expect(run.lines.at(-1)).toBe(`restored to ${restored}`);
    installation = await startInstallation(restored);
    const owner = apiClient(installation.url, company.keys.owner);
    const after = await owner.run(
      'query ($b: ID!) { trialBalance(bookId: $b, on: "2026-10-01") { rows { balance { amount } } } }',
      {
        b: company.bookId,
      },
    );
    expect(after).toEqual(before);
    const again = await runCommand(['import', at('statement.xml'), at('invoice.xml')], {
      ...client,
      CROSSFOOT_URL: installation.url,
    });
    expect(json(again)).toMatchObject([{ alreadyKnown: 1 }, { errors: [{ code: 'DUPLICATE_DOCUMENT' }] }]);
  }, 300_000);

  test('an installation at rest is backed up just the same', async () => {
    await installation.stop();
    const run = await runCommand(['backup', at('at-rest')], target);
    expect(run).toMatchObject({ code: 0, problem: '' });
    expect(existsSync(join(restored, 'database/postmaster.pid'))).toBe(false);
    rmSync(restored, { recursive: true });
    const back = await runCommand(['restore', at('at-rest')], target);
    expect(back.lines.at(-1)).toBe(`restored to ${restored}`);
  }, 300_000);

  test.each(['backup', 'restore'])(
    '%s leaves a server of the operator to its own tools',
    async (name) => {
      const run = await runCommand([name, at('elsewhere')], {
        ...data,
        DATABASE_URL: 'postgres://x@127.0.0.1:1/x',
      });
      expect(run).toMatchObject({
        code: 1,
        problem: expect.stringContaining("with the server's own tools") as string,
      });
    },
    60_000,
  );
});
