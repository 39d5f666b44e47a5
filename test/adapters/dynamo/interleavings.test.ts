import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { dynamoBooks } from '../../../lambdas/adapters/dynamo/books.ts';
import { dynamoMeter } from '../../../lambdas/adapters/dynamo/meter.ts';
import { dynamoRecords } from '../../../lambdas/adapters/dynamo/records.ts';
import type { Table } from '../../../lambdas/adapters/dynamo/table.ts';
import { claimsOf } from '../../../lambdas/domain/metering/claim.ts';
import type { SettledRow } from '../../../lambdas/domain/metering/ledger.ts';
import { sweepBooks } from '../../../lambdas/govern/books/sweep.ts';
import { aLedgerRow } from '../../support/ledger.ts';
import { anOrg, aWorld } from '../../support/records.ts';
import { rounds } from '../../support/rounds.ts';
import { anAudit, tableOfFile } from '../../support/table.ts';

const it = tableOfFile();
const now = Date.now();
const at = new Date(now).toISOString();
const price = 300_000;

/** What becomes of a caller: its call is carried out, cannot be sent, or its function dies after so many writes. */
interface Fate {
  readonly end: 'done' | 'unsent';
  readonly diesAfter: number;
}
const fate: fc.Arbitrary<Fate> = fc.record({
  end: fc.constantFrom('done', 'unsent'),
  diesAfter: fc.oneof({ weight: 2, arbitrary: fc.constant(99) }, { weight: 1, arbitrary: fc.nat(4) }),
});

/** The table as a function that may die sees it: each request waits for its turn, and none comes back after the death. */
function mortal(
  s: fc.Scheduler,
  { diesAfter }: Fate,
  onTheirWay: Promise<unknown>[],
): { readonly table: Table; readonly death: Promise<undefined> } {
  const { promise: death, resolve: die } = Promise.withResolvers<undefined>();
  let left = diesAfter;
  const never = new Promise<never>(() => {});
  const send = async (command: never): Promise<unknown> => {
    await s.schedule(Promise.resolve());
    if (left-- <= 0) {
      die(undefined);
      return never;
    }
    const sending = it.table.client.send(command);
    onTheirWay.push(sending.catch(() => {}));
    return sending;
  };
  return { table: { name: it.table.name, client: { send } } as unknown as Table, death };
}

let made = 0;
test('whatever three callers do in whatever order, and whichever of them die: no more than the limits is sent, and after a sweep the books are the ledger', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.tuple(fate, fate, fate),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      async (s, fates, limit, affordable) => {
        const org = anOrg({ id: `org_${++made}`, created_at: at, max_budget_usd: (affordable * price) / 1e6 });
        const records = dynamoRecords(it.table);
        await records.commit([anAudit({ org_id: org.id })], [{ do: 'create', kind: 'org', record: org }]);
        const tier = { calls_per_day: limit, servers: 3, keys: 3, rpm: 600, burst: 100, retention_days: 9 };
        const world = aWorld({ org });
        const sent: string[] = [];
        const onTheirWay: Promise<unknown>[] = [];
        let open = 0;

        const run = async (mine: Fate, n: number): Promise<void> => {
          const { table, death } = mortal(s, mine, onTheirWay);
          const meter = dynamoMeter(table, () => now);
          const claims = claimsOf({ world, server: { id: 'srv_wiki' }, tier, price, now });
          const row = aLedgerRow({
            id: `call_00000000000${n}`,
            org_id: org.id,
            at,
            slot: claims[0]!.slot!,
            price,
            charged: claims.flatMap(({ kind, counter }) => (kind === 'spend' ? [counter.join('#')] : [])),
          });
          const call = async () => {
            if (!(await meter.reserve(row, claims)).ok) return;
            expect(++open).toBeLessThanOrEqual(Math.min(limit, affordable));
            if (mine.end === 'unsent') {
              open -= 1;
              await meter.release(row, claims, { state: 'RELEASED', status: 'x', duration_ms: 0 });
              return;
            }
            sent.push(row.id);
            await meter.settle(row, { state: 'DONE', status: 'done', duration_ms: 0 });
          };
          await Promise.race([call(), death]);
        };
        await s.waitFor(Promise.all(fates.map(run)));
        // What a function had sent before it died still arrives.
        await Promise.all(onTheirWay);

        const books = dynamoBooks(it.table, () => now);
        await sweepBooks(
          {
            ...books,
            orgs: async function* () {
              yield { id: org.id, since: at.slice(0, 10) };
            },
          },
          now,
          true,
        );

        // The oracle.
        const rows: SettledRow[] = [];
        for await (const row of books.rows(org.id, at.slice(0, 10))) rows.push(row);
        const counted = rows.filter(({ state }) => state !== 'RELEASED');
        const [calls] = await books.counters(org.id, 'CALLS');
        const [spend] = await books.counters(org.id, 'SPEND');
        const alive = fates.every(({ diesAfter }) => diesAfter === 99);
        expect(sent.length).toBeLessThanOrEqual(Math.min(limit, affordable));
        expect(counted.map(({ id }) => id)).toEqual(expect.arrayContaining(sent));
        expect(rows.filter(({ state }) => state === 'RESERVED')).toEqual([]);
        expect([calls?.used ?? 0, spend?.used ?? 0]).toEqual([counted.length, counted.length * price]);
        if (alive) expect(counted.map(({ id }) => id).sort()).toEqual([...sent].sort());
      },
    ),
    { numRuns: rounds({ sample: 50, whole: 3_000 }), seed: 4 },
  );
}, 600_000);
