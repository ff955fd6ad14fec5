import { currentTraceId } from '../trace.ts';
import type { AdmittedOperation } from './admission.ts';
import { operationLimits } from './limits.ts';

/** What every answer tells besides data and errors. */
export interface AnswerExtensions {
  readonly traceId: string;
  /** What the operation was estimated to cost, in fields counted with the sizes of their pages, and the most allowed. */
  readonly cost?: { readonly requested: number; readonly limit: number };
}

/** The extensions of an answer; an operation that was never admitted has no cost. */
export function answerExtensions(admitted: Pick<AdmittedOperation, 'cost'> | undefined): AnswerExtensions {
  return {
    traceId: currentTraceId(),
    ...(admitted ? { cost: { requested: admitted.cost, limit: operationLimits.cost } } : {}),
  };
}

/** A whole answer from its members `errors` and `data` as JSON. */
export function answerText(json: string, admitted: Pick<AdmittedOperation, 'cost'>): string {
  return `{${json},"extensions":${JSON.stringify(answerExtensions(admitted))}}\n`;
}
