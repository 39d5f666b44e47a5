import { expect, test } from '@jest/globals';
import { no, ok } from '../../lambdas/domain/result.ts';
import { anOrg, aTeam } from '../support/records.ts';
import { offering, openDoor } from './relaying.ts';

const idempotencyMeta = 'xct/idempotencyKey';
const named = (key: string, more: object = {}) => ({ name: 'docs__echo', _meta: { [idempotencyMeta]: key }, ...more });
const question = { resultType: 'input_required', inputRequests: { who: {} }, requestState: 'inner' };
const inputResponses = { who: { action: 'accept' } };
const priced = [offering('docs', { version: 7, cost: { default_usd: 0.3, tools: { add: 0 } } })];

test('RE-03 a call is one row with principal, server, tool, level, price and its version, and becomes DONE', async () => {
  const { result, ledger } = openDoor({ servers: priced, team: aTeam() });
  const { _meta } = await result('tools/call', { name: 'docs__echo' });
  expect(_meta['xct/cost']).toEqual({ usd: 0.3, limit: 10_000, remaining: 9_999, reset_seconds: 43_200 });
  expect(await ledger()).toEqual([
    expect.objectContaining({
      org_id: 'default',
      key_id: 'Key000000001',
      door: 'mcp',
      granted_by: 'key',
      server_id: 'srv_docs',
      server: 'docs',
      tool: 'echo',
      price: 300_000,
      price_version: 7,
      state: 'DONE',
      status: 'done',
    }),
  ]);
});

test('QU-08 what policy, arguments or an unknown name refuse is not counted, and has no row', async () => {
  const { code, meter } = openDoor({ key: { object_permission: { mcp_tool_permissions: { srv_docs: ['add'] } } } });
  for (const name of ['docs__echo', 'wiki__add', 'nobody__echo'])
    expect(await code('tools/call', { name })).toBe(-32602);
  expect(await code('tools/call', { name: 'docs__add', arguments: [] })).toBe(-32602);
  expect([meter.rows.size, meter.used.size]).toEqual([0, 0]);
});

test.each([
  ['was not sent', { sent: false } as const, 'RELEASED', 0],
  ['was answered with an error', { answered: true } as const, 'FAILED', 1],
  ['was sent into silence', {}, 'UNKNOWN', 1],
])('a call that %s becomes what it is, and counts accordingly', async (_, how, state, used) => {
  const answer = async () => no({ code: 'upstream_refused' as const, message: 'No.', ...how });
  const { ask, ledger, meter } = openDoor({ answer });
  await ask('tools/call', { name: 'docs__echo' });
  expect(await ledger()).toEqual([expect.objectContaining({ state, status: 'upstream_refused' })]);
  expect(meter.used.get('CALLS#2026-06-01')).toBe(used);
});

test('a vault that fails before anything is sent charges nothing; a fault after it does', async () => {
  const vault = { ...openDoor().meter, read: () => Promise.reject(new Error('down')) } as never;
  const locked = openDoor({
    servers: [offering('docs', { auth_type: 'bearer_token', has_credential: true })],
    ports: { vault },
  });
  await expect(locked.ask('tools/call', { name: 'docs__echo' })).rejects.toThrow('down');
  expect(await locked.ledger()).toEqual([expect.objectContaining({ state: 'RELEASED', status: 'internal_error' })]);
  const broken = openDoor({ answer: () => Promise.reject(new Error('broken')) });
  await expect(broken.ask('tools/call', { name: 'docs__echo' })).rejects.toThrow('broken');
  expect(await broken.ledger()).toEqual([expect.objectContaining({ state: 'UNKNOWN' })]);
});

test('past a quota MCP answers 429 with the time of the next call in its data, and nothing is sent', async () => {
  const { ask, sent } = openDoor({ team: aTeam({ rpm: 1 }) });
  await ask('tools/call', { name: 'docs__echo' });
  const refused = await ask('tools/call', { name: 'docs__echo' });
  const { status, body } = refused as { status: number; body: any };
  expect(refused.headers).toEqual({
    'retry-after': '60',
    'x-ratelimit-limit': '1',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '60',
  });
  expect([status, body.error.data]).toEqual([
    429,
    { code: 'rate_limited', request_id: 'req-1', details: { limit: 1, retry_after_seconds: 60 } },
  ]);
  expect(sent).toHaveLength(1);
});

test('a budget of a dollar admits three calls of 30 cents, a free tool still runs, and the fourth is 402', async () => {
  const { result, ask, meter } = openDoor({ servers: priced, org: anOrg({ max_budget_usd: 1 }) });
  for (let n = 0; n < 3; n++) await result('tools/call', { name: 'docs__echo' });
  const { status, body } = (await ask('tools/call', { name: 'docs__echo' })) as { status: number; body: any };
  expect([status, body.error.data.code]).toEqual([402, 'budget_exceeded']);
  await result('tools/call', { name: 'docs__add' });
  expect(meter.used.get('SPEND#org#default#total')).toBe(900_000);
});

test('QU-10 a price that changes between calls: each row has the version it was charged by', async () => {
  const servers = [...priced];
  const { result, ledger } = openDoor({ servers });
  await result('tools/call', { name: 'docs__echo' });
  servers[0] = offering('docs', { version: 8, cost: { default_usd: 0.5 } });
  await result('tools/call', { name: 'docs__echo' });
  expect((await ledger()).map(({ price, price_version }) => [price, price_version])).toEqual([
    [300_000, 7],
    [500_000, 8],
  ]);
});

