import {
  ConditionalCheckFailedException,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Valves } from '../../ports/valve.ts';
import { items } from './keys.ts';
import { recordOf } from './stored.ts';
import { marshal, type Table, unmarshal } from './table.ts';
import { transact } from './transact.ts';

/** The keys of usage plans, as the table knows of them: on the org's item, beside its record. */
export function dynamoValves(table: Table): Valves {
  /** Where the condition does not hold there is nothing to write. */
  async function update(orgId: string, what: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>): Promise<void> {
    try {
      const Key = marshal({ ...items.org(orgId) });
      await table.client.send(new UpdateItemCommand({ TableName: table.name, Key, ...what }));
    } catch (fault) {
      if (!(fault instanceof ConditionalCheckFailedException)) throw fault;
    }
  }
  return {
    claim: (orgId, run) =>
      update(orgId, {
        UpdateExpression: 'SET valve_run = :run REMOVE usage_key',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: marshal({ ':run': run }),
      }),

    async read(orgId) {
      // A tombstone is absent from every other read; its key is still to be removed.
      const Key = marshal({ ...items.org(orgId) });
      const { Item } = await table.client.send(
        new GetItemCommand({ TableName: table.name, Key, ConsistentRead: true }),
      );
      if (!Item) return undefined;
      const item = unmarshal(Item);
      const { tier, deleted_at } = recordOf('org', item);
      const run = item['valve_run'];
      return {
        tier,
        placed: item['valve_place'] === true,
        ...(deleted_at === undefined ? {} : { deleted_at }),
        ...(typeof run === 'string' ? { run } : {}),
      };
    },

    async place(orgId, limit) {
      const [held, full] = await transact(table, [
        {
          verb: 'Update',
          key: items.org(orgId),
          update: 'SET valve_place = :yes',
          when: 'attribute_exists(pk) AND attribute_not_exists(valve_place)',
          values: { ':yes': true },
        },
        {
          verb: 'Update',
          key: items.usageKeys(),
          update: 'ADD used :one',
          when: 'attribute_not_exists(used) OR used < :limit',
          values: { ':one': 1, ':limit': limit },
        },
      ]);
      return held?.Code === 'ConditionalCheckFailed' || full === undefined;
    },

    async free(orgId) {
      await transact(table, [
        {
          verb: 'Update',
          key: items.org(orgId),
          update: 'REMOVE valve_place',
          when: 'attribute_exists(valve_place)',
        },
        {
          verb: 'Update',
          key: items.usageKeys(),
          update: 'ADD used :less',
          when: 'used > :none',
          values: { ':less': -1, ':none': 0 },
        },
      ]);
    },

    settle: (orgId, run, usageKey) =>
      update(orgId, {
        UpdateExpression: 'SET usage_key = :key',
        ConditionExpression: 'valve_run = :run',
        ExpressionAttributeValues: marshal({ ':key': usageKey, ':run': run }),
      }),
  };
}
