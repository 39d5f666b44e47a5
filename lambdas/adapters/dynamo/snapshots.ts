import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Snapshot } from '../../domain/definition.ts';
import type { Snapshots } from '../../ports/table.ts';
import { items, ranges } from './keys.ts';
import { query } from './read.ts';
import { type Item, marshal, type Table } from './table.ts';

/** Bytes of a chunk; an item may have 400 KB, keys and names included. */
const chunkBytes = 350_000;
/** Characters of JSON text kept by one environment: 32 snapshots of the largest size. */
const mostCharacters = 32 * 1024 * 1024;

/**
 * Snapshots in chunks under their hash: gzipped JSON text (many definitions compress to a fifth), each chunk with the
 * digest of the whole, so that a half-written or changed snapshot throws and is never served. Kept in memory; immutable.
 */
export function dynamoSnapshots(table: Table): Snapshots {
  const kept = memory();
  return {
    async get(orgId, hash) {
      const name = `${orgId} ${hash}`;
      const known = kept.get(name);
      if (known) return known;
      const chunks: Item[] = [];
      for await (const item of query(table, { of: ranges.chunks(orgId, hash) })) chunks.push(item);
      if (chunks.length === 0) return undefined;
      const text = gunzipSync(join(chunks)).toString();
      return kept.add(name, JSON.parse(text) as Snapshot, text.length);
    },
    async put(orgId, hash, snapshot) {
      const bytes = gzipSync(JSON.stringify(snapshot));
      const of = Math.ceil(bytes.length / chunkBytes);
      const writes = Array.from({ length: of }, (_, position) => {
        const chunk = bytes.subarray(position * chunkBytes, (position + 1) * chunkBytes);
        const item = { ...items.chunk(orgId, hash, position), of, digest: digest(bytes), chunk };
        return table.client.send(new PutItemCommand({ TableName: table.name, Item: marshal(item) }));
      });
      await Promise.all(writes);
    },
  };
}

/** Chunks past `of` are what a longer form of the same snapshot left: another zlib may compress otherwise. */
function join(chunks: readonly Item[]): Buffer {
  const { of, digest: expected } = chunks[0]!;
  const bytes = Buffer.concat(chunks.slice(0, Number(of)).map(({ chunk }) => chunk as Uint8Array));
  if (digest(bytes) !== expected) throw new Error('The table holds a snapshot that is not whole.');
  return bytes;
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Snapshots by name, up to `mostCharacters`; the one asked for longest ago goes first. */
function memory() {
  const kept = new Map<string, { readonly snapshot: Snapshot; readonly size: number }>();
  let total = 0;
  const add = (name: string, snapshot: Snapshot, size: number): Snapshot => {
    remove(name);
    kept.set(name, { snapshot, size });
    total += size;
    while (total > mostCharacters) remove(kept.keys().next().value!);
    return snapshot;
  };
  const remove = (name: string) => {
    total -= kept.get(name)?.size ?? 0;
    kept.delete(name);
  };
  return {
    add,
    get(name: string): Snapshot | undefined {
      const known = kept.get(name);
      return known && add(name, known.snapshot, known.size);
    },
  };
}
