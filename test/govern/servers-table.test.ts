import { expect, test } from '@jest/globals';
import { dynamoRecords } from '../../lambdas/adapters/dynamo/records.ts';
import { dynamoSnapshots } from '../../lambdas/adapters/dynamo/snapshots.ts';
import { createServer } from '../../lambdas/govern/servers/create.ts';
import { listServers } from '../../lambdas/govern/servers/list.ts';
import { patchServer } from '../../lambdas/govern/servers/patch.ts';
import { refreshServer } from '../../lambdas/govern/servers/refresh.ts';
import { removeServer } from '../../lambdas/govern/servers/remove.ts';
import { tableOfFile } from '../support/table.ts';
import { granted, listing, serversWorld } from './servers-world.ts';

const file = tableOfFile();

test('the life of a server on the table: names, pages, conflicts, snapshots and audit are those of the memory', async () => {
  const upstream = listing(['a', 'b']);
  const records = dynamoRecords(file.table);
  const acting = { ...serversWorld(upstream).acting, records, snapshots: dynamoSnapshots(file.table) };
  const body = {
    alias: 'echo',
    url: 'https://echo.example.com/mcp',
    auth_type: 'none',
    access_groups: ['dev'],
  } as const;
  const { id } = granted(await createServer(acting, { ...body, access_groups: ['dev'] }));
  granted(await createServer(acting, { ...body, alias: 'other', access_groups: ['dev'] }));

  for (const clash of [{ alias: 'echo' }, { alias: 'dev' }])
    expect(await createServer(acting, { ...body, access_groups: [], ...clash })).toMatchObject({
      refusal: { code: 'conflict', state: { name: clash.alias } },
    });
  expect(await createServer(acting, { ...body, alias: 'third', access_groups: ['other'] })).toMatchObject({
    refusal: { code: 'conflict', state: { name: 'other' } },
  });

  const page = granted(await listServers(acting, { limit: 1 }));
  const rest = granted(await listServers(acting, { limit: 1, cursor: page.next_cursor ?? '' }));
  expect([...page.data, ...rest.data].map(({ alias }) => alias).sort()).toEqual(['echo', 'other']);
  expect(rest.next_cursor).toBeUndefined();

  granted(await patchServer(acting, 'echo', { version: 1, access_groups: ['ops'], rpm: 3 }));
  const changes = await Promise.all([1, 2, 3].map((rpm) => patchServer(acting, id, { version: 2, rpm })));
  expect(changes.filter(({ ok }) => ok)).toHaveLength(1);

  upstream.list = ['a'];
  expect(granted(await refreshServer(acting, id))).toMatchObject({ removed: ['b'], server: { version: 4 } });
  granted(await removeServer(acting, id));
  granted(await createServer(acting, { ...body, access_groups: ['ops'] }));

  const { rows } = await records.audit('default', { limit: 50 });
  expect(rows.map(({ action }) => action).sort()).toEqual([
    'server.create',
    'server.create',
    'server.create',
    'server.delete',
    'server.refresh',
    'server.update',
    'server.update',
    'submission.create',
    'submission.withdraw',
  ]);
});
