/** Approves or rejects a request at the version the person has seen; a rejection needs a comment. */
export const decideRequest = `mutation DecideRequest($input: DecideApprovalInput!) {
  decideApproval(input: $input) {
    approvalRequest { id status version }
    errors { code message remedy path }
  }
}`;

/** What `decideRequest` takes. */
export interface DecideRequest {
  readonly approvalRequestId: string;
  readonly verdict: 'APPROVE' | 'REJECT';
  readonly version: number;
  readonly comment?: string;
}
