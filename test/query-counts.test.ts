import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { entitiesByPrefix, entityOfId } from '#kernel/ids';
import { openCompany, type Company } from './support/company.ts';
import { idsIn, listFields, tallyRows, walkQueries } from './support/graph-walk.ts';
import { feedSamples } from './support/grow-feeds.ts';
import { growCompany } from './support/grow-company.ts';
import { checkedTemplate, previewedTemplate } from './support/grow-templates.ts';
import { countStatements, type StatementCounter } from './support/statement-counter.ts';
import { openWholeGraph, type WholeGraph } from './support/whole-graph.ts';

/** What a query costs the database does not depend on how many rows there are, wherever in the graph they hang. */
const schema = buildSchema(readFileSync(join(import.meta.dirname, '../schema/api.graphql'), 'utf8'));

type Costs = Map<string, readonly string[]>;

let counter: StatementCounter;
let graph: WholeGraph;
let company: Company;
let few: Costs;
let many: Costs;
const idsSeen = new Set<string>();
const rowsOfFew = new Map<string, number>();
const rowsOfMany = new Map<string, number>();

beforeAll(async () => {
  counter = countStatements();
  graph = await openWholeGraph((source) => counter.counted(source));
  company = await openCompany(graph);
  await growCompany(company, 1);
  few = await costs(rowsOfFew);
  for (const round of [2, 3, 4]) await growCompany(company, round);
  many = await costs(rowsOfMany);
}, 600_000);
afterAll(async () => {
  await graph?.close();
  counter?.remove();
});

async function costs(rows: Map<string, number>): Promise<Costs> {
  await graph.bench.settle();
  const values = await sampleValues();
  const argument = (root: string, name: string) => {
    const value = values[`${root}.${name}`] ?? values[name];
    if (!value) throw new Error(`Say in sampleValues what ${root}(${name}:) may be`);
    return JSON.stringify(value);
  };
  const found: Costs = new Map();
  for (const { name, query } of walkQueries({ schema, argument, first: 60 })) {
    const statements = await counter.during(async () => {
      const answer = await company.owner.run(withinLimits(query));
      tallyRows('Query', answer, rows);
      for (const id of idsIn(answer)) if (entityOfId(id)) idsSeen.add(id);
    });
    found.set(name, statements);
  }
  return found;
}

