import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { setVendorStatus } from './vendor-status.ts';

/** Confirms a proposed vendor, or takes a blocked one back. */
export const activateVendor = command({
  name: 'activateVendor',
  description: 'Confirms a proposed vendor, or takes a blocked one back.',
  scope: 'vendors:write',
  input: z.object({ vendorId: id() }),
  run: (transaction, { vendorId }) => setVendorStatus(transaction, vendorId, 'ACTIVE'),
});
