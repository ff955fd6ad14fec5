import { z } from 'zod';
import { command } from '#kernel/command';
import { id } from '#kernel/input';
import { setVendorStatus } from './vendor-status.ts';

/** Stops business with a vendor: its documents are no longer drafted by themselves. */
export const blockVendor = command({
  name: 'blockVendor',
  description: 'Stops business with a vendor; new documents of it are not recognised as its own.',
  scope: 'vendors:write',
  input: z.object({ vendorId: id() }),
  run: (transaction, { vendorId }) => setVendorStatus(transaction, vendorId, 'BLOCKED'),
});
