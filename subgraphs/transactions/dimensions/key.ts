import { z } from 'zod';

/** Words that mean something of their own among the tags of a journal. */
const reserved = ['amt', 'assertion', 'date', 'date2', 'desc', 'entry', 'type'];

/** The key of a dimension or a custom field: a word in lower camel case. */
export const key = () =>
  z
    .string()
    .regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'is not a word of letters and digits such as costCentre')
    .refine((word) => !reserved.includes(word), { message: `must be none of ${reserved.join(', ')}` });

/** The code of a value: it stands in tags of journals and in columns of files. */
export const code = () =>
  z
    .string()
    .trim()
    .regex(
      /^[\p{L}\p{N}](?:[\p{L}\p{N} ._/+&-]{0,48}[\p{L}\p{N}._/+&-])?$/u,
      'must begin with a letter or digit and hold at most 50 letters, digits, blanks and . _ / + & -',
    );
