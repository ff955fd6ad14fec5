import type { ProvidedPort } from '#kernel/ports';
import { accountingSystemsPort } from './accounting-systems.ts';
import { bankFeedsPort, type BankFeedSettings } from './bank-feeds/bank-feeds.ts';
import { fileReaders } from './formats/file-readers.ts';
import { journalWritersPort } from './journal-writers.ts';
import { referenceRatesPort } from './reference-rates.ts';

/** What the operator decides about connectors. */
export interface ConnectorSettings {
  /** Where reference rates are fetched; never when left out. */
  readonly referenceRatesUrl: string | undefined;
  readonly bankFeeds: BankFeedSettings;
}

/** Every port of the connectors. */
export function allConnectors({ referenceRatesUrl, bankFeeds }: ConnectorSettings): readonly ProvidedPort[] {
  return [
    ...fileReaders,
    accountingSystemsPort,
    journalWritersPort,
    referenceRatesPort(referenceRatesUrl),
    bankFeedsPort(bankFeeds),
  ];
}
