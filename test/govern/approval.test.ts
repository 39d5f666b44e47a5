import { expect, test } from '@jest/globals';
import { concludeStep } from '../../lambdas/govern/approval/conclude.ts';
import { decideSubmission } from '../../lambdas/govern/approval/decide.ts';
import { editSubmission } from '../../lambdas/govern/approval/edit.ts';
import { parkStep } from '../../lambdas/govern/approval/park.ts';
import { registerServer } from '../../lambdas/govern/approval/propose.ts';
import { getSubmission, listSubmissions } from '../../lambdas/govern/approval/read.ts';
import { snapshotStep } from '../../lambdas/govern/approval/snapshot.ts';
import { withdrawSubmission } from '../../lambdas/govern/approval/withdraw.ts';
import { aToolset } from '../support/records.ts';
import { approvalWorld, wanted } from './approval-world.ts';
import { granted } from './servers-world.ts';

type World = ReturnType<typeof approvalWorld>;

/** Ann has proposed `wanted`, and it was read. */
async function proposed(world: World = approvalWorld(), given: object = {}) {
  const { submission_id: id } = granted(await registerServer(world.as('ann'), { ...wanted, ...given }));
  await world.review(world.workOf(id));
  return { ...world, id };
}
/** A ruling about what is there now. */
async function ruling({ submission }: World, id: string, verdict: 'approved' | 'rejected' | 'changes_requested') {
  const { revision, server } = await submission(id);
  return {
    verdict,
    revision,
    note: 'because',
    ...(server.snapshot_hash ? { snapshot_hash: server.snapshot_hash } : {}),
  };
}
const rule = async (
  world: World,
  id: string,
  verdict: 'approved' | 'rejected' | 'changes_requested',
  who: Parameters<World['as']>[0] = 'admin',
) => decideSubmission(world.as(who), id, await ruling(world, id, verdict));

test('a proposal reserves its names, starts the machine on ids alone, and makes no server', async () => {
  const world = approvalWorld();
  const answer = granted(await registerServer(world.as('ann'), { ...wanted, access_groups: ['dev'] }));
  expect(answer).toMatchObject({ status: 'pending_review', revision: 1 });
  expect(world.workflow.started).toEqual([world.workOf(answer.submission_id)]);
  expect([...world.records.names.keys()].sort()).toEqual(['name/default/dev', 'name/default/wanted']);
  expect((await world.records.directory('default')).servers).toEqual([]);
  expect(world.records.audits).toMatchObject([{ action: 'submission.create', actor: { user_id: 'usr_ann' } }]);
  expect(await registerServer(world.as('bob'), wanted)).toMatchObject({ refusal: { code: 'conflict' } });
});

test('a proposal is checked like a server, and a team it names must be there', async () => {
  const world = approvalWorld();
  const cases: readonly (readonly [object, string])[] = [
    [{ alias: 'mcp' }, 'alias'],
    [{ url: 'http://169.254.169.254/' }, 'url'],
    [{ static_headers: { host: 'x' } }, 'static_headers.host'],
    [{ auth: { template: '{secret}' } }, 'auth.template'],
    [{ teams: ['team_none'] }, 'teams'],
    [{ owner_team_id: 'team_none' }, 'owner_team_id'],
  ];
  for (const [given, param] of cases)
    expect(await registerServer(world.as('ann'), { ...wanted, ...given })).toMatchObject({ refusal: { param } });
  expect(world.records.rows.size).toBe(8);
});

test('the probe’s reading is pinned, reported on, and told once it can be looked at', async () => {
  const { id, submission, snapshots, reviews, events, workOf } = await proposed();
  const { server, risk } = await submission(id);
  expect(server).toMatchObject({ status: 'inactive', tools: [{ name: 'search' }, { name: 'wipe' }] });
  expect(snapshots.stored.size).toBe(1);
  expect(Object.keys(risk ?? {}).length).toBeGreaterThan(0);
  expect((await reviews.evidence(workOf(id)))?.probe).toMatchObject({ reachable: true });
  expect(events.told).toMatchObject([
    { type: 'submission.created', subject: { id, alias: 'wanted' }, facts: { risk } },
  ]);
  expect(events.kept).toEqual(events.told);
});

test('an approval makes exactly the approved server, once, however often the step is repeated', async () => {
  const world = await proposed();
  const { id, workflow, conclude, workOf, records, submission } = world;
  granted(await rule(world, id, 'approved'));
  expect(workflow.answers).toEqual([{ token: `token-${id}-r1`, verdict: 'approved' }]);
  for (let time = 0; time < 3; time++) expect(await conclude(workOf(id))).toBe('approved');
  const { servers } = await records.directory('default');
  const { server, activated_at } = await submission(id);
  expect(servers).toHaveLength(1);
  expect(servers[0]).toMatchObject({
    id: server.id,
    status: 'active',
    snapshot_hash: server.snapshot_hash,
    version: 1,
  });
  expect(activated_at).toBeDefined();
  expect(records.audits.map(({ action }) => action)).toEqual([
    'submission.create',
    'submission.read',
    'submission.approve',
    'submission.activate',
  ]);
  expect(world.events.told.map(({ type }) => type)).toEqual(['submission.created', 'submission.approved']);
});

