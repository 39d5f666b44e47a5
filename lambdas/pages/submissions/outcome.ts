import { failureText } from './frame.ts';
import type { Act, Answer, Detail, Failure } from './wire.ts';
import { statuses } from './words.ts';

/** What follows an act: a notice over the submission as it is now, or a problem told in the form that stays open. */
export type Outcome = { readonly notice: string } | { readonly problem: string };

/** What follows the answer to an act. Who came too late (409) sees the verdict and the submission as it is now. */
export function outcomeOf(act: Act, answer: Answer<Pick<Detail, 'status'>>): Outcome {
  if (!answer.ok) return answer.status === 409 ? { notice: lost(answer) } : { problem: failureText(answer) };
  if (act === 'credentials') return { notice: 'The credential is attached, and the definitions were read with it.' };
  return { notice: `Done: ${statuses[answer.body.status].toLowerCase()}.` };
}

function lost(failure: Failure): string {
  const status = failure.details?.['status'];
  const known = Object.entries(statuses).find(([name]) => name === status);
  return `Your decision was not taken. ${failureText(failure)}${known ? ` It is now: ${known[1].toLowerCase()}.` : ''}`;
}
