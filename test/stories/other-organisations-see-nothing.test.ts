import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLOutputType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entityOfId } from '#kernel/ids';
import { mutate, openCompany, type Company } from '../support/company.ts';
import { eventually, modes, startTestPlatform, type Platform } from '../support/platform.ts';
import { importStatement, postInvoice, submitInvoice, untilWaiting } from '../support/steps.ts';

const api = buildSchema(readFileSync(join(import.meta.dirname, '../../schema/api.graphql'), 'utf8'));

describe.each(modes)('another organisation sees nothing, in %s', (mode) => {
  let platform: Platform;
  let company: Company;
  let stranger: Company;
  /** Every id there is in the company's rows. */
  let ids: string[];

  beforeAll(async () => {
    platform = await startTestPlatform(mode);
    company = await openCompany(platform);
    stranger = await openCompany(platform);
    await mutate(company.owner, 'connectSystem', {
      input: {
        bookId: company.bookId,
        kind: 'HLEDGER_JOURNAL',
        name: 'Ledger',
      },
    });
    await mutate(company.owner, 'createMappingRule', {
      input: {
        bookId: company.bookId,
        name: 'Hosting',
        priority: 1,
        vendorNameContains: 'Nordlicht',
        accountCode: '6330',
      },
    });
    await postInvoice(company, { number: 'I-1', net: 100 });
    await untilWaiting(company, await submitInvoice(company, { number: 'I-2', net: 5000 }));
    await importStatement(company, [
      {
        cents: -11_900,
        on: '2026-10-16',
        name: 'Nordlicht Hosting GmbH',
        text: 'Invoice I-1',
        reference: 'I-1',
      },
      { cents: -777, on: '2026-10-17', name: 'Nobody', text: 'Nothing' },
    ]);
    await eventually(async () =>
      (await idsOf(platform, company.organisationId)).some((id) => id.startsWith('ex_')),
    );
    ids = await idsOf(platform, company.organisationId);
  });
  afterAll(() => platform?.stop());

  test('there is something to see', () => {
    expect(ids.length).toBeGreaterThan(20);
  });

  const roots = Object.values(api.getQueryType()?.getFields() ?? {});

  test.each(roots.map((field) => [field.name, field] as const))(
    'through the root field %s',
    async (_name, field) => {
      const { query, candidates } = queryOf(field, company.bookId, ids);
      for (const id of candidates) {
        const answer = await post(platform.url, stranger.keys.owner, { query, variables: { id } });
        for (const one of ids) expect(answer).not.toContain(`"${one}"`);
        expect(answer).not.toContain('"code":"INTERNAL"');
      }
    },
  );

  test('by their ids alone, by which the owner finds everything', async () => {
    const known = ids.filter((id) => entityOfId(id)).slice(0, 100);
    const found = async ({ owner }: Company) => {
      const query = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
      return (await owner.run<{ nodes: unknown[] }>(query, { ids: known })).nodes;
    };
    expect(await found(company)).toEqual(known.map((id) => ({ id })));
    expect(await found(stranger)).toEqual(known.map(() => null));
  });

  test('through entity references, which the gateway does not even know', async () => {
    const answer = await post(platform.url, stranger.keys.owner, {
      query: '{ _entities(representations: [{ __typename: "Document", id: "x" }]) { __typename } }',
    });
    expect(answer).toContain('errors');
    const roleAnswers = await entityAnswers(platform, stranger, ids);
    expect(roleAnswers).toEqual([]);
  });

  test('and changes nothing either: every id is as good as unknown', async () => {
    const before = await idsOf(platform, company.organisationId);
    const draft = ids.find((id) => id.startsWith('drf_'));
    const attempts: [string, object][] = [
      ['changeDraft', { draftId: draft, accountCode: '6850' }],
      ['decideApproval', { approvalRequestId: ids.find((id) => id.startsWith('apr_')), verdict: 'APPROVE' }],
      [
        'reverseJournalEntry',
        { journalEntryId: ids.find((id) => id.startsWith('je_')), postedOn: '2026-10-20', reason: 'x' },
      ],
      ['blockVendor', { vendorId: ids.find((id) => id.startsWith('ven_')) }],
    ];
    for (const [name, input] of attempts) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
      const answer = await stranger.owner.run<Record<string, { errors: { code: string }[] }>>(
        `mutation ($input: ${type}!) { ${name}(input: $input) { errors { code } } }`,
        { input },
      );
      expect([name, answer[name]?.errors.map((error) => error.code)]).toEqual([name, ['NOT_FOUND']]);
    }
    expect(await idsOf(platform, company.organisationId)).toEqual(before);
  });
});

