import type { Context } from '#kernel/context';
import type { ChainHead, ChainVerification } from './chain.ts';
import { sealStaged } from './seal.ts';
import { verifyRecords } from './verify-records.ts';

/** What a verification found, and when. */
export interface Verification extends ChainVerification {
  readonly verifiedAt: Date;
}

/** Seals what was committed and checks the chain of the actor's organisation, in the snapshot of the request. */
export async function verifyAudit(context: Context, kept: ChainHead | undefined): Promise<Verification> {
  await sealStaged(context.maintain);
  const found = await verifyRecords(context.sql, context.actor.organisationId, kept);
  return { ...found, verifiedAt: new Date() };
}
