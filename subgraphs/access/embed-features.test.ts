import { expect, test } from 'vitest';
import { embedRights } from './embed-features.ts';

test('a feature that several components have grants what each of them needs, in whatever order they are named', () => {
  for (const names of [
    ['reconciliation-board', 'match-review'],
    ['match-review', 'reconciliation-board'],
  ] as const) {
    const { commands } = embedRights(names, ['accept', 'undo']);
    expect(commands.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'acceptMatch',
      'acceptMatches',
      'undoMatch',
      'undoMatches',
      'withdrawDeclinedPair',
    ]);
  }
});

test('a feature that none of the components has is named', () => {
  expect(embedRights(['reconciliation-board'], ['accept', 'decide']).unknown).toEqual(['decide']);
});
