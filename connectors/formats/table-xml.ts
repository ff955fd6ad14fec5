import { SaxesParser } from 'saxes';
import { CrossfootError } from '#kernel/errors';

/** A parser of the XML in spreadsheets: it throws FILE_UNREADABLE for a DOCTYPE and for what is not well formed. */
export function safeXmlParser(): SaxesParser {
  const parser = new SaxesParser();
  parser.on('doctype', () => {
    throw new CrossfootError(
      'FILE_UNREADABLE',
      'The spreadsheet holds a DOCTYPE, which no spreadsheet needs',
    );
  });
  parser.on('error', (cause) => {
    throw new CrossfootError('FILE_UNREADABLE', `The spreadsheet is damaged: ${cause.message}`, { cause });
  });
  return parser;
}
