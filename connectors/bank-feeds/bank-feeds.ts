import { provide, type ProvidedPort } from '#kernel/ports';
import { bankFeedConnectors } from '#connectors/feed-ports';
import { addressGuard } from './address-guard.ts';
import { openDropFolder } from './drop-folder.ts';
import { downloadFile } from './download.ts';
import { openSftpFolder } from './sftp-folder.ts';

/** What the operator decides about feeds. */
export interface BankFeedSettings {
  /** The folder below which every organisation has its drop folders. */
  readonly dropRoot: string;
  /** Hosts that feeds may reach although their addresses are not public; to them http is allowed as well. */
  readonly allowedHosts: readonly string[];
}

/** The port of the ways to files of banks. */
export function bankFeedsPort({ dropRoot, allowedHosts }: BankFeedSettings): ProvidedPort {
  const guard = addressGuard(allowedHosts);
  return provide(bankFeedConnectors, {
    openFolder: (target) => openDropFolder(dropRoot, target),
    openSftp: (target) => openSftpFolder(target, guard),
    download: (target) => downloadFile(target, guard),
  });
}
