import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { RecordByKind } from '../../domain/kinds.ts';
import type { ServerRecord } from '../../domain/records.ts';
import type { Records } from '../../ports/table.ts';
import { commit } from './commit.ts';
import { readDirectory } from './directory.ts';
import { items } from './keys.ts';
import { listAudit, listRecords } from './list.ts';
import { readPlaces, writePlaces } from './places.ts';
import { getItem } from './read.ts';
import { itemKey, probeText, recordOf } from './stored.ts';
import { marshal, type Table } from './table.ts';

/** The records of the table. Tombstones are absent from every read, as if they did not exist. */
export const dynamoRecords = (table: Table): Records => ({
  async get(kind, orgId, id) {
    const item = await getItem(table, itemKey(kind, orgId, id));
    const record = item && recordOf(kind, item);
    // A key is found by its id alone: one of another org does not exist here.
    return kind === 'key' && record?.org_id !== orgId ? undefined : record;
  },
  key: (id) => readKey(table, id),
  list: (kind, orgId, page) => listRecords(table, kind, orgId, page),
  directory: (orgId) => readDirectory(table, orgId),
  done: async (what) => (await getItem(table, items.once(what))) !== undefined,
  commit: (audit, changes) => commit(table, audit, changes),
  audit: (orgId, page) => listAudit(table, orgId, page),
  places: (orgId, what) => readPlaces(table, orgId, what),
  recount: (orgId, what, seen, used) => writePlaces(table, orgId, what, seen, used),
  probed: (server, probe) => writeProbe(table, server, probe),
});

async function readKey(table: Table, id: string): Promise<RecordByKind['key'] | undefined> {
  const item = await getItem(table, items.key(id));
  return item && recordOf('key', item);
}

/** A probe of a server that was removed meanwhile is dropped. */
async function writeProbe(
  table: Table,
  { org_id, id }: ServerRecord,
  probe: NonNullable<ServerRecord['last_probe']>,
): Promise<void> {
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: marshal({ ...items.server(org_id, id) }),
    UpdateExpression: 'SET last_probe = :probe',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: marshal({ ':probe': probeText(probe) }),
  });
  try {
    await table.client.send(command);
  } catch (fault) {
    if (!(fault instanceof ConditionalCheckFailedException)) throw fault;
  }
}
