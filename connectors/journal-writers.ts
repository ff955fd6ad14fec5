import { provide, type ProvidedPort } from '#kernel/ports';
import { journalWriters } from '#connectors/journal-ports';
import { beancountWriter } from './beancount/journal-writer.ts';
import { hledgerWriter } from './hledger-journal/journal-writer.ts';

/** The writers of journals, as the port by which subgraphs find them. */
export const journalWritersPort: ProvidedPort = provide(journalWriters, {
  hledger: hledgerWriter,
  beancount: beancountWriter,
});
