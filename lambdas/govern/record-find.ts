import { Id } from '../../contract/names.ts';
import type { Kind, RecordByKind } from '../domain/kinds.ts';
import { conflict, invalid, notFound, type Refusal } from '../domain/refusal.ts';
import { type No, ok, type Result } from '../domain/result.ts';
import type { CommitConflict, Records } from '../ports/table.ts';

/** A record of the org; 404 in the same words for what does not exist, is another org's, or cannot be an id (MT-03). */
export async function findRecord<K extends Kind>(
  records: Pick<Records, 'get'>,
  kind: K,
  orgId: string,
  id: string,
): Promise<Result<RecordByKind[K], Refusal>> {
  const found = Id.safeParse(id).success ? await records.get(kind, orgId, id) : undefined;
  return found ? ok(found) : notFound(`This ${kind}`);
}

/** 409 for a write that was based on another version; the current one is in the details. */
export const stale = (kind: Kind, version: unknown): No<Refusal> =>
  conflict(`The ${kind} has changed meanwhile; read it again.`, { version });

const thingsOf = { server: 'active servers', key: 'live keys' } as const;

/** What the caller is told when a commit did nothing; `requiredBy` names the field that a required record came from. */
export function refusalOf({ change, met }: CommitConflict, requiredBy?: (kind: string) => string): No<Refusal> {
  if (change.do === 'require') return noSuch(change.kind, requiredBy?.(change.kind));
  if (change.do === 'take_name') return conflict(`The name ${change.name} is taken.`, { name: change.name });
  if (change.do === 'take_place') {
    const { tier, limit, what } = change;
    return conflict(`The ${tier} tier has ${limit} places for ${thingsOf[what]}, and all are taken.`, {
      tier,
      limit,
      used: met?.['used'],
    });
  }
  if (change.do !== 'replace' && change.do !== 'remove')
    throw new Error(`A change failed that nothing can stand against: ${change.do}.`);
  return met === undefined || met['deleted_at'] !== undefined
    ? notFound(`This ${change.kind}`)
    : stale(change.kind, met['version']);
}

/** 400: a record that a field names is not in the org. */
export const noSuch = (kind: string, param?: string): No<Refusal> => invalid(`There is no such ${kind}.`, param);
