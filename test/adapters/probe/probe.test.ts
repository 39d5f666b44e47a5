import { afterEach, expect, test } from '@jest/globals';
import { ProbeReport } from '../../../contract/probe.ts';
import { lambdaProbe } from '../../../lambdas/adapters/probe/probe.ts';
import { handler as probe } from '../../../lambdas/handlers/probe.ts';
import { fickleUpstream, plainTool } from '../../support/fickle.ts';
import { guardedUpstream } from '../../support/upstreams/guarded.ts';
import { legacyUpstream } from '../../support/upstreams/legacy.ts';
import { modernUpstream } from '../../support/upstreams/modern.ts';
import { rawUpstream, redirectingUpstream } from '../../support/upstreams/raw.ts';
import { startRecording } from '../../support/upstreams/record.ts';

/** What the probe reports where it is not asked for definitions. */
const handler = async (event: { readonly url: unknown }) => ProbeReport.parse(await probe(event));

process.env['LOOPBACK_UPSTREAMS'] = 'allow';
const running: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(running.splice(0).map((server) => server.close())));
async function started<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const server = await starting;
  running.push(server);
  return server;
}
/** Answers 401 on the MCP endpoint and `documents` elsewhere. */
const asking = (challenge: string, documents: (origin: string) => Record<string, unknown>) =>
  started(
    rawUpstream((request, response, seen) => {
      const found = documents(`http://${request.headers.host}`)[seen.path];
      if (found) return response.end(JSON.stringify(found));
      if (seen.method === 'GET') return response.writeHead(404).end();
      const shown = challenge.replace('{origin}', `http://${request.headers.host}`);
      return response.writeHead(401, challenge ? { 'www-authenticate': shown } : {}).end();
    }),
  );

test('an open server of either era shows its revision and its tools', async () => {
  const modern = await started(modernUpstream());
  expect(await handler({ url: modern.url })).toMatchObject({
    url: modern.url,
    reachable: true,
    transport: 'streamable-http',
    protocol_versions: ['2026-07-28'],
    auth: { required: false },
    tools: [{ name: 'echo', description: 'Echoes' }, { name: 'add' }, { name: 'fail' }, { name: 'region' }],
    refused_tools: [],
  });
  const legacy = await started(legacyUpstream());
  expect(await handler({ url: legacy.url })).toMatchObject({
    protocol_versions: ['2025-11-25'],
    auth: { required: false },
  });
});

test('no credential is sent, and a server that wants one is reported with its challenge', async () => {
  const guarded = await started(guardedUpstream({ auth_type: 'bearer_token', secret: 'x' }));
  expect(await handler({ url: guarded.url })).toMatchObject({
    reachable: true,
    protocol_versions: [],
    auth: { required: true, challenge: 'Bearer realm="guarded"' },
    tools: [],
    reason: 'The server did not accept the credential.',
  });
  for (const { headers } of guarded.requests) expect(Object.keys(headers)).not.toContain('authorization');
});

test('protected resource metadata is found where the challenge says, or at the well-known places', async () => {
  const metadata = { resource: 'https://a.co/mcp', authorization_servers: ['https://as.co', 7] };
  const found = { authorization_servers: ['https://as.co'] };
  const told = await asking('Bearer resource_metadata="{origin}/meta", scope="a"', () => ({ '/meta': metadata }));
  expect((await handler({ url: told.url })).auth).toMatchObject({
    ...found,
    resource_metadata: told.url.replace('/mcp', '/meta'),
  });
  for (const path of ['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource']) {
    const known = await asking('', () => ({ [path]: metadata }));
    expect((await handler({ url: known.url })).auth).toMatchObject({
      ...found,
      resource_metadata: known.url.replace('/mcp', path),
    });
  }
});

