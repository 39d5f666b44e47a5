import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Sessions, StoredSession } from '../../ports/upstream.ts';
import type { Seal } from '../../ports/vault.ts';
import type { Clock } from '../../ports/world.ts';
import { items } from './keys.ts';
import { getItem } from './read.ts';
import { marshal, type Table } from './table.ts';

/** An hour: few servers keep an idle session longer, and a stolen table holds no older one. */
const lifeSeconds = 60 * 60;
const purpose = 'session';

/**
 * Sessions of legacy upstreams, sealed and bound to their org and name, so that an item moved to another place opens
 * nothing. A store that cannot answer throws.
 */
export function dynamoSessions(table: Table, seal: Seal, clock: Clock): Sessions {
  const bound = (orgId: string, name: string) => `${orgId} ${name}`;
  return {
    async load(orgId, name) {
      const item = await getItem(table, items.session(orgId, name));
      if (!item) return undefined;
      return (await seal.open(purpose, bound(orgId, name), String(item['session']))) as StoredSession | undefined;
    },
    async save(orgId, name, session) {
      const sealed = await seal.seal(purpose, bound(orgId, name), session);
      const ttl = Math.floor(clock() / 1000) + lifeSeconds;
      const item = { ...items.session(orgId, name), session: sealed, ttl };
      await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshal(item) }));
    },
    async forget(orgId, name) {
      const Key = marshal({ ...items.session(orgId, name) });
      await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
    },
  };
}
