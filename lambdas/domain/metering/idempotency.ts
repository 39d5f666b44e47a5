import { invalid, type Refusal } from '../refusal.ts';
import { ok, type Result } from '../result.ts';

/** Where an MCP request carries what REST carries in the header `Idempotency-Key`. */
export const idempotencyMeta = 'xct/idempotencyKey';

const isKey = /^[\x21-\x7e]{1,255}$/;

/** The idempotency key of a request; undefined where it has none, 400 for one that is not 1 to 255 visible ASCII characters. */
export function readIdempotencyKey(given: unknown, param: string): Result<string | undefined, Refusal> {
  if (given === undefined) return ok(undefined);
  if (typeof given === 'string' && isKey.test(given)) return ok(given);
  return invalid(`${param}: 1 to 255 visible ASCII characters.`, param);
}
