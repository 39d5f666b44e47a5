import type { AuditEntry } from '../domain/audit.ts';
import type { Caller } from '../domain/caller.ts';
import type { OrgRecord, UserRecord } from '../domain/records.ts';
import { conflict, type Refusal, unauthorized } from '../domain/refusal.ts';
import { type No, no, ok, type Result } from '../domain/result.ts';
import type { Change } from '../ports/table.ts';
import type { Digest } from '../ports/world.ts';
import type { AdminActing } from './admin-acting.ts';
import { auditRows } from './audit.ts';
import { type KeyShown, keyView, makeKeyRecord } from './keys/view.ts';
import { commitPlaced, placeIn } from './places.ts';
import { newOrg, noNames } from './principals/create-org.ts';
import { defaultOrg, principalView } from './principals/view.ts';
import { created } from './record-write.ts';

/** How long the one-time token works, in ms from when its secret was made. */
const tokenLifeMs = 24 * 60 * 60 * 1000;

/** What making an operator asks of the world; nobody is calling. */
export interface Founding extends Pick<AdminActing, 'requestId' | 'now' | 'records' | 'secrets' | 'tiers'> {
  readonly sha256: Digest;
  /** The one-time token and when it was made, in ms. */
  readonly bootstrapToken: () => Promise<{ readonly value: string; readonly createdAt: number }>;
}

const gone = (): No<Refusal> =>
  no({ code: 'gone', message: 'The token was used or is over 24 hours old; the docs describe the recovery.' });

/** Trades the one-time token for the first operator and its key: once in the life of the deployment, within 24 hours. */
export async function bootstrap(
  founding: Founding,
  { token, name = 'operator' }: { readonly token: string; readonly name?: string },
): Promise<Result<KeyShown, Refusal>> {
  const { records, secrets, now, sha256, bootstrapToken } = founding;
  const { value, createdAt } = await bootstrapToken();
  // Digests are of one length, so every token takes the same time.
  if (!secrets.equal(sha256(token), sha256(value))) return unauthorized();
  if (now >= createdAt + tokenLifeMs || (await records.done('bootstrap'))) return gone();
  const id = `usr_${secrets.random(12)}`;
  const user = created<UserRecord>({ id, org_id: defaultOrg, name, disabled: false }, now);
  return makeOperator(founding, 'bootstrap', name, user);
}

/**
 * Makes another operator key in org `default`: the way back in when all keys are lost. Whoever may invoke the function
 * may have it. The key is bound to no user, so that no change to a user can end it.
 */
export const recover = (founding: Omit<Founding, 'bootstrapToken' | 'sha256'>): Promise<Result<KeyShown, Refusal>> =>
  makeOperator(founding, 'recovery', 'recovery', undefined);

/** Writes the key, and what is missing of org and user, with their audit rows in one commit. */
async function makeOperator(
  founding: Omit<Founding, 'bootstrapToken' | 'sha256'>,
  actor: 'bootstrap' | 'recovery',
  name: string,
  user: UserRecord | undefined,
): Promise<Result<KeyShown, Refusal>> {
  const { records, secrets, tiers, now } = founding;
  const known = await records.get('org', defaultOrg, defaultOrg);
  const org: OrgRecord = known ?? newOrg(defaultOrg, tiers, { name: 'Default' }, now);
  const caller: Caller = { key_id: actor, org_id: defaultOrg, role: 'operator', tier: org.tier, lineage: [] };
  const acting = { ...founding, caller };
  const fields = { name, org_id: defaultOrg, role: 'operator' as const, user_id: user?.id, lineage: [] };
  const { record, key } = await makeKeyRecord(secrets, fields, now);
  const view = keyView(record, noNames);

  const changes: Change[] = actor === 'bootstrap' ? [{ do: 'once', what: 'bootstrap' }] : [];
  const rows: AuditEntry[] = [];
  if (!known) {
    changes.push({ do: 'create', kind: 'org', record: org });
    rows.push(...auditRows(acting, 'org.create', org, null, principalView('org', org, noNames)));
  }
  if (user) {
    changes.push({ do: 'create', kind: 'user', record: user });
    rows.push(...auditRows(acting, 'user.create', user, null, principalView('user', user, noNames)));
  }
  changes.push({ do: 'create', kind: 'key', record });
  rows.push(...auditRows(acting, 'key.create', record, null, view));
  // The way back in is not closed by a full tier; the key counts all the same.
  changes.push({ ...placeIn(tiers, org, 'key'), limit: Number.MAX_SAFE_INTEGER });
  const met = await commitPlaced(founding, rows, changes);
  if (!met) return ok({ ...view, key });
  return met.change.do === 'once' ? gone() : conflict('Another operator is being made; try again.');
}
