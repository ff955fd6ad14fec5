import { adyenSettlement } from './payout-adyen.ts';
import { amazonSettlement } from './payout-amazon.ts';
import { paypalActivity } from './payout-paypal-activity.ts';
import { paypalSettlement } from './payout-paypal-settlement.ts';
import { shopifyPayouts, shopifyTransactions } from './payout-shopify.ts';
import { squareTransactions } from './payout-square-csv.ts';
import { stripeCsv } from './payout-stripe-csv.ts';
import type { PayoutTable } from './payout-table.ts';

/** The reports that are tables, in the order in which they are asked. */
export const payoutTables: readonly PayoutTable[] = [
  amazonSettlement,
  adyenSettlement,
  stripeCsv,
  squareTransactions,
  shopifyTransactions,
  shopifyPayouts,
  paypalSettlement,
  paypalActivity,
];
