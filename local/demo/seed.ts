import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localClient } from '../aws.ts';
import type { Gateway } from '../gateway.ts';
import { type Everything, startEverything } from './everything.ts';

/** What `.local/demo.json` holds, mode 0600. */
export interface Demo {
  readonly url: string;
  readonly admin_key: string;
  readonly member_key: string;
}

/** Where the demo's upstream listens unless the port is taken. */
const upstreamPort = 4_100;

/** Fills a new gateway through its own routes, as a person would, or takes up what an earlier start made. */
export async function seedDemo(gateway: Gateway, folder: string): Promise<{ demo: Demo; upstream: Everything }> {
  const upstream = await startEverything(upstreamPort);
  try {
    const file = join(folder, 'demo.json');
    const keys = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Demo) : await create(gateway, upstream);
    const demo = { ...keys, url: gateway.url };
    writeFileSync(file, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
    await followUpstream(demo, upstream.url);
    return { demo, upstream };
  } catch (error) {
    upstream.close();
    throw error;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** One management request; throws with the gateway's own words when it is refused. */
async function request(url: string, method: string, path: string, key: string, body?: Fields): Promise<Fields> {
  const answer = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json', ...(key === '' ? {} : { authorization: `Bearer ${key}` }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = (await answer.json()) as Fields;
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(json)}`);
  return json;
}

/** Org `default` (tier `team`), teams `platform` and `web`, server `everything`, an operator key and a member key of `web`. */
async function create(gateway: Gateway, upstream: Everything): Promise<Omit<Demo, 'url'>> {
  const token = await bootstrapToken(gateway);
  const operator = await request(gateway.url, 'POST', '/v1/bootstrap', '', { token, name: 'demo operator' });
  const admin_key = String(operator['key']);
  const send = (method: string, path: string, body?: Fields) => request(gateway.url, method, path, admin_key, body);
  const org = await send('GET', '/v1/orgs/default');
  await send('PATCH', '/v1/orgs/default', { version: org['version'], tier: 'team' });
  await send('POST', '/v1/mcp/server', {
    alias: 'everything',
    name: 'Everything',
    description: 'The reference server of the Model Context Protocol project.',
    url: upstream.url,
    auth_type: 'none',
  });
  await send('POST', '/v1/teams', { name: 'platform' });
  const web = await send('POST', '/v1/teams', { name: 'web', object_permission: { mcp_servers: ['everything'] } });
  const member = await send('POST', '/v1/keys', { name: 'demo member', team_id: web['id'] });
  return { admin_key, member_key: String(member['key']) };
}

/** The token as an operator reads it: by the command that the stack prints. */
export async function bootstrapToken({ outputs, endpoints }: Pick<Gateway, 'outputs' | 'endpoints'>): Promise<string> {
  const secretId = /--secret-id (\S+)/.exec(outputs['BootstrapTokenCommand'] ?? '')?.[1];
  const client = new SecretsManagerClient(localClient(endpoints.secretsManager));
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
  client.destroy();
  return (JSON.parse(SecretString ?? '{}') as { value: string }).value;
}

/** The upstream may listen on another port than at the last start: the server is moved there and pinned again. */
async function followUpstream({ url, admin_key }: Demo, upstreamUrl: string): Promise<void> {
  const list = await request(url, 'GET', '/v1/mcp/server', admin_key);
  const server = (list['data'] as Fields[]).find((row) => row['alias'] === 'everything');
  if (!server || server['url'] === upstreamUrl) return;
  const path = `/v1/mcp/server/${server['id']}`;
  await request(url, 'PATCH', path, admin_key, { version: server['version'], url: upstreamUrl });
  await request(url, 'POST', `${path}/refresh`, admin_key);
}
