import { parseJson } from '../../domain/protocol/json.ts';
import { isObject } from '../../domain/protocol/jsonrpc.ts';
import type { Probe } from '../../ports/upstream.ts';
import type { Egress } from '../egress/egress.ts';

type Auth = Awaited<ReturnType<Probe['look']>>['auth'];

/** A metadata document is a page of JSON; each place where it may stand gets its own short time. */
const maxBytes = 65_536;
const timeoutMs = 4000;
const maxServers = 10;
const maxLength = 2048;

/** Where a server's protected resource metadata may stand (RFC 9728 §3.1 and §5.1), the advertised place first. */
function places(url: string, challenge: string): readonly string[] {
  const advertised = /(?:^|[\s,])resource_metadata\s*=\s*(?:"([^"]*)"|([^\s,]+))/i.exec(challenge);
  if (advertised) return [advertised[1] ?? advertised[2] ?? ''];
  const { origin, pathname } = new URL(url);
  const root = `${origin}/.well-known/oauth-protected-resource`;
  return pathname === '/' ? [root] : [`${root}${pathname}`, root];
}

/** The issuers a metadata document names; undefined where there is no such document. */
async function issuersAt(egress: Egress, url: string): Promise<readonly string[] | undefined> {
  const sent = await egress.send({ url, method: 'GET', headers: { accept: 'application/json' }, timeoutMs, maxBytes });
  if (!sent.ok) return undefined;
  const text = await sent.value.text();
  const parsed = text.ok && sent.value.status === 200 ? parseJson(text.value) : undefined;
  if (!parsed?.ok || !isObject(parsed.value) || typeof parsed.value['resource'] !== 'string') return undefined;
  const listed = parsed.value['authorization_servers'];
  return (Array.isArray(listed) ? listed : []).filter((issuer) => typeof issuer === 'string');
}

/** What a 401 says about the authentication a server wants; every fetch goes through the guard. */
export async function authFound(egress: Egress, url: string, challenge: string): Promise<Auth> {
  const shown = { required: true, ...(challenge === '' ? {} : { challenge: challenge.slice(0, maxLength) }) };
  for (const place of places(url, challenge)) {
    const issuers = await issuersAt(egress, place);
    if (issuers)
      return {
        ...shown,
        resource_metadata: place.slice(0, maxLength),
        authorization_servers: issuers.slice(0, maxServers).map((issuer) => issuer.slice(0, maxLength)),
      };
  }
  return shown;
}