async function post(url: string, token: string, operation: object): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(operation),
  });
  return response.text();
}

/** Every id in every tenant table of an organisation. */
async function idsOf(platform: Platform, organisationId: string): Promise<string[]> {
  const tables = await platform.owner.query<{ name: string }>(
    `select format('%I.%I', c.table_schema, c.table_name) as name from information_schema.columns c
      join information_schema.columns i on i.table_schema = c.table_schema and i.table_name = c.table_name and i.column_name = 'id'
     where c.column_name = 'organisation_id' and i.data_type = 'text' and c.table_schema not in ('kernel', 'audit')
     order by 1`,
  );
  const found: string[] = [];
  for (const { name } of tables.rows) {
    const rows = await platform.owner.query<{ id: string }>(
      `select id from ${name} where organisation_id = $1 order by id`,
      [organisationId],
    );
    found.push(...rows.rows.map((row) => row.id));
  }
  return found;
}

/** The query that reaches a root field, and every id of the company that could stand in it. */
function queryOf(
  field: GraphQLField<unknown, unknown>,
  bookId: string,
  ids: readonly string[],
): { query: string; candidates: readonly (string | undefined)[] } {
  const selection = selectionOf(field.type, 2);
  const required = field.args.filter((arg) => isNonNullType(arg.type));
  const idArgument = required.find((arg) => arg.name === 'id' || arg.name.endsWith('Id'));
  const args = required.map((arg) => `${arg.name}: ${arg === idArgument ? '$id' : '"Nordlicht"'}`).join(', ');
  const variables = idArgument ? `query ($id: ${idArgument.type.toString()}) ` : '';
  const query = `${variables}{ ${field.name}${args === '' ? '' : `(${args})`} ${selection} }`;
  if (!idArgument) return { query, candidates: [undefined] };
  return { query, candidates: idArgument.name === 'bookId' ? [bookId] : ids };
}

function selectionOf(type: GraphQLOutputType, depth: number): string {
  if (isNonNullType(type) || isListType(type)) return selectionOf(type.ofType as GraphQLOutputType, depth);
  if (!isObjectType(type) || depth < 0) return '';
  const fields = Object.values(type.getFields())
    .filter((field) => field.args.every((arg) => !isNonNullType(arg.type)))
    .map((field) => [field.name, selectionOf(field.type, depth - 1), isLeafField(field.type)] as const)
    .filter(([, inner, leaf]) => leaf || (depth > 0 && inner !== ''))
    .map(([name, inner]) => `${name} ${inner}`);
  return fields.length > 0 ? `{ ${fields.join(' ')} }` : '';
}

function isLeafField(type: GraphQLOutputType): boolean {
  if (isNonNullType(type) || isListType(type)) return isLeafField(type.ofType as GraphQLOutputType);
  return !isObjectType(type);
}

/** Asks each subgraph's role, straight in the database, for rows of the company while working for the stranger. */
async function entityAnswers(
  platform: Platform,
  stranger: Company,
  ids: readonly string[],
): Promise<string[]> {
  const seen: string[] = [];
  const client = await platform.owner.connect();
  try {
    for (const schema of ['access', 'vendors', 'transactions', 'reconciliation', 'approvals', 'sync']) {
      await client.query('begin');
      await client.query(`set local role crossfoot_${schema}`);
      await client.query("select set_config('crossfoot.organisation', $1, true)", [stranger.organisationId]);
      const tables = await client.query<{ name: string }>(
        `select distinct format('%I.%I', i.table_schema, i.table_name) as name from information_schema.columns i
          where i.column_name = 'id' and i.data_type = 'text' and i.table_schema = $1`,
        [schema],
      );
      for (const { name } of tables.rows) {
        const rows = await client.query<{ id: string }>(`select id from ${name} where id = any ($1)`, [ids]);
        seen.push(...rows.rows.map((row) => `${name} ${row.id}`));
      }
      await client.query('rollback');
    }
  } finally {
    client.release();
  }
  return seen;
}
