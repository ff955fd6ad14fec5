import { byColumn, byId, byParent } from '#kernel/loaders';
import { ApprovalDecisionEntity, ApprovalPolicyEntity, ApprovalRequestEntity } from './entities.ts';

export const policyById = byId(ApprovalPolicyEntity);
export const requestById = byId(ApprovalRequestEntity);
export const requestByDraft = byColumn(ApprovalRequestEntity, 'draftId');
export const decisionsByRequest = byParent(ApprovalDecisionEntity, 'requestId', { id: 'asc' });