test('SS-10 SS-22 metadata inside, behind a redirect, or of 5 MB is not read', async () => {
  const big = { resource: 'x', padding: 'x'.repeat(5_000_000), authorization_servers: ['https://as.co'] };
  const inside = [
    'https://127.0.0.1/meta',
    'https://169.254.169.254/',
    'https://router.lan/',
    'file:///etc/passwd',
    '',
  ];
  const moved = await started(redirectingUpstream(302, 'https://as.co/'));
  for (const place of [...inside, moved.url, '{origin}/big']) {
    const server = await asking(`Bearer resource_metadata="${place}"`, () => ({ '/big': big }));
    const { auth } = await handler({ url: server.url });
    expect([auth.required, auth.resource_metadata, auth.authorization_servers]).toEqual([true, undefined, undefined]);
  }
});

test('SS-03 SS-08 SS-12 a URL that breaks the egress rules is not reachable, and the rule is named', async () => {
  for (const url of ['http://a.co/', 'https://10.0.0.1/mcp', 'https://a.co:22/', 'file:///etc/passwd', 'x'])
    expect(await handler({ url })).toMatchObject({
      reachable: false,
      reason: expect.stringContaining('cannot be used'),
    });
  await expect(handler({ url: 1 })).rejects.toThrow();
});

test('a server that is down is not reachable', async () => {
  const server = await started(modernUpstream());
  await server.close();
  expect(await handler({ url: server.url })).toMatchObject({
    reachable: false,
    reason: 'The connection to the server failed (ECONNREFUSED).',
  });
});

test('the probe is invoked by its name and its report is read as a stranger’s', async () => {
  let report: unknown = { nonsense: true };
  let failed = false;
  const lambda = await started(
    startRecording((_request, response) =>
      response.writeHead(200, failed ? { 'x-amz-function-error': 'Unhandled' } : {}).end(JSON.stringify(report)),
    ),
  );
  Object.assign(process.env, {
    PROBE_FUNCTION: 'gw-probe',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_LAMBDA: new URL(lambda.url).origin,
  });
  const probe = lambdaProbe();
  await expect(probe.look('https://a.co/')).rejects.toThrow();
  expect(lambda.requests[0]).toMatchObject({
    path: '/2015-03-31/functions/gw-probe/invocations',
    body: '{"url":"https://a.co/"}',
  });
  report = await handler({ url: 'https://10.0.0.1/' });
  expect(await probe.look('https://10.0.0.1/')).toEqual(report);
  failed = true;
  await expect(probe.look('https://a.co/')).rejects.toThrow('The probe failed.');
});

test('asked for definitions, the probe answers all that it could read, numbers with their digits', async () => {
  const digits = '12345678901234567890';
  const upstream = await started(fickleUpstream());
  const schema = (text: string) => ({ type: 'object', properties: { n: { const: text } } });
  upstream.tools = [plainTool('run', { inputSchema: schema('NUMBER') })];
  upstream.rewrite = (text) => text.replace('"NUMBER"', digits);
  const lambda = await started(
    startRecording(async (_request, response, { body }) => response.end(JSON.stringify(await probe(JSON.parse(body))))),
  );
  Object.assign(process.env, { AWS_ENDPOINT_URL_LAMBDA: new URL(lambda.url).origin });
  const seen = await lambdaProbe().read(upstream.url);
  expect(seen).toMatchObject({
    report: { reachable: true, tools: [{ name: 'run' }] },
    definitions: { protocolVersion: '2025-11-25' },
  });
  expect(JSON.stringify(seen.definitions?.snapshot.tools[0]?.inputSchema)).toContain(digits);
});

test('a server that wants a credential shows no definitions', async () => {
  const guarded = await started(guardedUpstream({ auth_type: 'bearer_token', secret: 'x' }));
  expect(await probe({ url: guarded.url, definitions: true })).toEqual({
    report: expect.objectContaining({ reason: 'The server did not accept the credential.', tools: [] }),
  });
});

test('a whole server shows its prompts and resources', async () => {
  const whole = await started(modernUpstream({ whole: true }));
  expect(await handler({ url: whole.url })).toMatchObject({
    prompts: ['greet'],
    resources: ['test://note'],
  });
});