test('an approval may be narrower than what was proposed, and never wider', async () => {
  const world = await proposed();
  const { id, as, conclude, workOf, records } = world;
  const approve = async (narrow: object) =>
    decideSubmission(as('admin'), id, { ...(await ruling(world, id, 'approved')), narrow });
  expect(await approve({ tools: ['other'] })).toMatchObject({ refusal: { param: 'narrow.tools' } });
  expect(await approve({ access_groups: ['wanted'] })).toMatchObject({ refusal: { param: 'access_groups' } });
  records.seed('toolset', aToolset({ name: 'taken' }));
  records.names.set('name/default/taken', { kind: 'toolset', ids: ['ts_taken'] });
  expect(await approve({ access_groups: ['taken'] })).toMatchObject({ refusal: { code: 'conflict' } });
  granted(await approve({ tools: ['search'], access_groups: ['dev'], cost: { default_usd: 0.5 } }));
  await conclude(workOf(id));
  expect((await records.directory('default')).servers[0]).toMatchObject({
    allowed_tools: ['search'],
    access_groups: ['dev'],
    cost: { default_usd: 0.5 },
  });
  expect([...records.names.keys()].sort()).toEqual(['dev', 'taken', 'wanted'].map((name) => `name/default/${name}`));
});

test.each(['approved', 'rejected', 'changes_requested'] as const)(
  'the submitter’s own key, another of its person’s, and one it minted do not decide: %s is 403',
  async (verdict) => {
    const world = await proposed();
    const { key, id } = world;
    const own = [
      key('KeyAnnAdmin1', { role: 'admin', user_id: 'usr_ann' }),
      key('KeyMinted001', { role: 'admin', minted_by: [{ key_id: 'KeyAnn000001' }] }),
      key('KeyMinted002', { role: 'admin', user_id: 'usr_bob', minted_by: [{ key_id: 'x', user_id: 'usr_ann' }] }),
    ];
    for (const caller of own)
      expect(await rule(world, id, verdict, caller)).toMatchObject({ refusal: { code: 'own_submission' } });
    expect((await world.submission(id)).status).toBe('pending_review');
  },
);

test('a key without a person is its own person, and with four eyes that of whoever made it', async () => {
  const world = approvalWorld();
  const robot = world.key('KeyRobot0001', { minted_by: [{ key_id: 'KeyAdm000002' }] });
  const { submission_id: id } = granted(await registerServer(world.as(robot), wanted));
  await world.review(world.workOf(id));
  world.world.fourEyes = true;
  expect(await rule(world, id, 'approved', 'second')).toMatchObject({ refusal: { code: 'own_submission' } });
  world.world.fourEyes = false;
  expect(await rule(world, id, 'approved', 'second')).toMatchObject({ ok: true });
});

test('AP-15: who is no admin any more at the decision is 403, whatever the authorizer remembers', async () => {
  const world = await proposed();
  const { records, id, key } = world;
  const caller = key('KeyAdm000003', { role: 'admin', user_id: 'usr_eve' });
  const record = await records.key('KeyAdm000003');
  records.seed('key', { ...record!, revoked_at: '2026-06-01T11:00:00.000Z' });
  expect(await rule(world, id, 'approved', caller)).toMatchObject({ refusal: { code: 'not_admin' } });
  records.seed('key', { ...record!, role: 'member' });
  expect(await rule(world, id, 'approved', caller)).toMatchObject({ refusal: { code: 'not_admin' } });
  records.seed('key', record!);
  records.seed('user', { ...(await records.get('user', 'default', 'usr_eve'))!, disabled: true });
  expect(await rule(world, id, 'approved', caller)).toMatchObject({ refusal: { code: 'not_admin' } });
});

test('AP-05: another revision, another hash and no definitions are 409 with what is there', async () => {
  const world = await proposed();
  const { id, as } = world;
  const seen = await ruling(world, id, 'approved');
  granted(await editSubmission(as('ann'), id, { revision: 1, description: 'Longer' }));
  await world.review(world.workOf(id, 2));
  expect(await decideSubmission(as('admin'), id, seen)).toMatchObject({
    refusal: { code: 'conflict', state: { revision: 2, status: 'pending_review' } },
  });
  const other = { ...seen, revision: 2, snapshot_hash: 'b'.repeat(64) };
  expect(await decideSubmission(as('admin'), id, other)).toMatchObject({ refusal: { code: 'conflict' } });
  const locked = approvalWorld();
  locked.world.locked = true;
  const blind = await proposed(locked);
  expect((await blind.submission(blind.id)).server.status_reason).toContain('did not accept the credential');
  expect(await rule(blind, blind.id, 'approved')).toMatchObject({
    refusal: { code: 'conflict', message: expect.stringContaining('no definitions') },
  });
  expect(await rule(blind, blind.id, 'rejected')).toMatchObject({ ok: true });
});

