import type { z } from 'zod';
import type { Command, CommandResult } from '#kernel/command';
import type { Context } from '#kernel/context';
import type { UserError } from '#kernel/errors';
import type { Graph } from '#kernel/graphql';
import type { OutwardView } from '#kernel/graphql-views';
import { inputTypeOf } from '#kernel/graphql-input';

/** One field of a mutation's payload: its type, and how it is loaded from the command's result. */
export interface PayloadField<Result> {
  readonly type: unknown;
  readonly description: string;
  /** The views that show it, where they are not those of the mutation. */
  readonly views?: readonly OutwardView[];
  /** Null when the command gave nothing for it; a list type answers a list. */
  readonly resolve: (result: Result, context: Context) => unknown;
}

/** A command as a mutation of some views; left out, of none but the whole graph. */
export interface OfferedCommand<Input, Result extends CommandResult> extends Command<Input, Result> {
  readonly views?: readonly OutwardView[];
}

interface PayloadShape<Result> {
  readonly result: Result | undefined;
  readonly errors: readonly UserError[];
}

/**
 * Defines the mutation of a command: its input from the command's own schema, with idempotency key and dry run,
 * and a payload of the given fields with `errors`.
 */
export function mutation<Input, Result extends CommandResult>(
  graph: Graph,
  command: OfferedCommand<Input, Result>,
  payload: Readonly<Record<string, PayloadField<Result>>>,
): void {
  const { builder } = graph;
  const { views } = command;
  if (!builder.configStore.hasConfig('Mutation' as never)) {
    builder.mutationType({
      description: 'What can be changed; every mutation takes an idempotency key and a dry run.',
    });
  }
  const title = command.name.charAt(0).toUpperCase() + command.name.slice(1);
  const input = inputTypeOf(graph, `${title}Input`, {
    schema: command.input as z.ZodType,
    description: `What ${command.name} takes.`,
    envelope: true,
  });
  const payloadType = builder.objectRef<PayloadShape<Result>>(`${title}Payload`).implement({
    description: `What became of ${command.name}.`,
    views,
    fields: (t) => ({
      ...Object.fromEntries(
        Object.entries(payload).map(([name, field]) => [
          name,
          t.field({
            type: field.type as 'String',
            nullable: true,
            description: field.description,
            views: field.views,
            resolve: (shape: PayloadShape<Result>, _args: unknown, context: Context) =>
              (shape.result === undefined ? null : field.resolve(shape.result, context)) as string,
          }),
        ]),
      ),
      errors: t.field({
        type: [graph.userError],
        description: 'What the caller can put right; empty when all went well.',
        resolve: (shape) => [...shape.errors],
      }),
    }),
  });
  builder.mutationField(command.name, (t) =>
    t.field({
      type: payloadType,
      nullable: true,
      description: command.description,
      views,
      authScopes: { scope: command.scope },
      args: {
        input: t.arg({ type: input as never, required: true, description: `What ${command.name} takes.` }),
      },
      resolve: async (_root, args, context) => {
        const { idempotencyKey, dryRun, ...rest } = args['input'] as unknown as Envelope;
        const outcome = await context.run(command, rest, {
          idempotencyKey: idempotencyKey ?? undefined,
          dryRun: dryRun ?? false,
        });
        return { result: outcome.result, errors: outcome.errors };
      },
    }),
  );
}

interface Envelope {
  readonly idempotencyKey?: string | null;
  readonly dryRun?: boolean | null;
}
