/** The background job that works on one import; woken by every command that leaves it something to do. */
export const importJobName = 'transactions.import';
