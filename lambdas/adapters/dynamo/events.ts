import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { GatewayEvent } from '../../../contract/events.ts';
import type { Events } from '../../ports/approval.ts';
import { items } from './keys.ts';
import { listEvents } from './list.ts';
import { marshal, type Table } from './table.ts';

/** Whoever wants notices for longer listens on EventBridge. */
const lifeSeconds = 90 * 24 * 60 * 60;

/** The notices of orgs, for 90 days. */
export const dynamoEvents = (table: Table): Pick<Events, 'keep' | 'list'> => ({
  async keep(event: GatewayEvent) {
    const ttl = Math.floor(Date.parse(event.at) / 1000) + lifeSeconds;
    const item = { ...items.event(event.org_id, event.at, event.id), record: JSON.stringify(event), ttl };
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshal(item) }));
  },
  list: (orgId, page) => listEvents(table, orgId, page),
});
