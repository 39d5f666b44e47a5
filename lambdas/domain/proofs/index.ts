import { type Refusal, unauthorized } from '../refusal.ts';
import { ok, type Result } from '../result.ts';
import { apiKeyHeader, litellmHeader } from './api-key-header.ts';
import { bearer } from './bearer.ts';
import type { Key } from './key-format.ts';
import type { Proof } from './proof.ts';

export { type Key, makeKey, readKey } from './key-format.ts';

const proofs: readonly Proof[] = [bearer, apiKeyHeader, litellmHeader];

/** `multiValueHeaders` of an API Gateway event: a repeated header keeps all its values (MP-21). */
export type MultiValueHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The one key a request carries. No key, a repeated header, a malformed one, or two different keys: unauthorized, never a
 * guess. The same key in two headers is one key; a foreign token in `Authorization` counts only beside a key.
 */
export function findProof(headers: MultiValueHeaders | null | undefined): Result<Key, Refusal> {
  const values = new Map<string, string[]>();
  for (const [name, sent = []] of Object.entries(headers ?? {})) {
    const header = name.toLowerCase();
    values.set(header, [...(values.get(header) ?? []), ...sent]);
  }
  let key: Key | undefined;
  for (const { header, read } of proofs) {
    const [value, ...more] = values.get(header) ?? [];
    if (value === undefined) continue;
    const reading = more.length > 0 ? 'malformed' : read(value);
    if (reading === 'malformed') return unauthorized();
    if (reading !== undefined && key !== undefined && reading.text !== key.text) return unauthorized();
    key ??= reading;
  }
  return key === undefined ? unauthorized() : ok(key);
}
