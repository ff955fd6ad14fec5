import type { ExecuteContext } from '#kernel/command';
import { paymentFiles, type PaymentStatusFile } from '#connectors/payment-ports';
import { readPayoutFiles, type ReadPayouts } from '../statements/read-payout-files.ts';
import { readStatementFiles, type ReadFile } from '../statements/read-statement-files.ts';

/** What a file of a feed is, told by its content, and what could be read of it. */
export type FeedContent =
  | { readonly kind: 'STATEMENT'; readonly files: readonly ReadFile[] }
  | { readonly kind: 'PAYOUT_REPORT'; readonly payouts: ReadPayouts }
  | { readonly kind: 'PAYMENT_STATUS'; readonly report: PaymentStatusFile };

/** Reads a stored file as whichever of the three it is; a file that is none is a statement that could not be read. */
export async function readFeedFile(fileId: string, context: ExecuteContext): Promise<FeedContent> {
  const files = await readStatementFiles([fileId], {}, context);
  if (files.some(({ statements }) => statements.length > 0)) return { kind: 'STATEMENT', files };
  const payouts = await readPayoutFiles([fileId], context);
  if (payouts.payouts.length > 0) return { kind: 'PAYOUT_REPORT', payouts };
  const { actor, services } = context;
  const bytes = await services.files.read(actor.organisationId, fileId);
  const report = services.port(paymentFiles).readStatus(bytes);
  return report.statuses.length > 0 ? { kind: 'PAYMENT_STATUS', report } : { kind: 'STATEMENT', files };
}
