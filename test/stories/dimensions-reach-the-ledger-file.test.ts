import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { approve, untilPosted, untilWaiting } from '../support/steps.ts';

describe.each(modes)('what a document belongs to is in the ledger file, in %s', (mode) => {
  let platform: Platform;
  let company: Company;
  let ledgerFile: string;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
    const { bookId } = company;
    const { connection } = await mutate<{ connection: { target: string } }>(company.owner, 'connectSystem', {
      input: { bookId, kind: 'HLEDGER_JOURNAL', name: 'Ledger' },
      fields: 'connection { target }',
    });
    ledgerFile = connection.target;
    for (const [dimension, code, name] of [
      ['costCentre', 'CC10', 'Operations'],
      ['project', 'P7', 'New website'],
      ['project', 'P8', 'Relaunch'],
    ]) {
      await mutate(company.owner, 'createDimensionValue', {
        input: { bookId, dimension, code, name },
        fields: 'dimensionValue { code }',
      });
    }
    await mutate(company.owner, 'defineCustomField', {
      input: { bookId, key: 'contractNumber', label: 'Contract number', type: 'TEXT', level: 'DOCUMENT' },
      fields: 'customField { key }',
    });
  });
  afterAll(() => platform?.stop());

  test('with cost centre, project and a custom field of the book', async () => {
    const document = {
      kind: 'INVOICE',
      number: 'NH-77',
      issuedOn: '2026-10-05',
      counterpartyName: 'Nordlicht Hosting GmbH',
      currency: 'EUR',
      total: '1190.00',
      tax: '190.00',
      dimensions: [{ dimension: 'costCentre', value: 'operations' }],
      fields: [{ key: 'contractNumber', value: 'K-2026, part 3' }],
      lines: [
        { description: 'Hosting', net: '600.00', dimensions: [{ dimension: 'project', value: 'P7' }] },
        { description: 'Hosting', net: '400.00', dimensions: [{ dimension: 'project', value: 'p8' }] },
      ],
    };
    const made = await mutate<{ document: { id: string } }>(company.submitter, 'submitDocument', {
      input: { bookId: company.bookId, document },
      fields: 'document { id }',
    });
    await approve(company, await untilWaiting(company, made.document.id));
    const entry = await untilPosted(company, made.document.id);
    const answer = await company.owner.run<{ journalEntry: object }>(
      `query ($id: ID!) { journalEntry(id: $id) { fields { key value } lines {
         money { amount } dimensions { dimension code value { name } } } } }`,
      { id: entry.id },
    );
    const operations = { dimension: 'costCentre', code: 'CC10', value: { name: 'Operations' } };
    expect(answer.journalEntry).toEqual({
      fields: [{ key: 'contractNumber', value: 'K-2026, part 3' }],
      lines: [
        {
          money: { amount: '600.00' },
          dimensions: [operations, { dimension: 'project', code: 'P7', value: { name: 'New website' } }],
        },
        {
          money: { amount: '400.00' },
          dimensions: [operations, { dimension: 'project', code: 'P8', value: { name: 'Relaunch' } }],
        },
        { money: { amount: '190.00' }, dimensions: [operations] },
        { money: { amount: '1190.00' }, dimensions: [operations] },
      ],
    });
    await eventually(async () => journal().includes(entry.id));
    const written =
      journal()
        .slice(journal().indexOf(`(${entry.number})`))
        .split('\n\n')[0] ?? '';
    expect(
      written
        .split('\n')
        .slice(1)
        .map((line) => line.replace(/^ +\S+.*?  /, '')),
    ).toEqual([
      '    ; contractNumber:K-2026%2C part 3',
      '600.00 EUR  ; costCentre:CC10, project:P7',
      '400.00 EUR  ; costCentre:CC10, project:P8',
      '190.00 EUR  ; costCentre:CC10',
      '-1190.00 EUR  ; costCentre:CC10',
    ]);
  });

  function journal(): string {
    try {
      return readFileSync(ledgerFile, 'utf8');
    } catch {
      return '';
    }
  }
});
