import { GraphQLError } from 'graphql';
import { fieldOf, isData, setField, type AnswerPath, type Data } from './data.ts';
import type { Answer } from './run.ts';

/**
 * Joins what several plans answered about one operation. The plans read one after another or at the same time, so that
 * the data may have changed in between; what no longer fits together is left out with an error that says so.
 */
export function joinAnswers(answers: readonly Answer[], varying: ReadonlySet<string>): Answer {
  const [first, ...rest] = answers;
  if (!first) throw new Error('There is no answer to join');
  for (const answer of rest) {
    first.failures.push(...answer.failures);
    const known = new Set(first.errors.map(placeAndText));
    first.errors.push(...answer.errors.filter((error) => !known.has(placeAndText(error))));
    const at = join(first.data, answer.data, varying);
    if (at) first.errors.push(changed(at));
  }
  return first;
}

function placeAndText({ path, message }: GraphQLError): string {
  return `${path?.join('.') ?? ''} ${message}`;
}

function changed(path: AnswerPath): GraphQLError {
  return new GraphQLError('The data changed while it was read; ask again', {
    path,
    extensions: { code: 'UNAVAILABLE' },
  });
}

/** Joins two objects; answers where they are not of the same thing. */
function join(target: Data, source: Data, varying: ReadonlySet<string>): AnswerPath | undefined {
  for (const key in source) {
    if (varying.has(key)) continue;
    const present = fieldOf(target, key);
    const value = source[key];
    if (present === undefined || present === null) {
      setField(target, key, value);
      continue;
    }
    const at = joinValues(present, value, varying);
    if (at) return [key, ...at];
  }
  return undefined;
}

function joinValues(present: unknown, value: unknown, varying: ReadonlySet<string>): AnswerPath | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(present) && Array.isArray(value)) {
    if (present.length !== value.length) return [];
    for (let index = 0; index < value.length; index += 1) {
      const at = joinValues(present[index], value[index], varying);
      if (at) return [index, ...at];
    }
    return undefined;
  }
  if (isData(present) && isData(value)) return join(present, value, varying);
  return present === value ? undefined : [];
}
