import type { Table } from './table.ts';

/** What the project asks of itself: a figure of a table, and the most or the least that it may be. */
const targets = [
  { what: 'REST adds, ms', row: 'in process, REST', column: 'p50 added', most: 0.3 },
  { what: 'MCP adds, ms', row: 'in process, MCP', column: 'p50 added', most: 0.3 },
  { what: 'REST at 32, × direct', row: 'in process, REST', column: '× direct', least: 0.4 },
  { what: 'MCP at 32, × direct', row: 'in process, MCP', column: '× direct', least: 0.4 },
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
