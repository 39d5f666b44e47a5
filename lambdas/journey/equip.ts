import type { Caller } from '../domain/caller.ts';
import { type CallerHeader, equip as equipHeaders } from '../domain/credentials/index.ts';
import type { ServerRecord } from '../domain/records.ts';
import type { Refusal } from '../domain/refusal.ts';
import { ok, type Result } from '../domain/result.ts';
import type { Signal, UpstreamTarget } from '../ports/upstream.ts';
import type { Vault } from '../ports/vault.ts';
import type { Digest } from '../ports/world.ts';

/** 25 s: what a tool call may take unless its server says otherwise (product §10); API Gateway ends a buffered route at 29 s. */
const defaultTimeoutMs = 25_000;

/** What equipping asks of the world. */
export interface EquipPorts {
  readonly vault: Vault;
  readonly sha256: Digest;
}

/**
 * Fourth stage: the upstream's address with the credential and headers that its auth mode asks for. The
 * session is the key's own: what a legacy server keeps in one must not reach another principal.
 */
export async function equip(
  server: ServerRecord,
  caller: Caller,
  callerHeaders: Readonly<Record<string, readonly string[]>>,
  ports: EquipPorts,
  options: { readonly fresh?: boolean; readonly maxTimeoutMs?: number; readonly signal?: Signal } = {},
): Promise<Result<UpstreamTarget, Refusal>> {
  const credential = server.has_credential
    ? await ports.vault.read(server, options.fresh ? { fresh: true } : {})
    : undefined;
  const equipped = equipHeaders(server, credential, singleIn(callerHeaders));
  if (!equipped.ok) return equipped;
  const { headers, secrets } = equipped.value;
  return ok({
    url: server.url,
    orgId: server.org_id,
    headers,
    secrets,
    session: ports.sha256(JSON.stringify([server.id, server.url, headers, caller.key_id])),
    timeoutMs: Math.min(server.timeout_ms ?? defaultTimeoutMs, options.maxTimeoutMs ?? Number.POSITIVE_INFINITY),
    ...(server.protocol_version === undefined ? {} : { protocolVersion: server.protocol_version }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}

/** A header that a caller repeats says nothing certain, so it is not forwarded. */
const singleIn =
  (headers: Readonly<Record<string, readonly string[]>>): CallerHeader =>
  (name) => {
    const values = headers[name];
    return values?.length === 1 ? values[0] : undefined;
  };
