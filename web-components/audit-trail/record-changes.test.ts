import { expect, test } from 'vitest';
import { commandWords, recordChanges } from './record-changes.ts';

test('fields that differ are listed with both values, equal ones are left out', () => {
  expect(recordChanges('{"a":1,"b":"x","c":null}', '{"a":1,"b":"y","d":{"e":[1]}}')).toEqual([
    { field: 'b', before: 'x', after: 'y' },
    { field: 'd', before: '', after: '{"e":[1]}' },
  ]);
});

test('a text that is not a JSON object has no fields', () => {
  expect(recordChanges(null, 'not json')).toEqual([]);
  expect(recordChanges('[1]', '2')).toEqual([]);
});

test('a command reads as words', () => {
  expect(commandWords('postJournalEntry')).toBe('Post journal entry');
  expect(commandWords('journalEntry.posted')).toBe('Journal entry posted');
});
