import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { localClient } from '../../../local/aws.ts';
import { type Gateway, startGateway } from '../../../local/gateway.ts';
import { writeAssembly } from '../fixture/assembly.ts';

const lines: { fn: string; line: string }[] = [];
let gateway: Gateway;
let client: LambdaClient;
beforeAll(async () => {
  const env = { GREETING: 'from the runner' };
  gateway = await startGateway({ assembly: writeAssembly(), env, onLog: (entry) => lines.push(entry) });
  client = new LambdaClient(localClient(gateway.endpoints.lambda));
});
afterAll(async () => {
  client.destroy();
  await gateway.close();
});

const named = (name: string) => gateway.functions.find(({ spec }) => spec.name === name)!;
const crash = async (way: string) => {
  const outcome = await named('Fixture-Crash').invoke(JSON.stringify({ way }));
  return outcome.ok ? JSON.parse(outcome.payload) : outcome.error;
};

test('module state lives from call to call in a warm environment', async () => {
  const first = (await gateway.invoke('echo', {})) as { body: string };
  const second = (await gateway.invoke('Fixture-Echo', {})) as { body: string };
  expect([first, second].map(({ body }) => JSON.parse(body).calls)).toEqual([1, 2]);
  expect(named('Fixture-Echo').starts()).toBe(1);
  expect(JSON.parse(first.body).env.GREETING).toBe('from the runner');
});

test('an environment serves one call at a time', async () => {
  const slow = named('slow');
  await Promise.all([1, 2, 3].map(() => slow.invoke('{"milliseconds":300}')));
  expect(slow.starts()).toBeGreaterThan(1);
});

test('a thrown error is reported and keeps the environment', async () => {
  expect(await crash('')).toEqual({ calls: 1 });
  expect(await crash('throw')).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such luck' });
  expect(await crash('')).toEqual({ calls: 2 });
  expect(lines.map(({ line }) => line)).toContainEqual(expect.stringContaining('Invoke Error'));
});

test('a crash is reported, and the next call finds a new environment', async () => {
  expect(await crash('exit')).toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(await crash('')).toEqual({ calls: 1 });
  expect(await crash('unhandled')).toMatchObject({ errorType: 'Runtime.UnhandledPromiseRejection' });
  expect(await crash('')).toEqual({ calls: 1 });
});

test('after its environments are ended a function starts cold, and once closed it starts no more', async () => {
  const other = await startGateway({ assembly: writeAssembly() });
  const echo = other.functions.find(({ spec }) => spec.name === 'Fixture-Echo')!;
  const calls = async () => JSON.parse(((await other.invoke('echo', {})) as { body: string }).body).calls;
  expect([await calls(), await calls()]).toEqual([1, 2]);
  await echo.chill();
  expect([await calls(), echo.starts()]).toEqual([1, 2]);
  await echo.close();
  await expect(calls()).rejects.toThrow('shutting down');
  expect(echo.starts()).toBe(2);
  await other.close();
});

test('an answer past 6 MB is an error of the function', async () => {
  expect(await crash('big')).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' });
});

test('a timeout ends the environment and names the request', async () => {
  const outcome = await named('slow').invoke('{}');
  expect(outcome).toMatchObject({ ok: false, error: { errorType: 'Sandbox.Timedout' } });
  expect(outcome.ok || outcome.error.errorMessage).toMatch(/^RequestId: \S+ Error: Task timed out after 1.00 seconds$/);
});

test('a module or an export that is not there is reported as Lambda does', async () => {
  const assembly = writeAssembly((resources) => {
    resources['Crash']!.Properties['Handler'] = 'functions.nothing';
    resources['Sdk']!.Properties['Handler'] = 'missing.handler';
  });
  const other = await startGateway({ assembly });
  const errorOf = async (name: string) => (await other.invoke(name, {}).catch((error: Error) => error)) as Error;
  expect((await errorOf('crash')).name).toBe('Runtime.HandlerNotFound');
  expect((await errorOf('sdk')).name).toBe('Runtime.ImportModuleError');
  await other.close();
});

test('the SDK client invokes by name and by ARN', async () => {
  for (const FunctionName of ['slow', named('slow').spec.arn]) {
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: '{"milliseconds":1}' }));
    expect(answer.FunctionError).toBeUndefined();
    expect(JSON.parse(Buffer.from(answer.Payload!).toString())).toMatchObject({ name: 'slow' });
  }
});

test('the SDK client sees a function error, an unknown name and an accepted event', async () => {
  const failed = await client.send(new InvokeCommand({ FunctionName: 'Fixture-Crash', Payload: '{"way":"throw"}' }));
  expect(failed.FunctionError).toBe('Unhandled');
  expect(JSON.parse(Buffer.from(failed.Payload!).toString()).errorType).toBe('TypeError');
  await expect(client.send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toThrow(ResourceNotFoundException);
  const event = new InvokeCommand({ FunctionName: 'Fixture-Echo', InvocationType: 'Event', Payload: '{}' });
  expect((await client.send(event)).StatusCode).toBe(202);
});

test('a request without a signature is refused, as a web page would send it', async () => {
  const url = `${gateway.endpoints.lambda}/2015-03-31/functions/slow/invocations`;
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(403);
});

test('a function reaches the others through its own SDK client without naming an endpoint', async () => {
  expect(await gateway.invoke('sdk', { target: 'slow' })).toMatchObject({ name: 'slow' });
});
