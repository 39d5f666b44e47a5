import { gunzipSync, gzipSync } from 'node:zlib';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { parseJson, renderJson } from '../../domain/protocol/json.ts';
import type { AttemptName, Attempts } from '../../ports/meter.ts';
import type { Seal } from '../../ports/vault.ts';
import type { Clock } from '../../ports/world.ts';
import { items } from './keys.ts';
import { marshal, type Table, unmarshal } from './table.ts';

/** How long an idempotency key is remembered (product §7). */
const lifeSeconds = 24 * 60 * 60;
/** What of an outcome is kept (product §7); compressed and sealed it fits an item of 400 KB. */
const maxOutcomeBytes = 256 * 1024;
/** No call lasts longer than a stream of 15 minutes: an attempt that still runs then was swallowed by a crash. */
const lostAfterMs = 16 * 60_000;
const purpose = 'attempt';

/** Attempts in the table; an outcome is sealed to its place, so that an item moved elsewhere opens nothing. */
export function dynamoAttempts(table: Table, seal: Seal, clock: Clock): Attempts {
  const keyOf = ({ org_id, digest }: AttemptName) => marshal({ ...items.attempt(org_id, digest) });
  const bound = ({ org_id, digest }: AttemptName) => `${org_id} ${digest}`;
  return {
    async begin(name, request) {
      const now = clock();
      const item = {
        ...items.attempt(name.org_id, name.digest),
        request,
        begun: now,
        ttl: Math.floor(now / 1000) + lifeSeconds,
      };
      try {
        await table.client.send(
          new PutItemCommand({
            TableName: table.name,
            Item: marshal(item),
            // DynamoDB deletes what is past its ttl only within days.
            ConditionExpression: 'attribute_not_exists(pk) OR #ttl <= :now',
            ExpressionAttributeNames: { '#ttl': 'ttl' },
            ExpressionAttributeValues: marshal({ ':now': Math.floor(now / 1000) }),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return undefined;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException) || !error.Item) throw error;
        const { request: earlier, begun, kept, outcome } = unmarshal(error.Item);
        if (outcome !== undefined) {
          const text = await seal.open(purpose, bound(name), String(outcome));
          return { request: String(earlier), state: 'kept', outcome: unpack(String(text)) };
        }
        const lost = kept === false || now - Number(begun) > lostAfterMs;
        return { request: String(earlier), state: lost ? 'lost' : 'running' };
      }
    },
    async keep(name, outcome) {
      const text = renderJson(outcome);
      const small = Buffer.byteLength(text) <= maxOutcomeBytes;
      await table.client.send(
        new UpdateItemCommand({
          TableName: table.name,
          Key: keyOf(name),
          UpdateExpression: small ? 'SET kept = :kept, outcome = :outcome' : 'SET kept = :kept',
          ExpressionAttributeValues: marshal({
            ':kept': small,
            ':outcome': small ? await seal.seal(purpose, bound(name), pack(text)) : undefined,
          }),
        }),
      );
    },
    async forget(name) {
      await table.client.send(new DeleteItemCommand({ TableName: table.name, Key: keyOf(name) }));
    },
  };
}

/** JSON text, packed: integers that a double cannot hold stay as they are written. */
const pack = (text: string): string => gzipSync(text).toString('base64');

function unpack(packed: string): unknown {
  const parsed = parseJson(gunzipSync(Buffer.from(packed, 'base64')).toString());
  if (!parsed.ok) throw new Error('A kept outcome does not open.');
  return parsed.value;
}
