import type { Caller } from '../domain/caller.ts';
import { isLive } from '../domain/cascade/gates.ts';
import { ownsUsageKey } from '../domain/metering/valve.ts';
import { findProof } from '../domain/proofs/index.ts';
import type { KeyRecord } from '../domain/records.ts';
import { type Refusal, unauthorized } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Principals, Records } from '../ports/table.ts';
import type { Secrets } from '../ports/vault.ts';

/** What authentication asks of the world. */
export interface AuthenticatePorts {
  readonly records: Pick<Records, 'key'>;
  readonly principals: Principals;
  readonly secrets: Secrets;
}

/** Who calls, and by which key API Gateway counts the request: the org's own, or the one that its tier shares. */
export interface Authenticated {
  readonly caller: Caller;
  readonly countedBy: 'own' | 'shared';
}

/**
 * First stage: from header values to the caller, or 401 with one text for every cause. The key's checksum is verified
 * before any read; an unknown id costs the same read and the same HMAC as a known one.
 */
export async function authenticate(
  headers: Readonly<Record<string, readonly string[]>>,
  now: number,
  ports: AuthenticatePorts,
): Promise<Result<Authenticated, Refusal>> {
  const proof = findProof(headers);
  if (!proof.ok) return proof;
  const key = await ports.records.key(proof.value.id);
  const fits = await fitsSecret(key, proof.value.secret, now, ports.secrets);
  if (!key || !fits) return unauthorized();
  const found = await ports.principals.load(key);
  const { org } = found;
  if (!org || !isLive({ ...found, key, org }, now)) return unauthorized();
  return ok({ caller: callerOf(key, org.tier), countedBy: ownsUsageKey(org) ? 'own' : 'shared' });
}

/** Whether a secret is the key's, or the one before its last rotation while the grace lasts. */
async function fitsSecret(key: KeyRecord | undefined, secret: string, now: number, secrets: Secrets): Promise<boolean> {
  const current = await secrets.hmac(secret, key?.pepper);
  if (!key) return false;
  if (secrets.equal(current.hmac, key.hmac)) return true;
  const { previous } = key;
  if (!previous || now >= Date.parse(previous.until)) return false;
  const older = previous.pepper === key.pepper ? current : await secrets.hmac(secret, previous.pepper);
  return secrets.equal(older.hmac, previous.hmac);
}

const callerOf = (key: KeyRecord, tier: string): Caller => ({
  key_id: key.id,
  org_id: key.org_id,
  role: key.role,
  tier,
  lineage: key.lineage,
  ...(key.team_id === undefined ? {} : { team_id: key.team_id }),
  ...(key.user_id === undefined ? {} : { user_id: key.user_id }),
  ...(key.agent_id === undefined ? {} : { agent_id: key.agent_id }),
});
