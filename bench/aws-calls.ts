import { setTimeout as pause } from 'node:timers/promises';
import type { Counts } from './gateway.ts';
import { send } from './http.ts';
import { mcpRequest } from './messages.ts';
import type { Bench } from './setup.ts';
import type { Table } from './table.ts';

/** Longer than what decides is kept (four seconds). */
const lapseMs = 4_200;

/** What was asked between two counts, such as `BatchGetItem 2, Query 1`. */
function difference(before: Counts, after: Counts): string {
  const asked = (['dynamodb', 'secretsManager'] as const).flatMap((store) =>
    Object.entries(after[store])
      .map(([operation, count]) => [operation, count - (before[store][operation] ?? 0)] as const)
      .filter(([, count]) => count > 0)
      .map(([operation, count]) => `${operation} ${count}`),
  );
  return asked.join(', ') || 'none';
}

/** AWS calls of one request through the local runner: every environment new, all in memory, and after that has lapsed. Authorizer included. */
export async function awsTable({ gateway, world }: Bench): Promise<Table> {
  const counts = () => gateway.ask<Counts>('counts');
  const rest = (name: string) => ({ path: '/mcp-rest/tools/call', body: JSON.stringify({ name, arguments: {} }) });
  const asked = [
    { name: 'call, REST', key: world.small, ...rest('echo.echo') },
    { name: 'call, REST, stored credential', key: world.small, ...rest('keyed.echo') },
    { name: 'call, MCP', key: world.small, path: '/mcp', ...mcpRequest('tools/call', { name: 'echo__echo' }) },
    { name: 'list of 50 servers, MCP', key: world.large, path: '/mcp', ...mcpRequest('tools/list', {}) },
  ];
  const rows: (readonly (string | number)[])[] = [];
  for (const { name, key, path, ...request } of asked) {
    const once = async () => {
      const before = await counts();
      const begun = performance.now();
      const headers = { ...('headers' in request ? request.headers : {}), authorization: `Bearer ${key}` };
      const { status, text } = await send(gateway.ready.url + path, { ...request, headers });
      if (status !== 200) throw new Error(`${name} answered ${status}: ${text}`);
      const milliseconds = performance.now() - begun;
      return { milliseconds, asked: difference(before, await counts()) };
    };
    await gateway.ask('chill');
    const cold = await once();
    const warm = await once();
    await pause(lapseMs);
    const lapsed = await once();
    rows.push([name, cold.asked, warm.asked, lapsed.asked, cold.milliseconds]);
  }
  return {
    title: 'AWS calls of one request, authorizer included',
    columns: ['request', 'cold', 'warm', 'after five seconds', 'cold, ms'],
    rows,
  };
}