/** Statements of files with their lines below them are more than an operation may ask of sixty files. */
function withinLimits(query: string): string {
  return query.replace(/(?<=^\{ bankFeedFiles\([^)]*first: )60/, '40');
}

interface Row {
  readonly id: string;
  readonly code?: string;
}
interface Rows {
  readonly edges: readonly { readonly node: Row }[];
}

/** The rows of the lists of a book, and the oldest of each. */
async function oldestRows() {
  const pages = [
    'approvalRequests',
    'documents',
    'drafts',
    'exceptions',
    'imports',
    'journalEntries',
    'matches',
    'matchingRuns',
    'paymentOrders',
    'validationFindings',
  ];
  const paged = [...pages, 'statementLines'].map(
    (name) => `${name}(bookId: $b, first: 500) { edges { node { id } } }`,
  );
  const found = await company.owner.run<Record<string, Rows & Row[]>>(
    `query ($b: ID!) { ${paged.join(' ')} vendors(first: 100) { edges { node { id } } }
       budgets(bookId: $b) { id } dimensions(bookId: $b) { id } taxCodes(bookId: $b) { id } accounts(bookId: $b) { id code } bankAccounts(bookId: $b) { id } connections(bookId: $b) { id } }`,
    { b: company.bookId },
  );
  const oldest = Object.fromEntries(
    Object.entries(found).map(([name, rows]) => [
      name,
      rows.edges ? rows.edges.at(-1)?.node.id : rows[0]?.id,
    ]),
  );
  return { found, oldest };
}

/** What the required arguments of root fields may be: the oldest row there is, where they ask for an id. */
async function sampleValues(): Promise<Readonly<Record<string, string | undefined>>> {
  const { found, oldest } = await oldestRows();
  const further = await company.owner.run<{
    bankAccount: { statements: Rows; signedStatements: Rows };
    syncRuns: Rows;
  }>(
    `query ($a: ID!, $c: ID!) { bankAccount(id: $a) { statements(first: 1) { edges { node { id } } }
         signedStatements(first: 100) { edges { node { id } } } }
       syncRuns(connectionId: $c, first: 1) { edges { node { id } } } }`,
    { a: company.bankAccountId, c: oldest['connections'] },
  );
  const { paymentOrder, payouts, payrolls } = await company.owner.run<{
    paymentOrder: { payments: Rows };
    payouts: Rows;
    payrolls: Rows;
  }>(
    `query ($o: ID!, $b: ID!) { paymentOrder(id: $o) { payments(first: 1) { edges { node { id } } } }
       payouts(bookId: $b, first: 100) { edges { node { id } } }
       payrolls(bookId: $b, first: 100) { edges { node { id } } } }`,
    { o: oldest['paymentOrders'], b: company.bookId },
  );
  const payroll = payrolls.edges.at(-1)?.node.id;
  const { mappingTemplates } = await company.owner.run<{
    mappingTemplates: { name: string; versions: Rows }[];
  }>(
    'query ($b: ID!) { mappingTemplates(bookId: $b) { name versions(first: 2) { edges { node { id } } } } }',
    { b: company.bookId },
  );
  const versions = mappingTemplates.find(({ name }) => name === previewedTemplate)?.versions.edges ?? [];
  const { variance } = await company.owner.run<{ variance: { rows: { drillDown: string }[] } }>(
    'query ($b: ID!) { variance(bookId: $b, from: "2026-10-01") { rows { drillDown } } }',
    { b: company.bookId },
  );
  const signed = further.bankAccount.signedStatements.edges.at(-1)?.node.id;
  return {
    ...fixedValues,
    ...(await feedSamples(company)),
    'reconciliationStatement.bankAccountId': company.bankAccountId,
    'signedStatement.id': signed,
    'signedStatementChanges.signedStatementId': signed,
    'payout.id': payouts.edges.at(-1)?.node.id,
    'payroll.id': payroll,
    'payrollComparison.payrollId': payroll,
    'figureLines.drillDown': variance.rows[0]?.drillDown,
    'mappingTemplateDifferences.fromId': versions[1]?.node.id,
    'mappingTemplateDifferences.toId': versions[0]?.node.id,
    'previewMappingTemplate.versionId': versions[0]?.node.id,
    'bankStatement.id': further.bankAccount.statements.edges[0]?.node.id,
    'paymentLine.id': paymentOrder.payments.edges[0]?.node.id,
    'syncRun.id': further.syncRuns.edges[0]?.node.id,
    bookId: company.bookId,
    accountId: found['accounts']?.find((account) => account.code === '6310')?.id,
    connectionId: oldest['connections'],
    dimensionId: oldest['dimensions'],
    'bankAccount.id': company.bankAccountId,
    'book.id': company.bookId,
    'member.id': company.members.submitter,
    ...Object.fromEntries(entities.map((name) => [`${name}.id`, oldest[pluralOf(name)]])),
  };
}

/** What root fields want to know beside ids. */
const fixedValues = {
  'checkMappingTemplate.yaml': checkedTemplate,
  'closeChecklist.startsOn': '2026-10-01',
  'closeChecklist.endsOn': '2026-10-31',
  'exchangeRate.from': 'USD',
  'exchangeRate.to': 'EUR',
  'feeReconciliation.from': '2026-01-01',
  'feeReconciliation.to': '2026-12-31',
  'expenseToBank.from': '2026-10-01',
  'expenseToBank.to': '2026-10-31',
  'expenseTotals.from': '2026-10-01',
  'expenseTotals.to': '2026-10-31',
  'reimbursements.from': '2026-10-01',
  'reimbursements.to': '2026-10-31',
  'reconciliationStatement.asOf': '2026-11-30',
  'monthlyChecklist.month': '2026-10-31',
  'matchVendorName.name': 'Similar Vendor',
  'taxReport.from': '2026-01-01',
  'taxReport.to': '2026-12-31',
  'taxReportLines.from': '2026-01-01',
  'taxReportLines.to': '2026-12-31',
  'variance.from': '2026-10-01',
};

/** Root fields that answer one row of the list that is called like them. */
const entities = [
  'account',
  'approvalRequest',
  'budget',
  'connection',
  'document',
  'draft',
  'exception',
  'import',
  'journalEntry',
  'match',
  'matchingRun',
  'paymentOrder',
  'statementLine',
  'taxCode',
  'validationFinding',
  'vendor',
];
const plurals: Readonly<Record<string, string>> = { journalEntry: 'journalEntries', match: 'matches' };
const pluralOf = (name: string): string => plurals[name] ?? `${name}s`;

/** Statements that a query sent more often than before, with how often. */
function growth(before: readonly string[], after: readonly string[]): string[] {
  const times = (statements: readonly string[], text: string) =>
    statements.filter((one) => one === text).length;
  const shape = (text: string) => text.replaceAll(/'[^']*'/g, '?').replaceAll(/\?(, \?)+/g, '?');
  const [was, is] = [before.map(shape), after.map(shape)];
  return [...new Set(is)]
    .filter((text) => times(is, text) > times(was, text))
    .map((text) => `${times(was, text)} → ${times(is, text)}: ${text}`);
}

test('no query costs more statements with many rows than with few', () => {
  const grown = [...many].flatMap(([name, statements]) => {
    const before = few.get(name) ?? [];
    return statements.length > before.length ? [{ name, more: growth(before, statements) }] : [];
  });
  expect(grown).toEqual([]);
});

/** Lists whose length has nothing to do with how much a company has, and why. */
const steady: Readonly<Record<string, string>> = {
  'Account.balance': 'one amount for each currency',
  'Account.requiredDimensions': 'one for each dimension',
  'AccountLedger.closingOriginal': 'one amount for each currency',
  'AccountLedger.openingOriginal': 'one amount for each currency',
  'AgedList.functional': 'one amount for each age',
  'AgedList.rows': 'one for each counterparty',
  'AgedList.totals': 'one amount for each age and currency',
  'AgedRow.columns': 'one amount for each age',
  'ChecklistItem.amounts': 'one amount for each currency',
  'CloseChecklist.approvalItems': 'one for each point',
  'CloseChecklist.bankItems': 'one for each point',
  'CloseChecklist.items': 'one for each point',
  'CloseChecklist.syncItems': 'one for each point',
  'CashFlowForecast.days': 'as many as were asked for',
  'FeeReconciliation.totals': 'one for each currency',
  'ExceptionPolicy.hours': 'one for each severity',
  'ExceptionPolicy.severities': 'one for each reason',
  'FinancialStatement.columns': 'one for each time compared',
  'PaymentOrder.totals': 'one amount for each currency',
  'PeriodTrialBalance.columns': 'one for each time compared',
  'PeriodTrialBalance.totals': 'one amount for each column and currency',
  'Query.auditRecords': 'more than a page from the start',
  'Query.expenseTotals': 'one for each state and currency',
  'Query.exceptionCounts': 'one for each reason',
  'Query.mappingTemplateDifferences': 'of two versions that stay',
  'Query.mappingTemplateLibrary': 'what comes with the product',
  'Query.mappingTemplateWords': 'the language of templates',
  'LibraryMappingTemplate.rules': 'what comes with the product',
  'MatchingCalibration.methods': 'one for each way of matching',
  'MethodCalibration.bands': 'one for each band of confidence',
  'MappingTemplateCheck.errors': 'of one file',
  'MappingTemplateCheck.results': 'of one file',
  'Query.nodes': 'has a test of its own',
  'ReconciliationItem.lines': 'those of the first page, on which entries come before lines',
  'ReconciliationStatement.bankBalances': 'one for each account on one account of the ledger',
  'ReconciliationStatement.summary': 'one for each kind and currency',
  'ReconciliationStatement.totals': 'one for each currency',
  'ReconciliationStatementChanges.signedTotals': 'one for each currency',
  'ReconciliationStatementChanges.totals': 'one for each currency',
  'ReconciliationSummary.unreconciled': 'one amount for each currency',
  'Query.taxJurisdictions': 'the countries that come with the product',
  'TaxReport.controls': 'one for each account taxes stand on',
  'VarianceReport.rows': 'one for each account that is used',
  'VarianceReport.totals': 'income, expenses and result',
  'TrialBalance.rows': 'one for each account that is used',
};

test('the figures mean something: every list and page of the graph had rows, and more of them later', () => {
  const places = listFields(schema);
  expect(places.length).toBeGreaterThan(40);
  expect(places.filter((place) => !rowsOfFew.get(place) && place !== 'Query.nodes')).toEqual([]);
  const longer = (place: string) => (rowsOfMany.get(place) ?? 0) > (rowsOfFew.get(place) ?? 0);
  expect(places.filter((place) => !longer(place) && !(place in steady))).toEqual([]);
});

test('many entities by their ids cost as few statements as one of each kind', async () => {
  const first = new Map<string, string>();
  for (const id of idsSeen) {
    const prefix = id.slice(0, id.indexOf('_'));
    if (!first.has(prefix)) first.set(prefix, id);
  }
  const ask = async (ids: readonly string[]) => {
    const answer = await company.owner.run<{ nodes: unknown[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id __typename ... on Document { number } ... on Vendor { name } } }',
      { ids },
    );
    expect(answer.nodes.filter((node) => node === null)).toEqual([]);
  };
  const oneOfEach = await counter.during(() => ask([...first.values()]));
  const all = await counter.during(() => ask([...new Set([...first.values(), ...idsSeen])].slice(0, 100)));
  expect(growth(oneOfEach, all)).toEqual([]);
  expect([...first.keys()].toSorted()).toEqual(Object.keys(entitiesByPrefix).toSorted());
});

