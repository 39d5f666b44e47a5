import { isQuestion } from '../protocol/questions.ts';
import type { Result } from '../result.ts';
import type { End } from './ledger.ts';

/** What of an upstream's refusal decides whether a call counts. */
export interface Unanswered {
  readonly code: string;
  /** Certainly no byte of the request was sent. */
  readonly sent?: false;
  /** The upstream has answered, so it has had the request. */
  readonly answered?: true;
}

/**
 * How a call ended: what was not sent is released; what the upstream answered is done or failed; what was sent into
 * silence may have been carried out, and counts.
 */
export function endOf(answer: Result<Readonly<Record<string, unknown>>, Unanswered>, duration_ms: number): End {
  if (answer.ok) return { state: 'DONE', status: statusOf(answer.value), duration_ms };
  const { code: status, sent, answered } = answer.refusal;
  return { state: sent === false ? 'RELEASED' : answered ? 'FAILED' : 'UNKNOWN', status, duration_ms };
}

function statusOf(result: Readonly<Record<string, unknown>>): string {
  if (isQuestion(result)) return 'input_required';
  return result['isError'] === true ? 'tool_error' : 'done';
}
