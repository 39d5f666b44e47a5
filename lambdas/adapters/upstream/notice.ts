import { renderJson } from '../../domain/protocol/json.ts';
import { isObject } from '../../domain/protocol/jsonrpc.ts';
import type { UpstreamRequest } from '../../ports/upstream.ts';
import { withOwnMeta } from './message.ts';

type Watched = Pick<UpstreamRequest, 'meta' | 'onNotification'>;

/** Whether a progress notification carries the caller's own token. */
function isAwaited(token: unknown, meta: Watched['meta']): boolean {
  const given = meta?.['progressToken'];
  return given !== undefined && renderJson(token) === renderJson(given);
}

/**
 * Hands on a notification that came before the answer: progress under the caller's token, and messages. Others (changed
 * lists, updated resources) belong to nobody here.
 */
export function notice({ method, params }: Readonly<Record<string, unknown>>, { meta, onNotification }: Watched): void {
  if (!onNotification || !isObject(params)) return;
  const progress = method === 'notifications/progress' && isAwaited(params['progressToken'], meta);
  if (progress || method === 'notifications/message') onNotification({ method, params: withOwnMeta(params) });
}