test('another company finds nothing by these ids', async () => {
  const stranger = await openCompany(graph);
  const ids = [...idsSeen].slice(0, 100);
  const { nodes } = await stranger.owner.run<{ nodes: unknown[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    { ids },
  );
  expect(nodes).toEqual(ids.map(() => null));
});

interface StatementsPage {
  readonly id: string;
  readonly statements: {
    readonly totalCount: number;
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  };
}

test('pages below several rows go on behind their cursors, each with its own rows in order', async () => {
  const ask = async (first: number, after?: string | null) => {
    const { bankAccounts } = await company.owner.run<{ bankAccounts: StatementsPage[] }>(
      `query ($b: ID!, $first: Int, $after: String) { bankAccounts(bookId: $b) { id statements(first: $first, after: $after) {
         totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } } }`,
      { b: company.bookId, first, after },
    );
    const main = bankAccounts.find(({ id }) => id === company.bankAccountId);
    const others = bankAccounts.filter(({ id }) => id !== company.bankAccountId);
    if (!main) throw new Error('The bank account is gone');
    const own = new Set(main.statements.edges.map(({ node }) => node.id));
    const theirs = others.flatMap(({ statements }) => statements.edges.map(({ node }) => node.id));
    expect(theirs.filter((id) => own.has(id))).toEqual([]);
    // Only the account to which files are sent has any beside the main one.
    expect(others.filter(({ statements }) => statements.edges.length > 0)).toHaveLength(1);
    return main.statements;
  };
  const whole = await ask(100);
  const ids = whole.edges.map(({ node }) => node.id);
  expect(ids).toEqual(ids.toSorted().toReversed());
  expect(whole).toMatchObject({ totalCount: ids.length, pageInfo: { hasNextPage: false } });
  expect(ids).toHaveLength(12);
  const walked: string[] = [];
  for (let after: string | null | undefined, more = true; more;) {
    const page = await ask(3, after);
    walked.push(...page.edges.map(({ node }) => node.id));
    expect(page.totalCount).toBe(12);
    ({ hasNextPage: more, endCursor: after } = page.pageInfo);
  }
  expect(walked).toEqual(ids);
});
