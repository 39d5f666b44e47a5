import { expect, test } from '@jest/globals';
import { ImportAnswer, ImportRequest } from '../../contract/catalog.ts';
import { ServerCreate } from '../../contract/servers.ts';
import { importServers } from '../../lambdas/govern/catalog/import.ts';
import { aServer } from '../support/records.ts';
import { serversWorld } from './servers-world.ts';

const canary = 'canary5f2d9c71e0a8b3';
const url = 'https://mcp.example.com/mcp';
/** `${…}` as configuration files write it. */
const reference = (name: string) => `\${${name}}`;
const imported = (file: unknown, world = serversWorld()) => importServers(world.acting, ImportRequest.parse(file));
const draftOf = async (entry: Record<string, unknown>) => {
  const answer = await imported({ mcpServers: { one: entry } });
  expect(JSON.stringify(answer)).not.toContain(canary);
  return answer.drafts[0] ?? answer.refused[0];
};

test('entries of Claude, Cursor and VS Code become drafts that fit the create route', async () => {
  const answer = await imported({
    mcpServers: {
      'Claude Code': { type: 'http', url, headers: { Authorization: `Bearer ${canary}` } },
      cursor: { url, headers: { 'X-API-Key': `${reference('env:CURSOR_KEY')}` } },
    },
    servers: { vscode: { type: 'http', url, headers: { 'X-Toolset': 'repos,issues', Accept: 'application/json' } } },
    inputs: [{ id: 'key', type: 'promptString' }],
  });
  expect(ImportAnswer.safeParse(answer).success).toBe(true);
  expect(answer.refused).toEqual([]);
  expect(answer.drafts).toEqual([
    {
      server: { alias: 'claude-code', name: 'Claude Code', url, auth_type: 'bearer_token' },
      needs: ['credentials.secret'],
    },
    {
      server: {
        alias: 'cursor',
        name: 'cursor',
        url,
        auth_type: 'api_key',
        auth: { header: 'X-API-Key', template: '{secret}' },
      },
      needs: ['credentials.secret (CURSOR_KEY)'],
    },
    {
      server: {
        alias: 'vscode',
        name: 'vscode',
        url,
        auth_type: 'none',
        static_headers: { 'X-Toolset': 'repos,issues' },
      },
      needs: [],
    },
  ]);
  for (const { server } of answer.drafts) expect(ServerCreate.safeParse(server).error).toBeUndefined();
});

test.each([
  [{ Authorization: `Basic ${canary}` }, { auth_type: 'basic' }, ['credentials.username', 'credentials.password']],
  [
    { authorization: `Sentry-Bearer ${canary}` },
    { auth_type: 'api_key', auth: { header: 'authorization', template: 'Sentry-Bearer {secret}' } },
    ['credentials.secret'],
  ],
  [
    { Authorization: `Token token=${reference('input:pagerduty')}` },
    { auth_type: 'api_key', auth: { header: 'Authorization', template: 'Token token={secret}' } },
    ['credentials.secret (pagerduty)'],
  ],
  [
    { Authorization: canary },
    { auth_type: 'api_key', auth: { header: 'Authorization', template: '{secret}' } },
    ['credentials.secret'],
  ],
  [
    { 'X-Site': canary, Authorization: `Bearer ${reference('TOKEN:-canary5f2d9c71e0a8b3')}` },
    { auth_type: 'bearer_token', static_headers: { 'X-Site': '{secrets.X_Site}' } },
    ['credentials.secret (TOKEN)', 'credentials.secrets.X_Site'],
  ],
])('headers %j are read without repeating a secret', async (headers, server, needs) => {
  expect(await draftOf({ url, headers })).toEqual({ server: { alias: 'one', name: 'one', url, ...server }, needs });
});

test.each([
  [{ command: 'npx', args: ['-y', 'server'], env: { KEY: canary } }, 'local command'],
  [{ type: 'stdio', url }, 'local command'],
  [{ url, args: [canary] }, 'local command'],
  [{ type: 'sse', url }, 'HTTP+SSE'],
  [{ type: 'websocket', url }, 'Streamable HTTP'],
  [{}, 'no URL'],
  [{ url: `not a url ${canary}` }, 'cannot be read'],
  [{ url: `https://ann:${canary}@mcp.example.com/` }, 'user name or password'],
  [{ url: `https://mcp.example.com/mcp?api_key=${canary}` }, '?api_key'],
  [{ url: `https://mcp.example.com/s/${canary}/mcp` }, 'path'],
  [{ url: 'https://10.0.0.1/mcp' }, 'not public'],
  [{ url: 'http://mcp.example.com/mcp' }, 'https'],
  [{ url, headers: ['x'] }, 'headers'],
  [{ url, headers: { Cookie: canary } }, 'sets'],
  [{ url, headers: { 'bad name': 'x' } }, 'static_headers'],
])('AU-19: entry %j is refused with the reason', async (entry, reason) => {
  expect(await draftOf(entry)).toEqual({ name: 'one', reason: expect.stringContaining(reason) });
});

test('a URL with placeholders is needed, not guessed', async () => {
  expect(await draftOf({ url: `https://${reference('HOST:-canary5f2d9c71e0a8b3')}/mcp` })).toEqual({
    server: { alias: 'one', name: 'one', auth_type: 'none' },
    needs: ['url (HOST)'],
  });
});

test('an entry with OAuth settings is of auth_type oauth2, its client secret not repeated', async () => {
  expect(await draftOf({ url, auth: { CLIENT_ID: 'x', CLIENT_SECRET: canary } })).toMatchObject({
    server: { auth_type: 'oauth2' },
  });
});

test('aliases are made from the names, free of reserved words and of names that are held', async () => {
  const world = serversWorld();
  world.records.seed('server', aServer({ alias: 'github', access_groups: ['linear'] }));
  const names = ['GitHub', 'linear', 'Linear!', 'mcp', '***', 'a-very-long-name-of-a-server', 'ünïcode  server'];
  const { drafts } = await imported({ mcpServers: Object.fromEntries(names.map((name) => [name, { url }])) }, world);
  expect(drafts.map(({ server }) => server['alias'])).toEqual([
    'github-2',
    'linear-2',
    'linear-3',
    'mcp-mcp',
    'server',
    'a-very-long-name-of',
    'n-code-server',
  ]);
});

test('nothing is stored by an import', async () => {
  const world = serversWorld();
  await imported({ mcpServers: { one: { url, headers: { Authorization: `Bearer ${canary}` } } } }, world);
  expect([world.records.rows.size, world.records.audits.length, world.vault.stored.size]).toEqual([0, 0, 0]);
});
