import { gunzipSync, gzipSync } from 'node:zlib';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Evidence, Reviews, Work } from '../../ports/approval.ts';
import type { Seal } from '../../ports/vault.ts';
import type { Clock } from '../../ports/world.ts';
import { indexRanges, items, ranges } from './keys.ts';
import { getItem, query } from './read.ts';
import { type Item, marshal, type Table } from './table.ts';

/** A day more than any execution waits. */
const tokenSeconds = 15 * 24 * 60 * 60;
const purpose = 'task token';
const bound = ({ org_id, submission_id, revision }: Work) => `${org_id} ${submission_id} ${revision}`;

/** What belongs to the revisions of submissions: evidence as gzipped JSON, task tokens sealed and bound to their revision. */
export function dynamoReviews(table: Table, seal: Seal, clock: Clock): Reviews {
  const put = async (item: Item): Promise<void> => {
    await table.client.send(new PutItemCommand({ TableName: table.name, Item: marshal(item) }));
  };
  return {
    async evidence({ org_id, submission_id, revision }) {
      const item = await getItem(table, items.evidence(org_id, submission_id, revision));
      return item && (JSON.parse(gunzipSync(item['evidence'] as Uint8Array).toString()) as Evidence);
    },
    keepEvidence: ({ org_id, submission_id, revision }, evidence) =>
      put({ ...items.evidence(org_id, submission_id, revision), evidence: gzipSync(JSON.stringify(evidence)) }),
    async tokens(org_id, submission_id) {
      const found = [];
      for await (const { sk, token: sealed } of query(table, { of: ranges.tokens(org_id, submission_id) })) {
        const work = { org_id, submission_id, revision: Number(String(sk).split('#')[1]) };
        const token = await seal.open(purpose, bound(work), String(sealed));
        if (typeof token === 'string') found.push({ ...work, token });
      }
      return found;
    },
    async keepToken(work, token) {
      const key = items.token(work.org_id, work.submission_id, work.revision);
      const ttl = Math.floor(clock() / 1000) + tokenSeconds;
      await put({ ...key, token: await seal.seal(purpose, bound(work), token), ttl });
    },
    async forgetToken({ org_id, submission_id, revision }) {
      const Key = marshal({ ...items.token(org_id, submission_id, revision) });
      await table.client.send(new DeleteItemCommand({ TableName: table.name, Key }));
    },
    async *unsettled() {
      for await (const { gsk } of query(table, { of: indexRanges.unsettled() })) {
        const [org_id = '', submission_id = ''] = String(gsk).split('#');
        yield { org_id, submission_id };
      }
    },
  };
}
