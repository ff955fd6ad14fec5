import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { subscribe } from '../support/subscriber.ts';
import { trialBalance } from '../support/steps.ts';

const run = promisify(execFile);
const main = join(import.meta.dirname, '../../main.ts');

interface Told {
  readonly change: string;
  readonly import: { readonly id: string; readonly status: string; readonly recordsMade: number };
}

describe.each(modes)('files of many rows come into the books, in %s', (mode) => {
  let platform: Platform;
  let company: Company;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'crossfoot-rows-'));
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
  });
  afterAll(async () => {
    await platform?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const journal = (entries: number, name: string) =>
    [
      'Entry;Date;Account;Debit;Credit',
      ...Array.from(
        { length: entries },
        (_, index) => `${name}${index};05.10.2026;6850;1,00;\n${name}${index};05.10.2026;1000;;1,00`,
      ),
    ].join('\n');

  test('a subscriber hears of an import to its end, and a power cut in the middle of it loses and doubles nothing', async () => {
    const heard = await subscribe<Told>(platform.url, company.keys.owner, {
      query:
        'subscription ($bookId: ID) { importChanged(bookId: $bookId) { change import { id status recordsMade } } }',
      variables: { bookId: company.bookId },
    });
    const fileId = await company.owner.upload('small.csv', Buffer.from(journal(5, 'S')));
    await mutate(company.owner, 'startImport', {
      input: { bookId: company.bookId, fileId, kind: 'JOURNAL' },
    });
    await eventually(() => Promise.resolve(heard.received.some(({ change }) => change === 'finished')));
    expect(heard.received[0]?.change).toBe('started');
    expect(heard.received.at(-1)?.import).toMatchObject({ status: 'SUCCEEDED', recordsMade: 5 });
    await heard.cut();

    const large = await company.owner.upload('large.csv', Buffer.from(journal(6000, 'L')));
    const { import: started } = await mutate<{ import: { id: string } }>(company.owner, 'startImport', {
      input: { bookId: company.bookId, fileId: large, kind: 'JOURNAL' },
      fields: 'import { id }',
    });
    const now = async () =>
      (
        await company.owner.run<{ import: { status: string; recordsMade: number; rowsApplied: number } }>(
          'query ($id: ID!) { import(id: $id) { status recordsMade rowsApplied } }',
          { id: started.id },
        )
      ).import;
    await eventually(async () => (await now()).rowsApplied > 0);
    await platform.killAndRestart();
    // The sweep at the start goes on with it.
    await eventually(async () => (await now()).status === 'SUCCEEDED', 120_000);
    expect(await now()).toEqual({ status: 'SUCCEEDED', recordsMade: 6000, rowsApplied: 12_000 });
    const { balances, balanced } = await trialBalance(company);
    expect(balanced).toBe(true);
    expect(balances['6850 EUR']).toBe('6005.00');
  }, 240_000);

  test('the command line imports them, says what was wrong, and fetches the file of errors', async () => {
    const file = join(folder, 'rows.csv');
    const errors = join(folder, 'errors.csv');
    writeFileSync(file, `${journal(2, 'C')}\nC9;05.10.2026;nowhere at all;1,00;\n`);
    const settings = { ...process.env, CROSSFOOT_URL: platform.url, CROSSFOOT_TOKEN: company.keys.owner };
    const command = ['import-data', 'journal', file, '--book', company.bookId, '--errors', errors];
    const ended = await run(process.execPath, [main, ...command], { env: settings }).catch(
      (error: unknown) => error,
    );
    const { code, stdout } = ended as { code: number; stdout: string };
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'PARTLY_SUCCEEDED', recordsMade: 2, problemCount: 1 });
    expect(readFileSync(errors, 'utf8').split('\r\n')[1]).toContain('6,Account,C9,ACCOUNT_UNKNOWN,');
    const preview = await run(process.execPath, [main, ...command, '--preview'], { env: settings });
    expect(JSON.parse(preview.stdout)).toMatchObject({ settings: { delimiter: ';', decimalMark: 'COMMA' } });
  });
});
