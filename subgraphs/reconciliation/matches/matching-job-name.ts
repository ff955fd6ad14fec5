/** The name under which the background job of matching is woken. */
export const matchingJob = 'reconciliation.match';
