import { expect, test } from '@jest/globals';
import { decide, type Ruling, stateOf } from '../../../lambdas/domain/approval/decide.ts';
import { narrowed } from '../../../lambdas/domain/approval/narrowed.ts';
import type { SubmissionRecord } from '../../../lambdas/domain/approval/submission.ts';
import { handedBy, hasProposed, isOwn, personOf, submitterOf } from '../../../lambdas/domain/approval/submitter.ts';
import type { KeyRecord } from '../../../lambdas/domain/records.ts';
import { aKey, aServer, aSubmission, noon } from '../../support/records.ts';

const hash = 'a'.repeat(64);
const at = new Date(noon + 1000).toISOString();
const admin = aKey({ id: 'KeyAdm000001', role: 'admin', user_id: 'usr_eve' });
const approve: Ruling = { verdict: 'approved', revision: 1, snapshot_hash: hash, at };
const rule = (
  submission: SubmissionRecord,
  given: Partial<Ruling> = {},
  decider: KeyRecord = admin,
  fourEyes = false,
) => decide(submission, { ...approve, ...given }, decider, fourEyes);

test('a verdict stands for the revision and the hash, and names who gave it', () => {
  const by = { key_id: 'KeyAdm000001', user_id: 'usr_eve' };
  expect(rule(aSubmission(), { note: 'fine' })).toMatchObject({
    ok: true,
    value: { status: 'approved', decision: { verdict: 'approved', at, note: 'fine', by } },
  });
  expect(rule(aSubmission(), { verdict: 'rejected' }, aKey({ id: 'KeyAdm000002', role: 'admin' }))).toMatchObject({
    ok: true,
    value: { status: 'rejected', decision: { by: { key_id: 'KeyAdm000002' } } },
  });
});

test('AP-05: another revision, another hash, a verdict that stands, a time that is over are 409 with the state', () => {
  const state = { status: 'pending_review', revision: 1, snapshot_hash: hash };
  for (const other of [{ revision: 2 }, { snapshot_hash: 'b'.repeat(64) }])
    expect(rule(aSubmission(), other)).toMatchObject({ refusal: { code: 'conflict', state } });
  const decision = { verdict: 'rejected', at, by: { key_id: 'x' } } as const;
  expect(rule(aSubmission({ status: 'rejected', decision }))).toMatchObject({
    refusal: { code: 'conflict', state: { status: 'rejected', decided_at: at } },
  });
  expect(rule(aSubmission(), { at: new Date(noon + 15 * 86_400_000).toISOString() })).toMatchObject({
    refusal: { code: 'conflict', state: { status: 'expired' } },
  });
});

test('without definitions there is nothing to approve, but something to reject', () => {
  const { snapshot_hash: _, ...server } = aServer();
  const blind = aSubmission({ server });
  const { snapshot_hash: __, ...ruling } = approve;
  expect(decide(blind, ruling, admin, false)).toMatchObject({
    refusal: { code: 'conflict', message: expect.stringContaining('no definitions') },
  });
  expect(decide(blind, { ...ruling, verdict: 'rejected' }, admin, false)).toMatchObject({ ok: true });
  expect(stateOf(blind)).toEqual({ status: 'pending_review', revision: 1 });
});

test('an approval takes away and sets, and adds no tool', () => {
  const server = aServer({ allowed_tools: ['echo'], access_groups: ['a'] });
  expect(narrowed(server)).toEqual({ ok: true, value: server });
  expect(narrowed(server, { tools: ['echo'], access_groups: ['b', 'b'], cost: { default_usd: 1 } })).toMatchObject({
    value: { allowed_tools: ['echo'], access_groups: ['b'], cost: { default_usd: 1 } },
  });
  expect(narrowed(server, { tools: ['add'] })).toMatchObject({ refusal: { param: 'narrow.tools' } });
  expect(rule(aSubmission(), { narrow: { tools: ['none'] } })).toMatchObject({ refusal: { param: 'narrow.tools' } });
});

const ann = { key_id: 'KeyAnn000001', user_id: 'usr_ann' };
const submitter = {
  ...ann,
  lineage: [{ key_id: 'KeyRoot00001', user_id: 'usr_root' }],
  minted_by: [{ key_id: 'KeyMaker0001' }],
};
const own = (decider: Partial<KeyRecord> & { readonly key_id?: string }, fourEyes = false) =>
  isOwn(submitter, { key_id: 'KeyOther0001', lineage: [], ...decider }, fourEyes);

test('the submitter is a person by any of its keys, and every key that comes from those', () => {
  expect(own({})).toBe(false);
  expect(own({ user_id: 'usr_else' })).toBe(false);
  expect(own({ key_id: 'KeyAnn000001' })).toBe(true);
  expect(own({ user_id: 'usr_ann' })).toBe(true);
  expect(own({ user_id: 'usr_root' })).toBe(true);
  expect(own({ lineage: [ann] })).toBe(true);
  expect(own({ minted_by: [{ key_id: 'KeyRoot00001' }] })).toBe(true);
  expect(rule(aSubmission({ submitter }), {}, aKey({ ...admin, user_id: 'usr_ann' }))).toMatchObject({
    refusal: { code: 'own_submission' },
  });
});

test('who made the submitter’s key may decide, but not where four eyes are wanted', () => {
  expect(own({ key_id: 'KeyMaker0001' })).toBe(false);
  expect(own({ key_id: 'KeyMaker0001' }, true)).toBe(true);
});

test('a key remembers each key that has had its secret, once', () => {
  const maker = { ...ann, lineage: [{ key_id: 'KeyRoot00001' }], minted_by: [{ key_id: 'KeyMaker0001' }] };
  const made = handedBy(maker);
  expect(made).toEqual([ann, { key_id: 'KeyRoot00001' }, { key_id: 'KeyMaker0001' }]);
  expect(handedBy({ key_id: 'KeyRotor0001', lineage: [] }, made)).toEqual([...made, { key_id: 'KeyRotor0001' }]);
  expect(handedBy(maker, made)).toEqual(made);
});

test('a submission counts for the person that the keys of the submitter descend from', () => {
  const caller = { ...ann, org_id: 'default', role: 'member', tier: 'team', lineage: [] } as const;
  expect(submitterOf(caller, {})).toEqual({ ...ann, lineage: [], minted_by: [] });
  expect(submitterOf(caller, { minted_by: [ann] }).minted_by).toEqual([ann]);
  expect(personOf(submitter)).toBe('usr_root');
  expect(personOf(submitterOf({ ...caller, lineage: [{ key_id: 'KeyRoot00002' }] }, {}))).toBe('KeyRoot00002');
  expect(personOf(submitterOf(caller, {}))).toBe('usr_ann');
  expect(hasProposed(submitter, caller)).toBe(true);
  expect(hasProposed(submitter, { ...caller, key_id: 'KeyElse00001', user_id: 'usr_else' })).toBe(false);
});
