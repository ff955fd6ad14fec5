import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mutate, openCompany, tryMutate, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import {
  approve,
  documentNow,
  importStatement,
  submitInvoice,
  trialBalance,
  untilPosted,
  untilWaiting,
} from '../support/steps.ts';

/** Names in the ledger are UTF-8, whatever the locale of the machine. */
const utf8 = { env: { ...process.env, LC_ALL: 'C.UTF-8' } };
const hledgerFound = spawnSync('hledger', ['--version']).status === 0;

describe.each(modes)('an e-invoice becomes a posted entry in the ledger file, in %s', (mode) => {
  let platform: Platform;
  let company: Company;
  let ledgerFile: string;

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
    const { connection } = await mutate<{ connection: { target: string } }>(company.owner, 'connectSystem', {
      input: { bookId: company.bookId, kind: 'HLEDGER_JOURNAL', name: 'Ledger' },
      fields: 'connection { target }',
    });
    ledgerFile = connection.target;
  });
  afterAll(() => platform?.stop());

  test('the submitter cannot approve it, the approver can, and then it is posted and pushed', async () => {
    const documentId = await submitInvoice(company, { number: 'NH-1', net: 1000 });
    const requestId = await untilWaiting(company, documentId);
    const decide = { approvalRequestId: requestId, verdict: 'APPROVE' };
    await expect(tryMutate(company.submitter, 'decideApproval', { input: decide })).rejects.toThrow('scope');
    const own = await tryMutate(company.owner, 'decideApproval', { input: { ...decide, dryRun: true } });
    expect(own.errors).toEqual([]);
    await approve(company, requestId);
    const entry = await untilPosted(company, documentId);
    await eventually(async () => readJournal().includes(entry.id));
    expect(readJournal()).toContain(entry.number);
  });

  test('an owner who handed a document in cannot approve it either', async () => {
    const document = {
      kind: 'RECEIPT',
      number: 'R-1',
      issuedOn: '2026-10-03',
      counterpartyName: 'Papier Kolb',
      currency: 'EUR',
      total: '595.00',
      tax: '95.00',
    };
    const made = await mutate<{ document: { id: string } }>(company.owner, 'submitDocument', {
      input: { bookId: company.bookId, document },
      fields: 'document { id }',
    });
    const approvalRequestId = await untilWaiting(company, made.document.id);
    const own = await tryMutate(company.owner, 'decideApproval', {
      input: { approvalRequestId, verdict: 'APPROVE' },
    });
    expect(own.errors.map((error) => error.code)).toEqual(['FOUR_EYES']);
    await approve(company, approvalRequestId);
    await untilPosted(company, made.document.id);
  });

  test('a small invoice goes through without anybody, by policy', async () => {
    const documentId = await submitInvoice(company, { number: 'NH-2', net: 100 });
    await untilPosted(company, documentId);
    expect((await documentNow(company.owner, documentId)).draft?.approvalRequest?.status).toBe(
      'AUTO_APPROVED',
    );
  });

  test('a rejected draft never reaches the journal', async () => {
    const documentId = await submitInvoice(company, { number: 'NH-3', net: 2000 });
    const approvalRequestId = await untilWaiting(company, documentId);
    await mutate(company.approver, 'decideApproval', {
      input: {
        approvalRequestId,
        verdict: 'REJECT',
        comment: 'not ours',
      },
    });
    await eventually(async () => (await documentNow(company.owner, documentId)).status === 'REJECTED');
    expect((await documentNow(company.owner, documentId)).journalEntry).toBeNull();
  });

  test('every command is in the audit log and the chain verifies', async () => {
    const answer = await eventually(async () => {
      const now = await company.auditor.run<{
        verifyAudit: { valid: boolean; records: number };
        auditRecords: { edges: { node: { command: string; actorName: string } }[] };
      }>(
        `{ verifyAudit { valid records } auditRecords(first: 200) { edges { node { command actorName } } } }`,
      );
      return now.verifyAudit.records > 20 ? now : undefined;
    });
    expect(answer?.verifyAudit.valid).toBe(true);
    const commands = answer?.auditRecords.edges.map(({ node }) => `${node.command} by ${node.actorName}`);
    expect(commands).toContain('decideApproval by Ravi');
    expect(commands).toContain('submitDocument by Ana');
  });

  test('hledger accepts the file and its trial balance is ours', async (context) => {
    context.skip(!hledgerFound, 'hledger is not installed');
    await importStatement(company, [
      {
        cents: -119_000,
        on: '2026-10-16',
        name: 'Nordlicht Hosting GmbH',
        text: 'Invoice NH-1',
        reference: 'NH-1',
      },
    ]);
    await eventually(async () => (await trialBalance(company)).balances['1000 EUR'] === '-1190.00');
    await untilAllPushed();
    const check = ['-f', ledgerFile, 'check', 'balancednoautoconversion', 'accounts', 'commodities'];
    expect(execFileSync('hledger', check, utf8).toString()).toBe('');
    const { balances } = await trialBalance(company);
    expect(hledgerBalances()).toEqual(withoutZeros(balances));
  });

  function readJournal(): string {
    try {
      return readFileSync(ledgerFile, 'utf8');
    } catch {
      return '';
    }
  }

  async function untilAllPushed(): Promise<void> {
    await eventually(async () => {
      const answer = await company.owner.run<{
        connections: { pending: number }[];
        journalEntries: { totalCount: number };
      }>(
        `query ($b: ID!) { connections(bookId: $b) { pending pushed } journalEntries(bookId: $b, first: 1) { totalCount } }`,
        { b: company.bookId },
      );
      const pushed = readJournal().match(/entry:je_/g)?.length ?? 0;
      return answer.connections[0]?.pending === 0 && pushed === answer.journalEntries.totalCount;
    });
  }

  /** hledger's balances under the codes our accounts begin with. */
  function hledgerBalances(): Record<string, string> {
    const balance = ['-f', ledgerFile, 'balance', '--flat', '-N', '-O', 'csv', '--layout=bare'];
    const csv = execFileSync('hledger', balance, utf8).toString();
    const rows = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.replaceAll('"', '').split(','));
    return Object.fromEntries(
      rows.map(([account = '', currency, balance = '']) => [
        `${/\d{4}/.exec(account)?.[0]} ${currency}`,
        balance,
      ]),
    );
  }

  function withoutZeros(balances: Record<string, string>): Record<string, string> {
    return Object.fromEntries(
      Object.entries(balances).filter(([, balance]) => !/^-?0(\.0+)?$/.test(balance)),
    );
  }
});
