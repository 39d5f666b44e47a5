import type { ProbeReport } from '../../../contract/probe.ts';
import type { Egress } from '../egress/egress.ts';
import { documentAt } from './metadata.ts';

type Registration = NonNullable<ProbeReport['auth']['registration']>;

/** Authorization servers that are asked: a stranger chose them. */
const maxAsked = 3;

/**
 * Where the metadata of an authorization server may stand: its well-known name put before the path of the issuer (RFC 8414
 * §3.1), that of OpenID Connect so (§5) or behind the path (Discovery 1.0 §4).
 */
function places(issuer: string): readonly string[] {
  const url = URL.parse(issuer);
  if (!url) return [];
  const path = url.pathname.replace(/\/$/, '');
  const openid = '/.well-known/openid-configuration';
  const all = [`/.well-known/oauth-authorization-server${path}`, `${openid}${path}`, `${path}${openid}`];
  return [...new Set(all)].map((place) => url.origin + place);
}

/** How clients become known to one authorization server; undefined where it does not say so under its own name (§3.3). */
async function waysOf(egress: Egress, issuer: string): Promise<Registration | undefined> {
  // All at once: the probe has to end before its invocation does.
  const found = await Promise.all(places(issuer).map((place) => documentAt(egress, place)));
  const metadata = found.find((one) => one?.['issuer'] === issuer);
  return (
    metadata && [
      ...(typeof metadata['registration_endpoint'] === 'string' ? (['dynamic'] as const) : []),
      ...(metadata['client_id_metadata_document_supported'] === true ? (['client_id_metadata_document'] as const) : []),
    ]
  );
}

/** How clients become known to any of these authorization servers, the first three; undefined where none says so. */
export async function registrationAt(egress: Egress, issuers: readonly string[]): Promise<Registration | undefined> {
  const ways = await Promise.all(issuers.slice(0, maxAsked).map((issuer) => waysOf(egress, issuer)));
  const known = ways.filter((one) => one !== undefined);
  return known.length === 0 ? undefined : [...new Set(known.flat())];
}
