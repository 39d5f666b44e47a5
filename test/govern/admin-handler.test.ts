import { expect, test } from '@jest/globals';
import { me, ready } from '../../contract/access.ts';
import { KeyShown, listKeys, createKey as mint } from '../../contract/keys.ts';
import { orgs, teams, users } from '../../contract/principals.ts';
import { type Route, routeKey } from '../../contract/route.ts';
import { routes } from '../../contract/routes.ts';
import { bootstrap } from '../../contract/site.ts';
import type { Caller } from '../../lambdas/domain/caller.ts';
import { handler as admin } from '../../lambdas/handlers/admin.ts';
import { handler as bootstrapper } from '../../lambdas/handlers/bootstrap.ts';
import { type Asked, context, eventOf, readAnswer } from './admin-event.ts';
import { bootstrapToken, storesOfFile, throughDoor } from './admin-stores.ts';
import { someone } from './admin-world.ts';

storesOfFile();
const operator = someone('operator');
type AnyRoute = Pick<Route, 'method' | 'path'>;
const ask = async (route: AnyRoute, asked: Asked) => readAnswer(await admin(eventOf(route, asked), context));
const start = async (token: string, headers: Readonly<Record<string, string>> = throughDoor) =>
  readAnswer(await bootstrapper(eventOf(bootstrap, { body: { token }, headers }), context));

test.each(routes.filter(({ fn }) => fn === 'admin').map((route) => [routeKey(route), route] as const))(
  '%s is served',
  async (_, route) => {
    const { status, body } = await ask(route, { caller: operator, params: { id: 'none' }, body: {} });
    expect([200, 400, 401, 404]).toContain(status);
    expect(body.error?.message).not.toBe('This route does not exist.');
  },
);

test('AU-24 of twenty at once with the right token one makes the operator; a wrong one is 401, and then all are 410', async () => {
  expect((await start('W'.repeat(64))).status).toBe(401);
  expect((await start(bootstrapToken, {})).status).toBe(404);
  const answers = await Promise.all(Array.from({ length: 20 }, () => start(bootstrapToken)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(410)]);
  const { body } = answers.find(({ status }) => status === 201)!;
  expect(KeyShown.strict().parse(body)).toMatchObject({ role: 'operator', org_id: 'default' });
  const again = await start(bootstrapToken);
  expect(again).toMatchObject({ status: 410, body: { error: { code: 'gone' } } });
  const { body: list } = await ask(users.list, { caller: operator });
  expect(list.data).toHaveLength(1);
});

test('a direct invocation with {"recover": true} answers a new operator key, and with anything else throws', async () => {
  const made = await bootstrapper({ recover: true }, context);
  expect(KeyShown.strict().parse(made)).toMatchObject({ role: 'operator', name: 'recovery' });
  for (const event of [{}, { recover: 'true' }, { recover: false }])
    await expect(bootstrapper(event as { recover: true }, context)).rejects.toThrow('Not an event of this function');
});

/** A member key, as the authorizer would name it. */
async function aMember(): Promise<Caller> {
  const { body } = await ask(mint, { caller: operator, body: { name: 'member' } });
  return someone('member', { key_id: body.id });
}

test('AU-14 a member reaches no admin route, and an admin no operator route', async () => {
  const caller = await aMember();
  const answer = await ask(teams.create, { caller, body: { name: 'T' } });
  expect(answer).toMatchObject({ status: 403, body: { error: { code: 'not_admin' } } });
  expect((await ask(orgs.create, { caller: someone('admin'), body: { name: 'O' } })).status).toBe(403);
  expect((await ask(me, { caller })).body).toMatchObject({ key_id: caller.key_id, servers: [] });
  expect((await ask(listKeys, { caller })).body.data).toHaveLength(1);
});

test('AU-15 a user is given no role, no org and no prototype', async () => {
  const { body: user } = await ask(users.create, { caller: operator, body: { name: 'Ann' } });
  for (const text of [
    '"role":"admin"',
    '"org_id":"org_other"',
    '"__proto__":{"role":"admin"}',
    '"Role":"admin"',
    '"constructor":{"prototype":{"role":"admin"}}',
    '"deleted_at":"2026-01-01T00:00:00.000Z"',
  ]) {
    const params = { id: user.id as string };
    const answer = await ask(users.patch, { caller: operator, params, body: `{"version":1,${text}}` });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid_request' } } });
  }
  expect((await ask(users.get, { caller: operator, params: { id: user.id } })).body).toEqual(user);
});

test('ready answers for the table and the vault', async () => {
  expect(await ask(ready, { caller: operator })).toEqual({
    status: 200,
    body: { status: 'ok', checks: { table: 'ok', vault: 'ok' } },
  });
});
