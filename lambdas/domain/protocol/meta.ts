import { isObject } from './jsonrpc.ts';

/** Prefix of what this gateway adds to a `_meta`. */
export const ourPrefix = 'xct/';
/** Prefix that MCP keeps for itself: each side of the gateway speaks it for itself. */
const reservedPrefix = 'io.modelcontextprotocol/';

/**
 * What of a `_meta` passes through the gateway, in either direction: everything but the protocol's own keys (an envelope,
 * `serverInfo`) and ours, which nobody else may write (MP-24).
 */
export function passingMeta(meta: unknown): Readonly<Record<string, unknown>> {
  const passing: Record<string, unknown> = {};
  if (!isObject(meta)) return passing;
  for (const key in meta) if (!key.startsWith(reservedPrefix) && !key.startsWith(ourPrefix)) passing[key] = meta[key];
  return passing;
}