test('an edit is a new revision, read anew; the execution of the old one is told that it is superseded', async () => {
  const world = await proposed();
  const { id, as, upstream, workflow, submission, records, conclude, workOf } = world;
  upstream.list = ['search'];
  granted(await editSubmission(as('ann'), id, { revision: 1, access_groups: ['dev'], reason: 'Better' }));
  expect(workflow.answers).toEqual([{ token: `token-${id}-r1`, verdict: 'superseded' }]);
  expect(workflow.started.at(-1)).toEqual(workOf(id, 2));
  expect(await submission(id)).toMatchObject({ revision: 2, reason: 'Better', server: { tools: [] } });
  expect(await conclude(workOf(id, 1))).toBe('superseded');
  await world.review(workOf(id, 2));
  expect((await submission(id)).server.tools).toEqual([{ name: 'search' }]);
  expect([...records.names.keys()]).toContain('name/default/dev');
  expect(await editSubmission(as('ann'), id, { revision: 1 })).toMatchObject({ refusal: { code: 'conflict' } });
  expect(await editSubmission(as('admin'), id, { revision: 2 })).toMatchObject({ refusal: { code: 'forbidden' } });
  expect(await editSubmission(as('bob'), id, { revision: 2 })).toMatchObject({ refusal: { code: 'not_found' } });
  expect(await editSubmission(as('ann'), id, { revision: 2, url: 'http://10.0.0.1/' })).toMatchObject({
    refusal: { param: 'url' },
  });
});

test('changes that are asked for bring it back to its proposer, whose edit is reviewed again', async () => {
  const world = await proposed();
  const { id, as, conclude, workOf, submission, records } = world;
  granted(await rule(world, id, 'changes_requested'));
  expect(await conclude(workOf(id))).toBe('changes_requested');
  expect(records.names.has('name/default/wanted')).toBe(true);
  granted(await editSubmission(as('ann'), id, { revision: 1, description: 'As asked' }));
  const edited = await submission(id);
  expect([edited.status, edited.revision, edited.decision]).toEqual(['pending_review', 2, undefined]);
  await world.review(workOf(id, 2));
  granted(await rule(world, id, 'approved'));
  expect(await conclude(workOf(id, 2))).toBe('approved');
});

test('AP-06: what is approved is not edited any more, and a withdrawal before it is active still works', async () => {
  const world = await proposed();
  const { id, as, conclude, workOf, records } = world;
  granted(await rule(world, id, 'approved'));
  expect(await editSubmission(as('ann'), id, { revision: 1 })).toMatchObject({ refusal: { code: 'conflict' } });
  granted(await withdrawSubmission(as('ann'), id));
  expect(await conclude(workOf(id))).toBe('withdrawn');
  expect((await records.directory('default')).servers).toEqual([]);
  expect(await withdrawSubmission(as('ann'), id)).toMatchObject({ refusal: { code: 'conflict' } });
});

test.each(['rejected', 'withdrawn'] as const)('a %s submission gives back its names and its place', async (end) => {
  const world = await proposed(approvalWorld(), { access_groups: ['dev'] });
  const { id, as, conclude, workOf, records } = world;
  if (end === 'rejected') granted(await rule(world, id, 'rejected'));
  else granted(await withdrawSubmission(as('ann'), id));
  expect(await conclude(workOf(id))).toBe(end);
  expect(records.names.size).toBe(0);
  expect(granted(await registerServer(as('bob'), wanted)).revision).toBe(1);
});

test('five open submissions a person, however its keys are spread; a closed one makes room', async () => {
  const world = approvalWorld();
  const child = world.key('KeyChild0001', {
    user_id: 'usr_ann',
    lineage: [{ key_id: 'KeyAnn000001', user_id: 'usr_ann' }],
  });
  const propose = (n: number, who: Parameters<World['as']>[0] = 'ann') =>
    registerServer(world.as(who), { ...wanted, alias: `s${n}` });
  const made = [];
  for (let n = 1; n <= 5; n++) made.push(granted(await propose(n, n % 2 ? 'ann' : child)));
  expect(await propose(6)).toMatchObject({ refusal: { code: 'conflict', state: { open: 5 } } });
  expect(await propose(6, child)).toMatchObject({ refusal: { code: 'conflict' } });
  expect(await propose(6, 'bob')).toMatchObject({ ok: true });
  granted(await withdrawSubmission(world.as('ann'), made[0]!.submission_id));
  expect(await propose(7)).toMatchObject({ ok: true });
});

