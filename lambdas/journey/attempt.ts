import { renderJson } from '../domain/protocol/json.ts';
import { isObject } from '../domain/protocol/jsonrpc.ts';
import { conflict, type Refusal } from '../domain/refusal.ts';
import { no, ok, type Result } from '../domain/result.ts';
import type { Attempts } from '../ports/meter.ts';
import type { Digest } from '../ports/world.ts';

/** What a caller names by an idempotency key: separate for each key, server and tool. */
export interface Named {
  readonly idempotencyKey: string;
  readonly org_id: string;
  readonly key_id: string;
  readonly server_id: string;
  readonly tool: string;
  /** Everything that another request by the same name must repeat. */
  readonly arguments: unknown;
  /** A continuation is a request of its own. */
  readonly continuation: unknown;
}

/** What came of an attempt, and whether it may have reached the upstream: only then it was the one attempt there is. */
export interface Attempted<T> {
  readonly outcome: Result<T, Refusal>;
  readonly sent: boolean;
}

type Run<T> = (sending: () => void) => Promise<Attempted<T>>;

/**
 * Runs what a caller named by an idempotency key at most once in 24 hours: a repeat gets the stored outcome, 422 for
 * other arguments, 409 while the first runs or where its outcome was not stored. `run` says when it begins to send: from
 * then on a fault leaves the attempt made, though nobody knows how it ended.
 */
export async function once<T extends object>(
  named: Named,
  { attempts, sha256 }: { readonly attempts: Attempts; readonly sha256: Digest },
  run: Run<T>,
): Promise<Result<T & { readonly replayed?: true }, Refusal>> {
  const { idempotencyKey, org_id, key_id, server_id, tool, continuation } = named;
  const digest = sha256(renderJson([key_id, server_id, tool, idempotencyKey, continuation ?? null]));
  const name = { org_id, digest };
  const request = sha256(renderJson(named.arguments));
  const earlier = await attempts.begin(name, request);
  if (!earlier) return first(name, attempts, run);
  if (earlier.request !== request)
    return no({
      code: 'idempotency_mismatch',
      message: 'This idempotency key was used with other arguments.',
      param: 'Idempotency-Key',
    });
  if (earlier.state === 'running') return conflict('The first request with this idempotency key is still running.');
  if (earlier.state === 'lost')
    return no({
      code: 'result_not_stored',
      message: 'The first request with this idempotency key may have been carried out; its result was not stored.',
    });
  const kept = earlier.outcome;
  // Sealed by us, under this name: another form is a fault.
  if (!isObject(kept)) throw new Error('A kept outcome has no form.');
  return 'refusal' in kept ? no(kept['refusal'] as Refusal) : ok({ ...(kept['value'] as T), replayed: true });
}

async function first<T>(
  name: { readonly org_id: string; readonly digest: string },
  attempts: Attempts,
  run: Run<T>,
): Promise<Result<T, Refusal>> {
  let sending = false;
  const { outcome, sent } = await run(() => {
    sending = true;
  }).catch(async (fault: unknown) => {
    if (!sending) await attempts.forget(name);
    throw fault;
  });
  if (!sent) await attempts.forget(name);
  else await attempts.keep(name, outcome.ok ? { value: outcome.value } : { refusal: outcome.refusal });
  return outcome;
}
