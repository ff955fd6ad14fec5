import { CrossfootError } from '#kernel/errors';
import { provide, type ProvidedPort } from '#kernel/ports';
import { accountingSystems, type AccountingSystem, type AccountingSystems } from '#connectors/ports';
import { hledgerJournal, hledgerJournalKind } from './hledger-journal/hledger-journal.ts';

/** Each kind and how its systems are opened. */
const openers: Readonly<Record<string, (target: string) => AccountingSystem>> = {
  [hledgerJournalKind]: hledgerJournal,
};

/** Systems kept open, so that what they learnt of their target is not learnt anew for every push. */
const keptOpen = 64;

/** The accounting systems there are connectors for, each target opened once. */
export function createAccountingSystems(): AccountingSystems {
  const open = new Map<string, AccountingSystem>();
  return {
    kinds: Object.keys(openers),
    open(kind, target) {
      const opener = openers[kind];
      if (!opener) {
        throw new CrossfootError('FIELD_INVALID', `There is no connector for ${kind}`, { path: ['kind'] });
      }
      const key = `${kind} ${target}`;
      const system = open.get(key) ?? opener(target);
      open.delete(key);
      open.set(key, system);
      if (open.size > keptOpen) open.delete(open.keys().next().value ?? '');
      return system;
    },
  };
}

/** The accounting systems, as the port by which subgraphs find them. */
export const accountingSystemsPort: ProvidedPort = provide(accountingSystems, createAccountingSystems());
