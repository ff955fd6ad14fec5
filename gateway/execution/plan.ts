import type { ConditionNode, PlanNode } from '@apollo/query-planner';
import { compileEntityFetch } from './entity-fetch.ts';
import type { PlanEnvironment } from './fetch.ts';
import { compileRootFetch } from './root-fetch.ts';
import type { Step } from './run.ts';

/** Compiles a plan into steps that walk no plan any more. */
export function compilePlan(
  node: PlanNode,
  environment: PlanEnvironment,
  path: readonly string[] = [],
): Step {
  switch (node.kind) {
    case 'Fetch':
      return node.requires
        ? compileEntityFetch(node, path, environment)
        : compileRootFetch(node, path, environment);
    case 'Flatten':
      return compilePlan(node.node, environment, [...path, ...node.path.map(String)]);
    case 'Sequence':
      return sequence(node.nodes.map((one) => compilePlan(one, environment, path)));
    case 'Parallel':
      return parallel(node.nodes.map((one) => compilePlan(one, environment, path)));
    case 'Condition':
      return condition(node, environment, path);
    case 'Defer':
      throw new Error('The planner was not asked for answers in parts');
  }
}

function sequence(steps: readonly Step[]): Step {
  if (steps.length === 1) return steps[0]!;
  const runFrom: (run: Parameters<Step>[0], from: number) => Promise<void> | undefined = (run, from) => {
    for (let at = from; at < steps.length; at += 1) {
      const waiting = steps[at]!(run);
      if (waiting) return at + 1 < steps.length ? waiting.then(() => runFrom(run, at + 1)) : waiting;
    }
    return undefined;
  };
  return (run) => runFrom(run, 0);
}

function parallel(steps: readonly Step[]): Step {
  if (steps.length === 1) return steps[0]!;
  return (run) => {
    const waiting: Promise<void>[] = [];
    for (const step of steps) {
      const one = step(run);
      if (one) waiting.push(one);
    }
    if (waiting.length <= 1) return waiting[0];
    return Promise.all(waiting).then(() => undefined);
  };
}

function condition(node: ConditionNode, environment: PlanEnvironment, path: readonly string[]): Step {
  const nothing: Step = () => undefined;
  const whenTrue = node.ifClause ? compilePlan(node.ifClause, environment, path) : nothing;
  const whenFalse = node.elseClause ? compilePlan(node.elseClause, environment, path) : nothing;
  const name = node.condition;
  return (run) => (run.variables[name] === true ? whenTrue(run) : whenFalse(run));
}
