/** An entity whose fields the gateway may keep between requests. */
export interface CachedType {
  readonly type: string;
  /** The subgraph that owns it. */
  readonly subgraph: string;
  /** Events of this subject name each entity that changed; undefined for what never changes once it is there. */
  readonly changedBy: string | undefined;
  /** Leaves without arguments that come from the entity's own row and are alike for all who may see it. */
  readonly fields: ReadonlySet<string>;
}

/**
 * What may be kept. A type belongs here only when every write to its row comes with an event that names it; a test
 * looks through the subgraphs' statements for one that does not.
 */
export const cachedTypes: readonly CachedType[] = [
  {
    type: 'Vendor',
    subgraph: 'vendors',
    changedBy: 'vendor',
    fields: fieldsOf(
      'name status taxId country currency paymentTermsDays email defaultAccountCode createdAt updatedAt',
    ),
  },
  {
    type: 'Member',
    subgraph: 'access',
    changedBy: 'member',
    fields: fieldsOf('name email roles active createdAt'),
  },
  {
    type: 'Book',
    subgraph: 'access',
    changedBy: undefined,
    fields: fieldsOf('name legalName taxId country baseCurrency fiscalYearStartMonth createdAt'),
  },
  {
    type: 'Account',
    subgraph: 'transactions',
    changedBy: undefined,
    fields: fieldsOf('code name type active currency'),
  },
];

function fieldsOf(names: string): ReadonlySet<string> {
  return new Set(['id', '__typename', ...names.split(' ')]);
}
