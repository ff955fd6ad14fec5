import type { Context } from '#kernel/context';
import { mutation } from '#kernel/graphql-command';
import { graph } from '../graph.ts';
import { exceptionById } from '../loaders.ts';
import { applyResolution } from './apply-resolution.ts';
import { assignException } from './assign-exception.ts';
import { commentException } from './comment-exception.ts';
import { ExceptionType } from './schema-exceptions.ts';
import { resolveException } from './resolve-exception.ts';
import { resolveExceptions } from './resolve-exceptions.ts';

const views = ['partner', 'portal'] as const;

const exceptionPayload = {
  exception: {
    type: ExceptionType,
    description: 'The exception.',
    resolve: ({ exceptionId }: { exceptionId: string }, context: Context) =>
      exceptionById(context).load(exceptionId),
  },
};

mutation(graph, { ...assignException, views }, exceptionPayload);
mutation(graph, { ...resolveException, views }, exceptionPayload);
mutation(graph, { ...commentException, views }, exceptionPayload);
mutation(graph, { ...applyResolution, views }, exceptionPayload);
mutation(
  graph,
  { ...resolveExceptions, views },
  {
    exceptions: {
      type: [ExceptionType],
      description: 'Those that were closed.',
      resolve: async ({ exceptionIds }, context) => {
        const found = await exceptionById(context).loadMany(exceptionIds);
        return found.flatMap((one) => (one && 'id' in one ? [one] : []));
      },
    },
  },
);
