import { Environment } from '@marcbachmann/cel-js';
import { Decimal } from '#kernel/decimal';
import { CrossfootError } from '#kernel/errors';
import { checkSyntaxTree, exactLiterals, refuseComparedAggregates } from '#kernel/expression-check';
import { registerFunctions } from '#kernel/expression-functions';
import { describeProblem, type ProblemKind } from '#kernel/expression-problems';

/**
 * The one expression language of conditions and values: CEL (cel.dev) with exact decimals in place of binary
 * fractions, without clock, randomness and regular expressions, so that the same input always gives the same answer.
 */

/** The types a variable or field may have; `list<Line>` and `map<string, string>` take other types as parts. */
export type TypeName = string;

/** What expressions may name: types of objects by name, and variables by name. */
export interface Declarations {
  readonly types?: Readonly<Record<string, Readonly<Record<string, TypeName>>>>;
  readonly variables: Readonly<Record<string, TypeName>>;
}

/** What an expression answers. */
export type ExpressionType = 'bool' | 'string' | 'int' | 'Decimal';

/** The value of each type. */
export interface ExpressionValues {
  readonly bool: boolean;
  readonly string: string;
  readonly int: bigint;
  readonly Decimal: Decimal;
}

/** Finds a value in a table of reference data: undefined when the key is not there; throws when the table is not. */
export type LookUp = (table: string, key: string) => string | undefined;

/** How many steps are left for all evaluations that share it. */
export interface Fuel {
  left: number;
}

/** What an evaluation may use beside its variables. */
export interface EvaluationOptions {
  readonly lookUp?: LookUp;
  /** Shared by evaluations that belong together; each has its own when left out. */
  readonly fuel?: Fuel;
}

/** Variables made ready once for many evaluations; made by `bind`. */
export interface BoundVariables {
  readonly values: Readonly<Record<string, unknown>>;
}

/** An expression that was checked; evaluating it is deterministic and writes nothing. */
export interface Expression<Type extends ExpressionType = ExpressionType> {
  readonly text: string;
  readonly type: Type;
  /** Throws EXPRESSION_FAILED for this data and EXPRESSION_LIMIT when it takes too many steps. */
  evaluate(variables: BoundVariables, options?: EvaluationOptions): ExpressionValues[Type];
}

/** A language with its variables declared. */
export interface ExpressionLanguage {
  readonly declarations: Declarations;
  /**
   * Checks an expression, types included; the same text is compiled once. Throws EXPRESSION_INVALID that names the
   * place and what is wrong, EXPRESSION_LIMIT for one that is too long or too deep.
   */
  compile<Type extends ExpressionType>(text: string, type: Type): Expression<Type>;
  /** Makes variables ready; what is absent is '' for text, 0 for numbers, false, or an empty list or map. */
  bind(values: Readonly<Record<string, unknown>>): BoundVariables;
}

/** The limits of every expression, part of the language: what exceeds them is refused or stopped. */
export const expressionLimits = {
  /** Characters of an expression. */
  characters: 2_000,
  /** Parts of an expression, literals and operators included. */
  nodes: 400,
  /** How deep parts may stand in each other. */
  depth: 24,
  /** Elements of a list or entries of a map, written down or computed. */
  elements: 2_000,
  /** Characters of a text that is computed. */
  textLength: 4_000,
  /** Steps of one evaluation: every part that is evaluated is one, long lists and texts count more. */
  steps: 20_000,
} as const;

/** Steps for one evaluation, or for several that share them. */
export function fuel(steps: number = expressionLimits.steps): Fuel {
  return { left: steps };
}

/** What evaluations keep while they run; evaluations never run inside each other, because nothing in them waits. */
interface Running {
  fuel: Fuel;
  lookUp: LookUp;
  exceeded: CrossfootError | undefined;
}

/** How many compiled texts a language keeps; the oldest goes first. */
const mostCompiled = 2_000;

/** Defines a language by what its expressions may name. Throws for declarations that name unknown types. */
export function expressionLanguage(declarations: Declarations): ExpressionLanguage {
  const running: Running = { fuel: fuel(), lookUp: noTables, exceeded: undefined };
  const environment = environmentOf(declarations, running);
  const compiled = new Map<string, Expression>();
  return {
    declarations,
    compile<Type extends ExpressionType>(text: string, type: Type) {
      const key = `${type} ${text}`;
      const known = compiled.get(key);
      if (known) return known as Expression<Type>;
      const made = compileText(environment, { declarations, running, text, type });
      const [oldest] = compiled.keys();
      if (compiled.size >= mostCompiled && oldest !== undefined) compiled.delete(oldest);
      compiled.set(key, made);
      return made as Expression<Type>;
    },
    bind: (values) => ({ values: objectOf(declarations, declarations.variables, values) }),
  };
}

interface Compilation<Type extends ExpressionType> {
  readonly declarations: Declarations;
  readonly running: Running;
  readonly text: string;
  readonly type: Type;
}