test('a continuation belongs to its first reservation, once: used again it is a call of its own', async () => {
  const { result, ledger, meter } = openDoor({
    servers: priced,
    answer: ({ params }) => (params['inputResponses'] ? { content: [] } : question),
  });
  const { requestState } = await result('tools/call', { name: 'docs__echo' });
  const goOn = () => result('tools/call', { name: 'docs__echo', inputResponses, requestState });
  expect((await goOn())['_meta']['xct/cost']).toEqual({ usd: 0.3 });
  expect(await ledger()).toEqual([expect.objectContaining({ state: 'DONE', status: 'done' })]);
  expect(meter.used.get('CALLS#2026-06-01')).toBe(1);
  await goOn();
  expect([(await ledger()).length, meter.used.get('CALLS#2026-06-01')]).toEqual([2, 2]);
});

test('a server that asks without end has its call counted anew after ten questions', async () => {
  const { result, meter } = openDoor({ answer: () => question });
  let state = (await result('tools/call', { name: 'docs__echo' }))['requestState'];
  for (let n = 0; n < 11; n++)
    state = (await result('tools/call', { name: 'docs__echo', inputResponses, requestState: state }))['requestState'];
  expect(meter.used.get('CALLS#2026-06-01')).toBe(2);
});

test('a continuation that was not sent leaves the row DONE, as its first request was', async () => {
  const { result, ask, ledger, meter } = openDoor({
    answer: ({ params }) =>
      params['inputResponses'] ? no({ code: 'upstream_refused', message: 'No.', sent: false }) : question,
  });
  const { requestState } = await result('tools/call', { name: 'docs__echo' });
  await ask('tools/call', { name: 'docs__echo', inputResponses, requestState });
  expect(await ledger()).toEqual([expect.objectContaining({ state: 'DONE' })]);
  expect(meter.used.get('CALLS#2026-06-01')).toBe(1);
});

test('QU-05 QU-07 a repeat by the same idempotency key gets the stored result; nothing runs and nothing is charged', async () => {
  const { result, sent, meter } = openDoor({ answer: () => ({ content: [], n: sent.length }) });
  const first = await result('tools/call', named('k1'));
  const again = await result('tools/call', named('k1'));
  const cost = { ...first['_meta']['xct/cost'], replayed: true };
  expect(again).toEqual({ ...first, _meta: { ...first['_meta'], 'xct/cost': cost } });
  expect([sent.length, meter.rows.size]).toEqual([1, 1]);
});

test('QU-06 the same key: other arguments are refused; another tool, server or caller is separate', async () => {
  const { result, code, ask, sent } = openDoor();
  await result('tools/call', named('k1', { arguments: { a: 1 } }));
  await result('tools/call', named('k1', { arguments: { a: 1 } }));
  expect(await code('tools/call', named('k1', { arguments: { a: 2 } }))).toBe(-32602);
  await result('tools/call', named('k1', { name: 'docs__add' }));
  await result('tools/call', named('k1', { name: 'wiki__echo' }));
  await ask('tools/call', named('k1', { arguments: { a: 1 } }), { keyId: 'Key000000002' });
  expect(sent).toHaveLength(4);
});

test('a failure that may have been carried out is replayed; one that was not sent may be tried again', async () => {
  const ends = [{ sent: false } as const, {}, undefined];
  const { ask, sent } = openDoor({
    answer: async () => {
      const end = ends[sent.length - 1];
      return end ? no({ code: 'upstream_timeout' as const, message: 'Late.', ...end }) : ok({ content: [] });
    },
  });
  const codes: unknown[] = [];
  for (let n = 0; n < 4; n++) {
    const { body } = (await ask('tools/call', named('k1'))) as { body: any };
    codes.push(body.error.data.code);
  }
  expect(codes).toEqual(Array(4).fill('upstream_timeout'));
  expect(sent).toHaveLength(2);
});

test('a fault before sending frees the key; one after it, or a result too large to keep, does not', async () => {
  let faults = 1;
  const vault = {
    read: async () => {
      if (faults-- > 0) throw new Error('down');
      return undefined;
    },
  } as never;
  const server = offering('docs', { auth_type: 'bearer_token', has_credential: true });
  const locked = openDoor({ servers: [server], ports: { vault } });
  await expect(locked.ask('tools/call', named('k1'))).rejects.toThrow('down');
  expect(((await locked.ask('tools/call', named('k1'))) as { body: any }).body.error.data.code).not.toBe('conflict');
  const broken = openDoor({ answer: () => Promise.reject(new Error('broken')) });
  await expect(broken.ask('tools/call', named('k1'))).rejects.toThrow('broken');
  expect(((await broken.ask('tools/call', named('k1'))) as { body: any }).body.error.data.code).toBe('conflict');
  const attempts = {
    begin: async () => ({ request: await digestOf({}), state: 'lost' as const }),
    keep: async () => {},
    forget: async () => {},
  };
  const lost = openDoor({ ports: { attempts } });
  expect(((await lost.ask('tools/call', named('k1'))) as { body: any }).body.error.data.code).toBe('result_not_stored');
});

test('an idempotency key that is none is refused, and names the field', async () => {
  const { ask, sent } = openDoor();
  const { body } = (await ask('tools/call', named('a b'))) as { body: any };
  expect([body.error.code, body.error.message]).toEqual([-32602, expect.stringContaining(idempotencyMeta)]);
  expect(sent).toEqual([]);
});

async function digestOf(args: object): Promise<string> {
  const { sha256 } = await import('../support/memory.ts');
  return sha256(JSON.stringify(args));
}
