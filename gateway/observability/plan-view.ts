import type {
  QueryPlan,
  QueryPlanSelectionNode,
  PlanNode,
  FetchNode,
  SubscriptionNode,
} from '@apollo/query-planner';
import { parse, print } from 'graphql';

/** One call of a subgraph in a plan. */
export interface PlannedFetch {
  readonly kind: 'fetch';
  /** Numbers the fetches of a plan from 0, in the order in which they are written. */
  readonly id: number;
  readonly subgraph: string;
  /** Where in the answer it adds; lists as `@`. */
  readonly path: readonly string[];
  /** What it asks of the subgraph, as GraphQL. */
  readonly query: string;
  /** The same as it is sent. */
  readonly sent: string;
  /** What it must know of the entities it asks about, such as `Vendor { id }`; empty for root fields. */
  readonly entities: readonly string[];
  readonly variables: readonly string[];
}

/** A plan as a tree that can be shown. */
export type PlanView =
  | PlannedFetch
  | { readonly kind: 'sequence' | 'parallel'; readonly steps: readonly PlanView[] }
  | {
      readonly kind: 'condition';
      readonly variable: string;
      readonly whenTrue: PlanView | null;
      readonly whenFalse: PlanView | null;
    }
  /** The first is done by the owner for each event, the second by the others. */
  | { readonly kind: 'event'; readonly steps: readonly PlanView[] };

/** Gives a plan the form in which it is shown; null where no subgraph has to be asked. */
export function planView(plan: QueryPlan): PlanView | null {
  let nextId = 0;
  const fetch = (node: FetchNode, path: readonly string[]): PlannedFetch => ({
    kind: 'fetch',
    id: nextId++,
    subgraph: node.serviceName,
    path,
    query: print(parse(node.operation)),
    sent: node.operation,
    entities: (node.requires ?? []).map(selectionText),
    variables: (node.variableUsages ?? []).filter((name) => name !== 'representations'),
  });
  const view = (node: PlanNode | SubscriptionNode, path: readonly string[]): PlanView => {
    switch (node.kind) {
      case 'Fetch':
        return fetch(node, path);
      case 'Flatten':
        return view(node.node, [...path, ...node.path.map(String)]);
      case 'Sequence':
      case 'Parallel': {
        const steps = node.nodes.map((one) => view(one, path));
        const [only] = steps;
        if (only && steps.length === 1) return only;
        return { kind: node.kind === 'Sequence' ? 'sequence' : 'parallel', steps };
      }
      case 'Condition':
        return {
          kind: 'condition',
          variable: node.condition,
          whenTrue: node.ifClause ? view(node.ifClause, path) : null,
          whenFalse: node.elseClause ? view(node.elseClause, path) : null,
        };
      case 'Subscription':
        return {
          kind: 'event',
          steps: [fetch(node.primary, path), ...(node.rest ? [view(node.rest, path)] : [])],
        };
      case 'Defer':
        throw new Error('The planner was not asked for answers in parts');
    }
  };
  return plan.node ? view(plan.node, []) : null;
}

/** The fetches of a plan, in their order. */
export function fetchesOf(view: PlanView | null): PlannedFetch[] {
  if (!view) return [];
  switch (view.kind) {
    case 'fetch':
      return [view];
    case 'condition':
      return [...fetchesOf(view.whenTrue), ...fetchesOf(view.whenFalse)];
    case 'sequence':
    case 'parallel':
    case 'event':
      return view.steps.flatMap(fetchesOf);
  }
}

function selectionText(node: QueryPlanSelectionNode): string {
  const inner = (node.selections ?? [])
    .filter((one) => one.kind !== 'Field' || one.name !== '__typename')
    .map(selectionText)
    .join(' ');
  const name = node.kind === 'Field' ? node.name : (node.typeCondition ?? '');
  return inner ? `${name} { ${inner} }`.trim() : name;
}
