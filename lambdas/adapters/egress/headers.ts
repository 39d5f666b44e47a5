import { hopHeader } from '../../domain/hop.ts';

/** What belongs to the connection (RFC 9110 §7.6.1) or to this client, never to a caller. */
const owned = new Set([
  hopHeader,
  'host',
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'accept-encoding',
]);

/** The header fields of a request, names in lower case; later spellings of a name win over earlier ones. */
export function outgoingHeaders(url: URL, given: Readonly<Record<string, string>>): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'xcity-mcp-gateway' };
  for (const name in given) {
    const lower = name.toLowerCase();
    if (!owned.has(lower)) headers[lower] = given[name]!;
  }
  headers['host'] = url.host;
  headers['accept-encoding'] = 'gzip, br';
  headers[hopHeader] = '1';
  return headers;
}
