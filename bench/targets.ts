import type { Table } from './table.ts';

/** What the project asks of itself: a figure of a table, and the most or the least that it may be. */
const targets = [
  { what: 'REST adds, ms', row: 'in process, REST', column: 'p50 added', most: 0.3 },
  { what: 'MCP adds, ms', row: 'in process, MCP', column: 'p50 added', most: 0.3 },
  { what: 'REST at 32, × direct', row: 'in process, REST', column: '× direct', least: 0.4 },
  { what: 'MCP at 32, × direct', row: 'in process, MCP', column: '× direct', least: 0.4 },
  { what: 'chat adds a round, ms', row: 'chat, one tool call', column: 'added a round', most: 2 },
  { what: 'chat first token added, ms', row: 'chat, first token', column: 'p50 added', most: 5 },
  { what: 'chat, five calls of 100 ms, ms', row: 'chat, five calls of 100 ms', column: 'p50', most: 130 },
  { what: 'tools/list warm, ms', row: 'MCP, warm', column: 'p50', most: 5 },
  { what: 'authorizer import, × bare client', row: 'authorizer', column: '× bare client', most: 1.2 },
  { what: 'tools import, × bare client', row: 'tools', column: '× bare client', most: 1.5 },
  { what: 'mcp import, × bare client', row: 'mcp', column: '× bare client', most: 1.5 },
  { what: 'AWS calls of a warm REST call', row: 'call, REST', column: 'warm', exactly: 'none' },
  { what: 'AWS calls of a warm MCP call', row: 'call, MCP', column: 'warm', exactly: 'none' },
] as const;

function find(tables: readonly Table[], row: string, column: string): string | number | undefined {
  const table = tables.find(({ columns, rows }) => columns.includes(column) && rows.some(([name]) => name === row));
  return table?.rows.find(([name]) => name === row)?.[table.columns.indexOf(column)];
}

/** Each target beside what this run measured. */
export function targetTable(tables: readonly Table[]): Table {
  const rows = targets.map((target) => {
    const measured = find(tables, target.row, target.column);
    if (measured === undefined) throw new Error(`no table has ${target.row}, ${target.column}`);
    if ('exactly' in target)
      return [target.what, target.exactly, String(measured), measured === target.exactly ? 'met' : 'missed'];
    const isMet = 'most' in target ? Number(measured) <= target.most : Number(measured) >= target.least;
    const wanted = 'most' in target ? `≤ ${target.most}` : `≥ ${target.least}`;
    return [target.what, wanted, Number(measured).toFixed(2), isMet ? 'met' : 'missed'];
  });
  return { title: 'Targets', columns: ['figure', 'target', 'measured', ''], rows };
}

/** The name of the subject that is this gateway as one HTTP server in one process, as the peers are. */
export const oneProcess = 'one process, HTTP, MCP';

/** This gateway's calls a second as a multiple of the best of these peers', which should be two or more. */
export function peerTargetTable(throughput: Table, peers: readonly string[]): Table {
  const rate = (name: string) => Number(find([throughput], name, 'calls/s') ?? 0);
  const best = peers.reduce((one, other) => (rate(other) > rate(one) ? other : one));
  const rows = ['in process, MCP', oneProcess].map((name) => {
    const multiple = rate(name) / rate(best);
    return [`${name}, × ${best}`, '≥ 2', multiple.toFixed(2), multiple >= 2 ? 'met' : 'missed'];
  });
  return { title: 'Targets beside the peers', columns: ['figure', 'target', 'measured', ''], rows };
}
