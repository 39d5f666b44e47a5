import { expect, test } from '@jest/globals';
import { quarantineOf } from '../../../lambdas/domain/approval/quarantine.ts';
import {
  expiresAt,
  isOpen,
  isOverdue,
  isUnsettled,
  reviewDays,
  type SubmissionRecord,
  verdictOf,
} from '../../../lambdas/domain/approval/submission.ts';
import { aSubmission, noon } from '../../support/records.ts';

const days = (count: number) => noon + count * 24 * 60 * 60 * 1000;
const at = (time: number) => new Date(time).toISOString();
const decided = (verdict: NonNullable<SubmissionRecord['decision']>['verdict'], time = noon) =>
  aSubmission({ status: verdict, decision: { verdict, at: at(time), by: { key_id: 'KeyAdm000001' } } });

test('a revision has the verdict of its submission, and an older one is superseded', () => {
  expect(verdictOf(aSubmission(), 1)).toBeUndefined();
  expect(verdictOf(decided('rejected'), 1)).toBe('rejected');
  expect(verdictOf(aSubmission({ revision: 3 }), 2)).toBe('superseded');
});

test('a submission expires two weeks after its revision, or after what was decided', () => {
  expect(reviewDays).toBe(14);
  expect(expiresAt(aSubmission())).toBe(at(days(14)));
  expect(expiresAt(decided('changes_requested', days(3)))).toBe(at(days(17)));
  expect(isOverdue(aSubmission(), days(14) - 1)).toBe(false);
  expect(isOverdue(aSubmission(), days(14))).toBe(true);
  expect(isOverdue(decided('rejected'), days(99))).toBe(false);
});

test('open is what somebody still has to decide, edit or make place for', () => {
  expect([aSubmission(), decided('changes_requested'), decided('approved')].map(isOpen)).toEqual([true, true, true]);
  expect(isOpen({ ...decided('approved'), activated_at: at(noon) })).toBe(false);
  expect([decided('rejected'), aSubmission({ status: 'withdrawn' })].map(isOpen)).toEqual([false, false]);
});

test('the sweep looks at what is not carried out, and at changes that nobody may ever make', () => {
  expect(isUnsettled(decided('rejected'))).toBe(true);
  expect(isUnsettled({ ...decided('rejected'), concluded: 1 })).toBe(false);
  expect(isUnsettled({ ...decided('changes_requested'), concluded: 1 })).toBe(true);
  expect(isUnsettled(aSubmission({ revision: 2, concluded: 1 }))).toBe(true);
});

test('TD-04: what changed, what came and what can no longer be pinned is held back; what vanished is not', () => {
  const tools = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
  const drift = { added: ['new'], modified: [{ name: 'b', fields: ['title'] }] };
  const refused = [
    { name: 'c', reason: 'long' },
    { name: 'never-pinned', reason: 'long' },
  ];
  expect(quarantineOf({ tools }, drift, refused)).toEqual(['b', 'c', 'new']);
});