test('twenty submissions an org and day; the answer says when the next day begins', async () => {
  const world = approvalWorld();
  const propose = (n: number) => {
    const caller = world.key(`KeyMany${String(n).padStart(5, '0')}`, {});
    return registerServer(world.as(caller), { ...wanted, alias: `s${n}` });
  };
  for (let n = 1; n <= 20; n++) granted(await propose(n));
  expect(await propose(21)).toMatchObject({ refusal: { code: 'quota_exceeded', retryAfterSeconds: 12 * 60 * 60 } });
  world.world.now += 13 * 60 * 60 * 1000;
  expect(await propose(22)).toMatchObject({ ok: true });
});

test('a member sees its own submissions, an admin all with counts; a stranger’s does not exist', async () => {
  const world = await proposed();
  const { id, as } = world;
  granted(await registerServer(as('bob'), { ...wanted, alias: 'other' }));
  granted(await rule(world, id, 'rejected'));
  const all = granted(await listSubmissions(as('admin'), {}));
  expect(all.counts).toMatchObject({ pending_review: 1, rejected: 1, approved: 0 });
  expect(granted(await listSubmissions(as('ann'), {})).data.map((one) => one.id)).toEqual([id]);
  expect(granted(await listSubmissions(as('admin'), { status: 'rejected' })).data.map((one) => one.id)).toEqual([id]);
  expect(await getSubmission(as('bob'), id)).toMatchObject({ refusal: { code: 'not_found' } });
  expect(granted(await getSubmission(as('ann'), id)).decision).toMatchObject({ note: 'because' });
  const first = granted(await listSubmissions(as('admin'), { limit: 1 }));
  const next = granted(await listSubmissions(as('admin'), { limit: 1, cursor: first.next_cursor ?? '' }));
  expect([first.data.length, next.data.length, next.next_cursor]).toEqual([1, 1, undefined]);
  expect(first.data[0]?.id).not.toBe(next.data[0]?.id);
});

test('AP-09, LK-06: no view and no audit row holds the task token or who the keys come from', async () => {
  const world = await proposed();
  const detail = granted(await getSubmission(world.as('admin'), world.id));
  expect(detail).toMatchObject({ tools: [{ name: 'search' }, { name: 'wipe' }], probe: { tools: [] } });
  expect(JSON.stringify([detail, world.records.audits, world.events.kept])).not.toMatch(/token-|minted_by|lineage/);
});

test('a verdict that comes before the token is kept is told when it is kept', async () => {
  const world = approvalWorld();
  const { submission_id: id } = granted(await registerServer(world.as('ann'), wanted));
  await snapshotStep(world.step(), world.workOf(id));
  granted(await rule(world, id, 'rejected'));
  expect(world.workflow.answers).toEqual([]);
  world.workflow.waiting.add('late');
  await parkStep(world.step(), world.workOf(id), 'late');
  expect(world.workflow.answers).toEqual([{ token: 'late', verdict: 'rejected' }]);
});

test('AP-08: a machine that is woken without a verdict in the table does nothing and waits on', async () => {
  const world = await proposed();
  expect(await world.conclude(world.workOf(world.id))).toBe('pending_review');
  expect((await world.records.directory('default')).servers).toEqual([]);
});

test('an approval that lacks something waits and says what; it goes on once that is there', async () => {
  const world = approvalWorld();
  const team = { id: 'team_web', org_id: 'default', name: 'web', disabled: false } as const;
  const stored = { version: 1, created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' };
  world.records.seed('team', { ...team, ...stored });
  const { id, conclude, workOf, submission, records } = await proposed(world, { owner_team_id: 'team_web' });
  granted(await rule(world, id, 'approved'));
  records.rows.delete('team/default/team_web');
  for (let time = 0; time < 2; time++) expect(await conclude(workOf(id))).toBe('waiting');
  expect((await submission(id)).status_reason).toBe('There is no such team.');
  world.records.seed('team', { ...team, ...stored });
  expect(await conclude(workOf(id))).toBe('approved');
  expect((await submission(id)).status_reason).toBeUndefined();
});

test('an approval that waits too long expires and gives back its name', async () => {
  const world = approvalWorld();
  const { id, conclude, workOf, records } = await proposed(world);
  granted(await rule(world, id, 'approved'));
  world.world.now += 15 * 24 * 60 * 60 * 1000;
  expect(await concludeStep(world.step(), workOf(id))).toBe('expired');
  expect(await conclude(workOf(id))).toBe('expired');
  expect(records.names.size).toBe(0);
});
