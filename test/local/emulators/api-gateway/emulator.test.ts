import { afterEach, expect, test } from '@jest/globals';
import { type ApiGateway, startApiGateway } from '../../../../local/emulators/api-gateway/start.ts';
import { emptyFolder } from '../folder.ts';

const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=local' };
const plans = ['free', 'team'].map((id) => ({ id, name: `plan-${id}` }));
const shared = { id: 'Shared', name: 'shared', value: 'shared-key-0123456789', enabled: true, planId: 'free' };
const value = 'org-key-0123456789012';

const opened: ApiGateway[] = [];
afterEach(async () => {
  for (const it of opened.splice(0)) await it.close();
});
async function start(folder?: string) {
  const emulator = await startApiGateway({ plans, templateKeys: [shared], folder });
  opened.push(emulator);
  /** A request as the SDK's client for API Gateway makes it. */
  const send = async (method: string, path: string, body?: object): Promise<any> => {
    const answer = await fetch(emulator.endpoint + path, {
      method,
      headers: signed,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const error = answer.headers.get('x-amzn-errortype');
    return { status: answer.status, error, ...((await answer.json()) as object) };
  };
  return { emulator, send };
}

test('a key is made with its value, found by its name, and its value is shown when it is asked for', async () => {
  const { send, emulator } = await start();
  const made = await send('POST', '/apikeys', { name: 'org-1', value, enabled: true });
  expect(made).toMatchObject({ status: 201, id: expect.any(String), name: 'org-1', value, enabled: true });
  expect((await send('GET', '/apikeys?name=org')).item).toEqual([
    expect.not.objectContaining({ value: expect.anything() }),
  ]);
  expect((await send('GET', '/apikeys?name=org&includeValues=true')).item[0].value).toBe(value);
  expect(await send('GET', `/apikeys/${made.id}?includeValue=true`)).toMatchObject({ status: 200, value });
  expect(emulator.findKey(value)).toMatchObject({ name: 'org-1' });
  expect((await emulator.counts())['getApiKeys']).toBe(2);
});

test('a value that is taken, too short or absent is a conflict, refused or drawn', async () => {
  const { send } = await start();
  expect(await send('POST', '/apikeys', { value: shared.value })).toMatchObject({
    status: 409,
    error: 'ConflictException',
  });
  expect(await send('POST', '/apikeys', { value: 'short' })).toMatchObject({
    status: 400,
    error: 'BadRequestException',
  });
  expect((await send('POST', '/apikeys', {})).value).toMatch(/^[\w-]{40}$/);
});

test('a key is in one plan of the stage at most', async () => {
  const { send, emulator } = await start();
  const { id: keyId } = await send('POST', '/apikeys', { name: 'org-1', value });
  const add = (plan: string) => send('POST', `/usageplans/${plan}/keys`, { keyId, keyType: 'API_KEY' });
  expect((await add('free')).status).toBe(201);
  expect(await add('team')).toMatchObject({ status: 409, error: 'ConflictException' });
  expect((await send('GET', '/usageplans/free/keys')).item.map(({ name }: { name: string }) => name)).toEqual([
    'shared',
    'org-1',
  ]);
  expect((await send('DELETE', `/usageplans/free/keys/${keyId}`)).status).toBe(202);
  expect((await send('DELETE', `/usageplans/free/keys/${keyId}`)).error).toBe('NotFoundException');
  expect((await add('team')).status).toBe(201);
  expect((await send('GET', `/usageplans?keyId=${keyId}`)).item).toEqual([{ id: 'team', name: 'plan-team' }]);
  expect((await send('GET', '/usageplans')).item).toHaveLength(2);
  expect(emulator.findKey(value)?.planId).toBe('team');
});

test('a key is switched off, renamed and deleted', async () => {
  const { send, emulator } = await start();
  const { id } = await send('POST', '/apikeys', { name: 'org-1', value, enabled: true });
  const replace = (path: string, to: string) => ({ patchOperations: [{ op: 'replace', path, value: to }] });
  expect(await send('PATCH', `/apikeys/${id}`, replace('/enabled', 'false'))).toMatchObject({ enabled: false });
  expect(await send('PATCH', `/apikeys/${id}`, replace('/name', 'org-2'))).toMatchObject({
    name: 'org-2',
    enabled: false,
  });
  expect((await send('PATCH', `/apikeys/${id}`, replace('/value', 'x'))).error).toBe('BadRequestException');
  expect((await send('DELETE', `/apikeys/${id}`)).status).toBe(202);
  expect((await send('DELETE', `/apikeys/${id}`)).error).toBe('NotFoundException');
  expect(emulator.findKey(value)).toBeUndefined();
});

test('plans and keys that are not there, unknown routes and unsigned requests are refused', async () => {
  const { send, emulator } = await start();
  expect(await send('GET', '/usageplans/none/keys')).toMatchObject({ status: 404, error: 'NotFoundException' });
  expect((await send('POST', '/usageplans/free/keys', { keyId: 'none' })).error).toBe('NotFoundException');
  expect((await send('GET', '/restapis')).status).toBe(404);
  expect((await fetch(`${emulator.endpoint}/apikeys`)).status).toBe(403);
});

test('an ordered fault fails the next requests of its operation', async () => {
  const { send, emulator } = await start();
  await emulator.faults.failNext('createApiKey', 'TooManyRequestsException');
  expect((await send('POST', '/apikeys', {})).error).toBe('TooManyRequestsException');
  expect((await send('POST', '/apikeys', {})).status).toBe(201);
});

test('keys and where they are in survive a restart, also a key of the template that was moved', async () => {
  const folder = await emptyFolder();
  const first = await start(folder);
  await first.send('POST', '/apikeys', { name: 'org-1', value });
  await first.send('DELETE', '/usageplans/free/keys/Shared');
  await first.send('POST', '/usageplans/team/keys', { keyId: 'Shared' });
  await first.emulator.close();
  opened.pop();
  const second = await start(folder);
  expect(second.emulator.findKey(value)).toMatchObject({ name: 'org-1' });
  expect(second.emulator.findKey(shared.value)?.planId).toBe('team');
});
