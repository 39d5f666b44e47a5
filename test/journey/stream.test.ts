import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Exchange } from '../../lambdas/journey/methods/method.ts';
import { answerOrStream, type McpAnswer, pingMs } from '../../lambdas/journey/stream.ts';
import { openDoor } from './relaying.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const progress = { method: 'notifications/progress', params: { progressToken: 1, progress: 1 } };
const event = (message: object) => `event: message\ndata: ${JSON.stringify(message)}\n\n`;
const told = event({ jsonrpc: '2.0', ...progress });
const late = () => ({ failed: 'late' });

/** Work that a test ends when it likes. */
function openWork() {
  const answer = Promise.withResolvers<McpAnswer>();
  const exchange = Promise.withResolvers<Exchange>();
  const answered = answerOrStream((given) => {
    exchange.resolve(given);
    return answer.promise;
  }, late);
  return { answer, exchange: exchange.promise, answered };
}

/** What a stream writes, and whether it has ended. */
function reading({ stream }: McpAnswer) {
  const pieces: string[] = [];
  const seen = { pieces, ended: false };
  void stream
    ?.run((piece) => pieces.push(piece))
    .then(() => {
      seen.ended = true;
    });
  return seen;
}

test('an answer that comes first is plain', async () => {
  const { answer, answered } = openWork();
  answer.resolve({ status: 404, body: { a: 1 } });
  expect(await answered).toEqual({ status: 404, body: { a: 1 } });
  expect(jest.getTimerCount()).toBe(0);
});

test('notifications go out as they come, those before the first read too, and the answer last', async () => {
  const { answer, exchange, answered } = openWork();
  const { tell } = await exchange;
  tell(progress);
  tell(progress);
  const opened = await answered;
  expect(opened.status).toBe(200);
  const seen = reading(opened);
  expect(seen.pieces).toEqual([told, told]);
  tell(progress);
  expect(seen.pieces).toEqual([told, told, told]);
  answer.resolve({ status: 200, body: { id: 1 } });
  await jest.advanceTimersByTimeAsync(0);
  expect(seen).toEqual({ pieces: [told, told, told, event({ id: 1 })], ended: true });
  expect(jest.getTimerCount()).toBe(0);
});

test('work that says nothing for 15 s becomes a stream that is kept alive every 15 s', async () => {
  const { answer, answered } = openWork();
  await jest.advanceTimersByTimeAsync(pingMs - 1);
  let opened: McpAnswer | undefined;
  void answered.then((value) => {
    opened = value;
  });
  await jest.advanceTimersByTimeAsync(0);
  expect(opened).toBeUndefined();
  await jest.advanceTimersByTimeAsync(1);
  const seen = reading(opened!);
  expect(seen.pieces).toEqual([': ping\n\n']);
  await jest.advanceTimersByTimeAsync(2 * pingMs);
  expect(seen.pieces).toEqual(Array(3).fill(': ping\n\n'));
  answer.resolve({ status: 503, body: { late: true } });
  await jest.advanceTimersByTimeAsync(0);
  expect(seen).toMatchObject({ ended: true });
  expect(seen.pieces.at(-1)).toBe(event({ late: true }));
});

test('a fault before the stream is thrown, one within it is the last message', async () => {
  const early = openWork();
  early.answer.reject(new Error('early'));
  await expect(early.answered).rejects.toThrow('early');
  const within = openWork();
  (await within.exchange).tell(progress);
  const opened = await within.answered;
  within.answer.reject(new Error('secret'));
  await jest.advanceTimersByTimeAsync(0);
  const seen = reading(opened);
  await jest.advanceTimersByTimeAsync(0);
  expect(seen).toEqual({ pieces: [told, event({ failed: 'late' })], ended: true });
});

test('who leaves is told to the work at once', async () => {
  const { exchange, answered } = openWork();
  const { tell, signal } = await exchange;
  tell(progress);
  const { stream } = await answered;
  expect(signal.aborted).toBe(false);
  stream?.leave();
  expect(signal.aborted).toBe(true);
});

test('a request is streamed only where it takes events, and each notification is one event', async () => {
  const door = () =>
    openDoor({
      answer: ({ onNotification }) => {
        onNotification?.(progress);
        onNotification?.({ method: 'notifications/message', params: { level: 'info', data: 1 } });
        return { content: [] };
      },
    });
  const accept = 'application/json, text/event-stream';
  const call = { name: 'docs__echo', _meta: { progressToken: 1 } };
  const plain = await door().ask('tools/call', call);
  expect(plain).toMatchObject({ status: 200, body: { id: 7, result: { resultType: 'complete' } } });
  for (const [modern, count] of [
    [true, 2],
    [false, 3],
  ] as const) {
    const seen = reading(await door().ask('tools/call', call, { modern, headers: { accept } }));
    await jest.advanceTimersByTimeAsync(0);
    expect(seen.pieces).toHaveLength(count);
    expect(seen.pieces.at(-1)).toContain('"id":7,"result"');
    expect(seen.ended).toBe(true);
  }
});

test('a fault of ours within a stream is a JSON-RPC error under the id of the request', async () => {
  const { ask } = openDoor({
    answer: ({ onNotification }) => {
      onNotification?.(progress);
      return Promise.resolve().then(() => {
        throw new Error('secret');
      });
    },
  });
  const seen = reading(await ask('tools/call', { name: 'docs__echo' }, { headers: { accept: 'text/event-stream' } }));
  await jest.advanceTimersByTimeAsync(0);
  expect(seen.pieces.at(-1)).toContain('"id":7,"error":{"code":-32603,"message":"It failed."');
  expect(seen.pieces.join('')).not.toContain('secret');
});
