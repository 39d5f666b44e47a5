import { dayLimit, openLimit } from '../../domain/approval/limits.ts';
import type { SubmissionRecord } from '../../domain/approval/submission.ts';
import { personOf } from '../../domain/approval/submitter.ts';
import { conflict, type Refusal } from '../../domain/refusal.ts';
import { type No, no } from '../../domain/result.ts';
import type { Change, Counted } from '../../ports/table.ts';
import { groupChanges } from '../servers/find.ts';

const dayMs = 24 * 60 * 60 * 1000;
const openOf = ({ submitter }: SubmissionRecord): Counted => ['OPEN', personOf(submitter)];

/** What a new submission holds while it is open: its names, in the org's one namespace, and a place in both limits. */
export function reserved(submission: SubmissionRecord, now: number): readonly Change[] {
  const { org_id, server } = submission;
  const day = new Date(now).toISOString().slice(0, 10);
  return [
    { do: 'take_name', org_id, name: server.alias, holder: { kind: 'server', id: server.id } },
    ...groupChanges('take_name', server, server.access_groups),
    { do: 'count_up', org_id, of: openOf(submission), most: openLimit },
    { do: 'count_up', org_id, of: ['DAY', day], most: dayLimit, until: now + 2 * dayMs },
  ];
}

/** The submission is no longer open: its person may propose another. */
export const uncounted = (submission: SubmissionRecord): readonly Change[] =>
  submission.kind === 'server' ? [{ do: 'count_down', org_id: submission.org_id, of: openOf(submission) }] : [];

/** Gives back what a submission held that ends without a server; a review holds nothing. */
export function givenBack(submission: SubmissionRecord): readonly Change[] {
  const { kind, org_id, server } = submission;
  if (kind === 'review') return [];
  return [
    { do: 'release_name', org_id, name: server.alias, holder: { kind: 'server', id: server.id } },
    ...groupChanges('release_name', server, server.access_groups),
    ...uncounted(submission),
  ];
}

/** Why a submission is one too many: 409 for a person's, 429 for the org's of this day. */
export function tooMany([what]: Counted, now: number): No<Refusal> {
  if (what === 'OPEN')
    return conflict(`You have ${openLimit} open submissions: withdraw one, or wait for a decision.`, {
      open: openLimit,
    });
  const retryAfterSeconds = Math.ceil((dayMs - (now % dayMs)) / 1000);
  const message = `This org has made its ${dayLimit} submissions of today; the next day begins at midnight UTC.`;
  const rateLimit = { limit: dayLimit, remaining: 0, resetSeconds: retryAfterSeconds };
  return no({ code: 'quota_exceeded', message, retryAfterSeconds, rateLimit });
}