function compileText<Type extends ExpressionType>(
  environment: Environment,
  { declarations, running, text, type }: Compilation<Type>,
): Expression<Type> {
  if (text.length > expressionLimits.characters) {
    const message = `The expression has ${text.length} characters of at most ${expressionLimits.characters}`;
    throw new CrossfootError('EXPRESSION_LIMIT', message);
  }
  const parsed = attempt('syntax', text, () => environment.parse(text));
  attempt('syntax', text, () => {
    checkSyntaxTree(parsed.ast, { text, variables: Object.keys(declarations.variables) });
    exactLiterals(parsed.ast, text);
  });
  const checked = parsed.check();
  if (checked.error) throw describeProblem('type', text, checked.error);
  if (checked.type !== type) {
    const message = `The expression gives ${nameOf(checked.type)} where ${nameOf(type)} is wanted: ${text}`;
    throw new CrossfootError('EXPRESSION_INVALID', message);
  }
  attempt('type', text, () => refuseComparedAggregates(parsed.ast));
  const evaluate = parsed as (values: object) => unknown;
  return {
    text,
    type,
    evaluate(variables, options = {}) {
      running.fuel = options.fuel ?? fuel();
      running.lookUp = options.lookUp ?? noTables;
      running.exceeded = undefined;
      const value = attempt('evaluation', text, () => evaluate(variables.values));
      // Inside || and && errors may be absorbed; a limit is not.
      if (running.exceeded) throw describeProblem('evaluation', text, running.exceeded);
      attempt('evaluation', text, () => weigh(running, value));
      return value as ExpressionValues[Type];
    },
  };
}

function attempt<Value>(kind: ProblemKind, text: string, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw describeProblem(kind, text, error);
  }
}

function nameOf(type: string | undefined): string {
  return type === 'string' ? 'text' : type === 'bool' ? 'true or false' : (type ?? 'nothing');
}

function noTables(table: string): never {
  throw new CrossfootError('EXPRESSION_FAILED', `There is no look-up table "${table}"`);
}

/** What the evaluator of cel-js offers to what it calls: every part of an expression is evaluated through `run`. */
interface Evaluator {
  run(ast: Evaluated, context: unknown): unknown;
}

interface Evaluated {
  evaluate(evaluator: Evaluator, ast: Evaluated, context: unknown): unknown;
}

function environmentOf(declarations: Declarations, running: Running): Environment {
  const environment = new Environment({
    limits: {
      maxAstNodes: expressionLimits.nodes,
      maxDepth: expressionLimits.depth,
      maxListElements: expressionLimits.nodes,
      maxMapEntries: expressionLimits.nodes,
      maxCallArguments: 8,
    },
  });
  registerFunctions(environment, { lookUp: (table, key) => running.lookUp(table, key) });
  for (const [name, fields] of Object.entries(declarations.types ?? {})) {
    environment.registerType(name, { ctor: classOf(declarations, name), fields: { ...fields } });
  }
  for (const [name, type] of Object.entries(declarations.variables)) environment.registerVariable(name, type);
  meter(environment, running);
  return environment;
}

/**
 * Counts every step. cel-js has no limit at run time, but hands its evaluator to the functions it calls and evaluates
 * every part through the evaluator's `run`; a test tells when a later version does so no more.
 */
function meter(environment: Environment, running: Running): void {
  const handed: Evaluator[] = [];
  environment.registerFunction(
    'thisEvaluator(): bool',
    function handOver(this: Evaluator) {
      return handed.push(this) > 0;
    },
    { async: false },
  );
  environment.evaluate('thisEvaluator()');
  const [evaluator] = handed;
  if (!evaluator) throw new Error('cel-js did not hand over its evaluator, so steps cannot be counted');
  evaluator.run = function run(ast, context) {
    spend(running, 1);
    const value = ast.evaluate(this, ast, context);
    weigh(running, value);
    return value;
  };
}

function spend(running: Running, steps: number): void {
  // Once a limit is exceeded nothing more is evaluated, whoever catches the error on the way out.
  if (running.exceeded) throw running.exceeded;
  running.fuel.left -= steps;
  if (running.fuel.left < 0) exceed(running, 'The expression takes too many steps for this data');
}

function weigh(running: Running, value: unknown): void {
  if (typeof value === 'string') {
    if (value.length > expressionLimits.textLength)
      exceed(running, `A text has more than ${expressionLimits.textLength} characters`);
    spend(running, value.length >> 4);
  } else if (Array.isArray(value)) {
    if (value.length > expressionLimits.elements)
      exceed(running, `A list has more than ${expressionLimits.elements} elements`);
    spend(running, value.length >> 3);
  }
}

function exceed(running: Running, message: string): never {
  running.exceeded ??= new CrossfootError('EXPRESSION_LIMIT', message);
  throw running.exceeded;
}

type Fields = Readonly<Record<string, TypeName>>;

const classes = new WeakMap<Declarations, Map<string, new () => object>>();

/** cel-js knows the type of an object by its constructor. */
function classOf(declarations: Declarations, name: string): new () => object {
  const known = classes.get(declarations) ?? new Map<string, new () => object>();
  classes.set(declarations, known);
  const made = known.get(name) ?? class {};
  known.set(name, made);
  return made;
}

function objectOf(
  declarations: Declarations,
  fields: Fields,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, type]) => [
      name,
      valueOf(declarations, type, Object.hasOwn(given, name) ? given[name] : undefined),
    ]),
  );
}

const listType = /^list<(.+)>$/;
const mapType = /^map<string, (.+)>$/;

function valueOf(declarations: Declarations, type: TypeName, value: unknown): unknown {
  const fields = declarations.types?.[type];
  if (fields) {
    const made = new (classOf(declarations, type))();
    return Object.assign(made, objectOf(declarations, fields, (value ?? {}) as Record<string, unknown>));
  }
  const element = listType.exec(type)?.[1];
  if (element !== undefined) {
    return ((value ?? []) as readonly unknown[]).map((one) => valueOf(declarations, element, one));
  }
  const entry = mapType.exec(type)?.[1];
  if (entry !== undefined) {
    return new Map(
      Object.entries((value ?? {}) as object).map(([key, one]) => [key, valueOf(declarations, entry, one)]),
    );
  }
  return value ?? absent[type];
}

/** What stands in for a value that is not there, so that conditions need no test for absence. */
const absent: Readonly<Record<string, unknown>> = {
  string: '',
  bool: false,
  int: 0n,
  Decimal: new Decimal(0n, 0),
};
