import type { ProbeReport } from '../../../contract/probe.ts';
import type { Egress } from '../egress/egress.ts';
import { documentAt } from './metadata.ts';
import { registrationAt } from './registration.ts';

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
  const metadata = await documentAt(egress, url);
  if (typeof metadata?.['resource'] !== 'string') return undefined;
  const listed = metadata['authorization_servers'];
  return (Array.isArray(listed) ? listed : []).filter((issuer) => typeof issuer === 'string');
}

/** What a 401 says about the authentication a server wants; every fetch goes through the guard. */
export async function authFound(egress: Egress, url: string, challenge: string): Promise<ProbeReport['auth']> {
  const shown = { required: true, ...(challenge === '' ? {} : { challenge: challenge.slice(0, maxLength) }) };
  for (const place of places(url, challenge)) {
    const issuers = await issuersAt(egress, place);
    if (!issuers) continue;
    const registration = await registrationAt(egress, issuers);
    return {
      ...shown,
      resource_metadata: place.slice(0, maxLength),
      authorization_servers: issuers.slice(0, maxServers).map((issuer) => issuer.slice(0, maxLength)),
      ...(registration === undefined ? {} : { registration }),
    };
  }
  return shown;
}
