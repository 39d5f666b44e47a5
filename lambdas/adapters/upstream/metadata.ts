import { parseJson } from '../../domain/protocol/json.ts';
import { isObject } from '../../domain/protocol/jsonrpc.ts';
import type { Egress } from '../egress/egress.ts';

/** A metadata document is a page of JSON; each place where it may stand gets its own short time. */
const maxBytes = 65_536;
const timeoutMs = 4000;

/** The JSON object at a URL, fetched through the guard; undefined where there is none. */
export async function documentAt(egress: Egress, url: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const sent = await egress.send({ url, method: 'GET', headers: { accept: 'application/json' }, timeoutMs, maxBytes });
  if (!sent.ok) return undefined;
  const text = await sent.value.text();
  const parsed = text.ok && sent.value.status === 200 ? parseJson(text.value) : undefined;
  return parsed?.ok && isObject(parsed.value) ? parsed.value : undefined;
}
