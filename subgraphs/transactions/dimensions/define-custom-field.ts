import { z } from 'zod';
import { command } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { newId } from '#kernel/ids';
import { id, oneOf, text } from '#kernel/input';
import { fieldLevels, fieldTypes, type KnownField } from './catalogue.ts';
import { key } from './key.ts';
import { requireKnownBook } from './require-known-book.ts';

/** Adds a field the book asks for, or changes one; the key and type of a field stay what they were. */
export const defineCustomField = command({
  name: 'defineCustomField',
  description:
    'Adds a field the book asks for when documents are captured or entries are made, or changes the label, choices ' +
    'and whether it is required of one with this key; a retired one comes back into use.',
  scope: 'transactions:post',
  input: z.object({
    bookId: id(),
    key: key().meta({
      description: 'How inputs and tags call it, such as contractNumber; it never changes.',
    }),
    label: text(100).meta({ description: 'How people call it; columns of files are found by it too.' }),
    type: oneOf('CustomFieldType', fieldTypes),
    level: oneOf('CustomFieldLevel', fieldLevels),
    required: z.boolean().default(false).meta({ description: 'Whether it must be there; no when left out.' }),
    choices: z
      .array(text(100))
      .max(500)
      .default([])
      .meta({ description: 'What a CHOICE chooses from; for other types none.' }),
  }),
  async run(transaction, input) {
    await requireKnownBook(transaction, input.bookId);
    const choices = [...new Set(input.choices)];
    if ((input.type === 'CHOICE') !== choices.length > 0) {
      const message = input.type === 'CHOICE' ? 'A CHOICE needs choices' : `A ${input.type} has no choices`;
      throw new CrossfootError('FIELD_INVALID', message, { path: ['choices'] });
    }
    const before = await transaction.maybe<Pick<KnownField, 'type' | 'level'> & { id: string }>(
      'select id, type, level from transactions.custom_field where book_id = $1 and key = $2 for update',
      [input.bookId, input.key],
    );
    if (before && (before.type !== input.type || before.level !== input.level)) {
      const message = `${input.key} is a ${before.type} of ${before.level.toLowerCase()}s; use another key`;
      throw new CrossfootError('STATE_CONFLICT', message, { path: ['type'] });
    }
    const customFieldId = before?.id ?? newId('cf');
    await transaction.query(
      `insert into transactions.custom_field
         (organisation_id, id, book_id, key, label, type, level, required, choices, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       on conflict (book_id, key, organisation_id) do update
          set label = excluded.label, required = excluded.required, choices = excluded.choices, retired_at = null`,
      [
        transaction.organisationId,
        customFieldId,
        input.bookId,
        input.key,
        input.label,
        input.type,
        input.level,
        input.required,
        choices,
        transaction.now,
      ],
    );
    transaction.audit({ subjectType: 'CustomField', subjectId: customFieldId, before, after: input });
    return { customFieldId };
  },
});
