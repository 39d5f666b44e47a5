import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Gateway, startGateway } from '../../../local/gateway.ts';
import { closeServer, listen } from '../../../local/listen.ts';
import { writeAssembly } from '../fixture/assembly.ts';

const lines: string[] = [];
let gateway: Gateway;
let open: (() => void) | undefined;
let gateUrl = '';
const gate = createServer((_, response) => {
  open = () => response.end();
});
beforeAll(async () => {
  gateUrl = await listen(gate);
  gateway = await startGateway({ assembly: writeAssembly(), onLog: ({ line }) => lines.push(line) });
});
afterAll(async () => {
  await gateway.close();
  await closeServer(gate);
});

async function stream(query: Record<string, string>): Promise<IncomingMessage> {
  const sent = get(`${gateway.url}/stream?${new URLSearchParams(query)}`, { agent: false });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}
const until = async (holds: () => boolean) => {
  while (!holds()) await sleep(10);
};

test('the first chunk arrives before the last is written', async () => {
  const response = await stream({ gate: gateUrl });
  expect(response.headers['content-type']).toBe('text/event-stream');
  expect(response.headers['x-amzn-remapped-www-authenticate']).toBe('Bearer');
  const [first] = (await once(response, 'data')) as [Buffer];
  expect(first.toString()).toBe('first');
  await until(() => open !== undefined);
  open?.();
  open = undefined;
  expect(await text(response)).toBe('last');
});

test('the client has its whole answer while the function still works on', async () => {
  const before = lines.length;
  const response = await stream({ after: gateUrl });
  expect(await text(response)).toBe('firstlast');
  await until(() => open !== undefined);
  expect(lines.slice(before)).not.toContain('stream ended');
  open?.();
  open = undefined;
  await until(() => lines.slice(before).includes('stream ended'));
});

test('the prelude sets the status', async () => {
  const response = await stream({ way: 'teapot' });
  expect([response.statusCode, await text(response)]).toEqual([418, 'firstlast']);
});

test('what fails before the prelude, or has none, is 502', async () => {
  for (const way of ['early', 'bare', 'silent']) {
    const response = await stream({ way });
    expect([way, response.statusCode]).toEqual([way, 502]);
    response.resume();
  }
});

test('a failure after the prelude cuts the connection', async () => {
  const response = await stream({ way: 'late' });
  expect(response.statusCode).toBe(200);
  await expect(text(response)).rejects.toThrow('aborted');
});

test('a client that does not read holds the writer back', async () => {
  const written = () => lines.filter((line) => line.startsWith('flood ')).length;
  const response = await stream({ way: 'flood' });
  let before = -1;
  while (before !== written()) {
    before = written();
    await sleep(200);
  }
  expect(written()).toBeLessThan(640);
  let size = 0;
  for await (const chunk of response) size += (chunk as Buffer).length;
  expect(size).toBe(640 * 64 * 1024);
  expect(written()).toBe(640);
});

test('a client that leaves is not told to the function, which runs to its end', async () => {
  const ended = () => lines.filter((line) => line === 'stream ended').length;
  const before = ended();
  const response = await stream({ gate: gateUrl });
  await once(response, 'data');
  await until(() => open !== undefined);
  response.destroy();
  await sleep(50);
  expect(ended()).toBe(before);
  open?.();
  await until(() => ended() === before + 1);
});
