import type { ASTNode } from '@marcbachmann/cel-js';
import { Decimal } from '#kernel/decimal';
import { ExpressionProblem } from '#kernel/expression-problems';
import { functionNames } from '#kernel/expression-functions';

/** The parts of an expression in which a variable of its own runs over a list. */
const loops = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);
/** Loops within loops deeper than this are refused before they run. */
const mostLoops = 3;

interface Scope {
  readonly text: string;
  readonly variables: readonly string[];
}

/** Refuses names an expression must not use: unknown variables and functions that are not part of the language. */
export function checkSyntaxTree(ast: ASTNode, scope: Scope): void {
  visit(ast, scope, 0);
}

function visit(node: ASTNode, scope: Scope, loopDepth: number): void {
  if (node.op === 'id' && !scope.variables.includes(node.args)) {
    const message = `Unknown variable "${node.args}" (there are ${scope.variables.join(', ')})`;
    throw new ExpressionProblem(message, node.start);
  }
  const call = callOf(node);
  if (!call) {
    for (const child of childrenOf(node)) visit(child, scope, loopDepth);
    return;
  }
  if (!loops.has(call.name)) {
    if (!functionNames.has(call.name)) {
      const message = `Unknown function "${call.name}" (there are ${[...functionNames, ...loops].join(', ')})`;
      throw new ExpressionProblem(message, node.start);
    }
    for (const child of childrenOf(node)) visit(child, scope, loopDepth);
    return;
  }
  const [element, ...rest] = call.args;
  if (loopDepth === mostLoops)
    throw new ExpressionProblem(`More than ${mostLoops} loops in each other`, node.start);
  if (!call.receiver || element?.op !== 'id') {
    throw new ExpressionProblem(`${call.name} is written list.${call.name}(element, …)`, node.start);
  }
  visit(call.receiver, scope, loopDepth);
  const within = { ...scope, variables: [...scope.variables, element.args] };
  for (const child of rest) visit(child, within, loopDepth + 1);
}

interface Call {
  readonly name: string;
  readonly receiver: ASTNode | undefined;
  readonly args: readonly ASTNode[];
}

function callOf(node: ASTNode): Call | undefined {
  if (node.op === 'call') return { name: node.args[0], receiver: undefined, args: node.args[1] };
  if (node.op === 'rcall') return { name: node.args[0], receiver: node.args[1], args: node.args[2] };
  return undefined;
}

/** The parts of a part, in any order of evaluation. */
function childrenOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'value' || node.op === 'id') return [];
  if (node.op === '.' || node.op === '.?') return [node.args[0]];
  if (node.op === 'call') return node.args[1];
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]];
  if (node.op === 'map') return node.args.flat();
  if (node.op === '!_' || node.op === '-_') return [node.args];
  return node.args;
}

/** Turns literals such as 1.19 into exact decimals as they are written, so that nothing is a binary fraction. */
export function exactLiterals(node: ASTNode, text: string): void {
  if (node.op === 'value' && typeof node.args === 'number') {
    const written = text.slice(node.start, node.end);
    if (!/^-?\d+(\.\d+)?$/.test(written)) {
      throw new ExpressionProblem(`"${written}" is not a plain decimal number`, node.start);
    }
    (node as { args: unknown }).args = Decimal.parse(written);
  }
  for (const child of childrenOf(node)) exactLiterals(child, text);
}

/** Refuses == and `in` on lists and maps, whose cost no step count would show; call it when types are known. */
export function refuseComparedAggregates(node: ASTNode): void {
  const compared =
    node.op === '==' || node.op === '!=' ? node.args : node.op === 'in' ? node.args.slice(0, 1) : [];
  for (const side of compared) {
    const kind = (side as { checkedType?: { kind?: string } }).checkedType?.kind;
    if (kind === 'list' || kind === 'map' || kind === 'dyn') {
      throw new ExpressionProblem(
        'Lists and maps are not compared whole; compare their elements',
        side.start,
      );
    }
  }
  for (const child of childrenOf(node)) refuseComparedAggregates(child);
}
