import { afterEach, expect, test } from '@jest/globals';
import { ProbeReport } from '../../../contract/probe.ts';
import { handler as probe } from '../../../lambdas/handlers/probe.ts';
import { rawUpstream, redirectingUpstream } from '../../support/upstreams/raw.ts';
import type { RunningUpstream } from '../../support/upstreams/record.ts';

process.env['LOOPBACK_UPSTREAMS'] = 'allow';
const running: RunningUpstream[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));

type Documents = Readonly<Record<string, unknown>>;

/** A server that answers 401 and names `issuers`, on an origin where `documents` stand. */
async function guarded(
  issuers: (origin: string) => readonly string[],
  documents: (origin: string) => Documents,
): Promise<RunningUpstream> {
  const server = await rawUpstream((request, response, { path, method }) => {
    const origin = `http://${request.headers.host}`;
    const resource = { resource: `${origin}/mcp`, authorization_servers: issuers(origin) };
    const found = { '/.well-known/oauth-protected-resource/mcp': resource, ...documents(origin) }[path];
    if (found) return response.end(JSON.stringify(found));
    return response.writeHead(method === 'GET' ? 404 : 401).end();
  });
  running.push(server);
  return server;
}
const registrationOf = async ({ url }: RunningUpstream) => ProbeReport.parse(await probe({ url })).auth.registration;

const dynamic = { registration_endpoint: 'https://as.co/register' };
const document = { client_id_metadata_document_supported: true };

test('how clients become known is read where the issuer’s metadata stands, with or without a path', async () => {
  for (const place of ['oauth-authorization-server', 'openid-configuration']) {
    const root = await guarded(
      (origin) => [origin],
      (origin) => ({ [`/.well-known/${place}`]: { issuer: origin, ...dynamic } }),
    );
    expect(await registrationOf(root)).toEqual(['dynamic']);
  }
  const paths = [
    '/.well-known/oauth-authorization-server/t',
    '/.well-known/openid-configuration/t',
    '/t/.well-known/openid-configuration',
  ];
  for (const path of paths) {
    const tenant = await guarded(
      (origin) => [`${origin}/t`],
      (origin) => ({ [path]: { issuer: `${origin}/t`, ...dynamic, ...document } }),
    );
    expect(await registrationOf(tenant)).toEqual(['dynamic', 'client_id_metadata_document']);
  }
});

test('an authorization server that takes in registered clients only says so, and one without metadata says nothing', async () => {
  const closed = await guarded(
    (origin) => [origin],
    (origin) => ({ '/.well-known/oauth-authorization-server': { issuer: origin } }),
  );
  expect(await registrationOf(closed)).toEqual([]);
  expect(
    await registrationOf(
      await guarded(
        (origin) => [origin],
        () => ({}),
      ),
    ),
  ).toBeUndefined();
});

test('metadata of another issuer is not believed, and an issuer that is no URL is left alone', async () => {
  const other = await guarded(
    (origin) => [origin, 'nonsense'],
    () => ({ '/.well-known/oauth-authorization-server': { issuer: 'https://other.co', ...dynamic } }),
  );
  expect(await registrationOf(other)).toBeUndefined();
});

test('of many authorization servers three are asked', async () => {
  const many = await guarded(
    (origin) => ['a', 'b', 'c', 'd'].map((path) => `${origin}/${path}`),
    () => ({}),
  );
  expect(await registrationOf(many)).toBeUndefined();
  const asked = many.requests.filter(({ path }) => path.startsWith('/.well-known/oauth-authorization-server/'));
  expect(asked.map(({ path }) => path.at(-1)).sort()).toEqual(['a', 'b', 'c']);
});

test('SS-10 an issuer inside or behind a redirect is not read', async () => {
  const moved = await redirectingUpstream(302, 'https://as.co/');
  running.push(moved);
  const inside = ['https://169.254.169.254', 'https://10.0.0.1', 'file:///etc', new URL(moved.url).origin];
  for (const issuer of inside)
    expect(
      await registrationOf(
        await guarded(
          () => [issuer],
          () => ({}),
        ),
      ),
    ).toBeUndefined();
});
