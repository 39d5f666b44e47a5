import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bootstrapToken } from '../../local/demo/seed.ts';
import { type FickleUpstream, fickleUpstream, reply } from '../support/fickle.ts';
import type { Json } from '../support/gateway.ts';
import { killableGateway } from '../support/killable.ts';
import { rounds } from '../support/rounds.ts';

const { gateway, start, kill, send, invoke, remove } = killableGateway();
const kills = rounds({ sample: 10, whole: 50 });
const callers = 8;
let upstream: FickleUpstream;
let key: string;
/** How often the upstream ran each call. */
const ran = new Map<string, number>();
/** What a caller was told it has: the answer of a call that was done. */
const answered = new Set<string>();

/** Every row of today's ledger and, near midnight, yesterday's. */
async function ledger(): Promise<readonly Json[]> {
  const rows: Json[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await send('GET', `/v1/usage/ledger?limit=1000${cursor}`, key);
    rows.push(...body['data']);
    if (body['next_cursor'] === undefined) return rows;
    cursor = `&cursor=${body['next_cursor']}`;
  }
}

beforeAll(async () => {
  upstream = await fickleUpstream();
  upstream.onCall = async (response, { id, params }) => {
    const call: string = params.arguments.call;
    ran.set(call, (ran.get(call) ?? 0) + 1);
    await sleep(Math.random() * 20);
    reply(response, { id, result: { content: [{ type: 'text', text: call }] } });
  };
  await start();
  const token = await bootstrapToken(gateway());
  key = (await send('POST', '/v1/bootstrap', '', { token }))['body'].key;
  const cost = { default_usd: 0.001 };
  await send('POST', '/v1/mcp/server', key, { alias: 'up', url: upstream.url, auth_type: 'none', cost });
  const { version } = (await send('GET', '/v1/orgs/default', key))['body'];
  const grant = { object_permission: { mcp_servers: ['up'] }, max_budget_usd: 1_000, budget_period: 'month' };
  await send('PATCH', '/v1/orgs/default', key, { version, tier: 'team', ...grant });
  await sleep(5_000);
}, 60_000);
afterAll(async () => {
  await remove();
  await upstream.close();
});

/** Calls without end until the gateway is killed, each call another. */
async function callOn(name: string): Promise<void> {
  for (let n = 0; ; n += 1) {
    const call = `${name}-${n}`;
    const body = { name: 'up.run', arguments: { call } };
    const answer = await send('POST', '/mcp-rest/tools/call', key, body).catch(() => undefined);
    if (answer === undefined) return;
    if (answer['status'] === 200) answered.add(call);
    // The tier's valve lets through 100 a second.
    await sleep(answer['status'] === 200 ? 10 : 100);
  }
}

test(
  `of ${kills} kill -9 under load, after each restart the books agree, and no call ran twice or was forgotten`,
  async () => {
    for (let round = 0; round < kills; round += 1) {
      const begun = ran.size;
      const load = Array.from({ length: callers }, (_, n) => callOn(`${round}-${n}`));
      while (ran.size < begun + callers) await sleep(10);
      await sleep((round * 37) % 300);
      await kill();
      await Promise.all(load);
      await start();
      expect(await invoke('reconcile', { at_rest: true })).toMatchObject({ count: 0, differences: [] });
    }
    const rows = await ledger();
    const count = (...states: string[]) => rows.filter(({ state }) => states.includes(state)).length;
    expect(count('RESERVED')).toBe(0);
    expect(Math.max(...ran.values())).toBe(1);
    expect(answered.size).toBeGreaterThan(0);
    expect(count('DONE')).toBeGreaterThanOrEqual(answered.size);
    expect(ran.size).toBeGreaterThanOrEqual(count('DONE', 'FAILED'));
    expect(ran.size).toBeLessThanOrEqual(count('DONE', 'FAILED', 'UNKNOWN'));
    expect(count('UNKNOWN')).toBeLessThanOrEqual(kills * callers);
  },
  60_000 + kills * 30_000,
);
