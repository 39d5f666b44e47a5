import type { ServerRecord, ToolsetRecord } from '../../domain/records.ts';
import { ranges } from './keys.ts';
import { query } from './read.ts';
import { recordOf } from './stored.ts';
import type { Table } from './table.ts';

/** All servers and toolsets of an org. */
export interface Directory {
  readonly servers: readonly ServerRecord[];
  readonly toolsets: readonly ToolsetRecord[];
}

/** Reads the directory of an org with one strongly consistent query (a request per 1 MB). */
export async function readDirectory(table: Table, orgId: string): Promise<Directory> {
  const servers: ServerRecord[] = [];
  const toolsets: ToolsetRecord[] = [];
  for await (const item of query(table, { of: ranges.directory(orgId) })) {
    if (String(item['sk']).startsWith(ranges.servers(orgId).prefix)) servers.push(recordOf('server', item));
    else toolsets.push(recordOf('toolset', item));
  }
  return { servers, toolsets };
}
