import type { Transaction } from '#kernel/command';
import { CrossfootError } from '#kernel/errors';
import { lockVendor } from './store-vendor.ts';

/** Which status may follow which. */
export const vendorTransitions = {
  PROPOSED: ['ACTIVE', 'BLOCKED'],
  ACTIVE: ['BLOCKED'],
  BLOCKED: ['ACTIVE'],
} as const satisfies Record<string, readonly string[]>;

/** One status of a vendor. */
export type VendorStatus = keyof typeof vendorTransitions;

/** Moves a vendor to a status its present one allows; the same status again changes nothing. */
export async function setVendorStatus(
  transaction: Transaction,
  vendorId: string,
  to: VendorStatus,
): Promise<{ vendorId: string }> {
  const { status: from } = await lockVendor(transaction, vendorId);
  if (from === to) return { vendorId };
  if (!(vendorTransitions[from as VendorStatus] as readonly string[]).includes(to)) {
    throw new CrossfootError('STATE_CONFLICT', `A vendor that is ${from} cannot become ${to}`);
  }
  await transaction.query('update vendors.vendor set status = $2, updated_at = $3 where id = $1', [
    vendorId,
    to,
    transaction.now,
  ]);
  transaction.emit({ type: 'vendor.changed', subjectId: vendorId, facts: { status: to } });
  transaction.audit({
    subjectType: 'Vendor',
    subjectId: vendorId,
    before: { status: from },
    after: { status: to },
  });
  return { vendorId };
}
