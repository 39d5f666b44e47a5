import type { Era } from './revision.ts';

/** Severities of log messages, least first (RFC 5424, as MCP spells them). */
const severities: readonly unknown[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];

/** `_meta` key with the least severity that a modern client wants to hear of. */
export const logLevelKey = 'io.modelcontextprotocol/logLevel';

/** A notification on its way to a client. */
interface Notice {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * Whether a client hears a notification that came before its answer: progress, which carries its own token; log messages,
 * in the modern era only from the level that the request names.
 */
export function isHeard({ method, params }: Notice, era: Era, logLevel: unknown): boolean {
  if (method === 'notifications/progress') return true;
  if (method !== 'notifications/message') return false;
  const wanted = severities.indexOf(logLevel);
  return era === 'legacy' || (wanted !== -1 && severities.indexOf(params['level']) >= wanted);
}
