import { enumeration, record, type TypeRef } from '#kernel/graphql-types';
import { graph } from '../graph.ts';
import type { TemplateChange } from './diff-templates.ts';
import type { LibraryTemplate } from './library.ts';
import type { TestResult } from './test-template.ts';
import type { TemplateRule } from './template.ts';

const scope = 'transactions:read';
const views = ['portal'] as const;

/** Types of shop and card transactions. */
export const TransactionKindEnum = enumeration(graph, 'TransactionKind', {
  description: 'What a transaction of a shop or card is; mapping rules are for some of them.',
  values: {
    SALE: 'Goods or services sold.',
    PAYMENT: 'Money received that is no sale by itself.',
    REFUND: 'Money given back to a customer.',
    FEE: 'What a processor or marketplace keeps.',
    PAYOUT: 'What a processor or marketplace pays to the bank.',
    TAX: 'Tax paid or collected.',
    TIP: 'A tip, owed to the staff.',
    GIFT_CARD: 'A gift card sold: a debt until it is used.',
    EXPENSE: 'Something bought.',
    REIMBURSEMENT: 'Something an employee paid and gets back.',
    ASSET_PURCHASE: 'Something bought that lasts.',
  },
});

/** What an amount becomes in the books. */
export const PostingKindEnum = enumeration(graph, 'PostingKind', {
  description: 'What an amount becomes in the books.',
  values: {
    EXPENSE: 'A cost of the period.',
    LIABILITY: 'A debt.',
    ASSET: 'Something that is owned.',
    INCOME: 'An income of the period.',
  },
});

/** Where a version of a template stands. */
export const TemplateStatusEnum = enumeration(graph, 'MappingTemplateStatus', {
  description: 'Where a version of a template stands.',
  values: {
    DRAFT: 'Saved; its tests were not run or do not pass.',
    TESTED: 'Its tests pass; somebody else may approve it.',
    APPROVED: 'Approved by somebody other than its author.',
    ACTIVE: 'It decides for documents and transactions of its days.',
    RETIRED: 'Out of use; it explains what it decided.',
  },
});

const ChangeEnum = enumeration(graph, 'MappingTemplateChangeKind', {
  description: 'What became of a part of a template.',
  values: {
    ADDED: 'It is new.',
    REMOVED: 'It is gone.',
    CHANGED: 'It is another value.',
    MOVED: 'The order changed, and the first rule that fits decides.',
  },
});

/** A difference between two versions. */
export const TemplateChangeType: TypeRef<TemplateChange> = record<TemplateChange>(
  graph,
  'MappingTemplateChange',
  {
    description: 'A difference between two versions of a template.',
    scope,
    views,
    fields: (t) => ({
      path: t.exposeString('path', { description: 'Where, such as rules["Card sale"].lines[0].debit.' }),
      change: t.field({
        type: ChangeEnum,
        description: 'What became of it.',
        resolve: ({ change }) => change,
      }),
      before: t.exposeString('before', { nullable: true, description: 'What it was.' }),
      after: t.exposeString('after', { nullable: true, description: 'What it is.' }),
    }),
  },
);

/** What became of a test a template brings. */
export const TestResultType: TypeRef<TestResult> = record<TestResult>(graph, 'MappingTemplateTestResult', {
  description: 'What became of one test that a template brings with it.',
  scope,
  views,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the test.' }),
    passed: t.exposeBoolean('passed', { description: 'Whether it came out as it says.' }),
    rule: t.exposeString('rule', {
      nullable: true,
      description: 'The rule that decided; none fits when null.',
    }),
    differences: t.field({
      type: ['String'],
      description: 'What came out otherwise, one sentence each.',
      resolve: (result) => [...result.differences],
    }),
  }),
});

/** One rule of a version. */
export const TemplateRuleType: TypeRef<TemplateRule> = record<TemplateRule>(graph, 'MappingTemplateRule', {
  description: 'One rule of a template; the first rule that fits decides.',
  scope,
  views,
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name; drafts it decided name it.' }),
    kinds: t.field({
      type: [TransactionKindEnum],
      description: 'What it is for.',
      resolve: (rule) => rule.for,
    }),
    categories: t.field({
      type: ['String'],
      description: 'The categories it is for; any when empty.',
      resolve: (rule) => rule.category ?? [],
    }),
    when: t.exposeString('when', { nullable: true, description: 'Its condition, an expression.' }),
    posting: t.field({
      type: PostingKindEnum,
      nullable: true,
      description: 'What the amount becomes.',
      resolve: (rule) => rule.posting,
    }),
    account: t.exposeString('account', {
      nullable: true,
      description: 'The account, a role of the template, or an expression behind an equals sign.',
    }),
    taxCode: t.exposeString('taxCode', { nullable: true, description: 'Its tax code or an expression.' }),
    lineCount: t.int({
      description: 'How many lines it writes itself; none where it says an account.',
      resolve: (rule) => rule.lines?.length ?? 0,
    }),
  }),
});

/** A ready template. */
export const LibraryTemplateType: TypeRef<LibraryTemplate> = record<LibraryTemplate>(
  graph,
  'LibraryMappingTemplate',
  {
    description: 'A ready template that comes with the product; save it into a book by its name.',
    scope,
    views,
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Its name.' }),
      title: t.string({ description: 'What it is for.', resolve: ({ template }) => template.title }),
      yaml: t.string({ description: 'Its file.', resolve: ({ source }) => source }),
      rules: t.field({
        type: [TemplateRuleType],
        description: 'Its rules.',
        resolve: ({ template }) => template.rules,
      }),
    }),
  },
);
