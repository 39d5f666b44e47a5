import type { Json, TestGateway } from './gateway.ts';

/** An org of a test gateway with its admin. */
export interface TestOrg {
  readonly id: string;
  readonly adminKey: string;
  /** A request as the org's admin; throws when it is refused. */
  admin(method: string, path: string, body?: unknown): Promise<Json>;
  /** Adds a server without authentication unless `fields` say otherwise. */
  server(alias: string, url: string, fields?: Json): Promise<Json>;
  /** Mints a key; `key` is its secret. */
  key(fields?: Json): Promise<Json>;
}

/** A new org of the tier without a narrow valve: nothing of it is in any function's memory yet. */
export async function newOrg(gateway: TestGateway, name = 'an org', fields: Json = {}): Promise<TestOrg> {
  const made = await gateway.admin('POST', '/v1/orgs', { name, tier: 'enterprise', ...fields });
  const adminKey: string = made['admin_key'].key;
  const admin: TestOrg['admin'] = async (method, path, body) => {
    const answer = await gateway.send(method, path, adminKey, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return answer.body;
  };
  return {
    id: made['id'],
    adminKey,
    admin,
    server: (alias, url, given = {}) => admin('POST', '/v1/mcp/server', { alias, url, auth_type: 'none', ...given }),
    key: (given = {}) => admin('POST', '/v1/keys', { name: 'a key', ...given }),
  };
}

/** Longer than what functions keep in memory: five seconds, product §3. */
const patienceMs = 8_000;

/** Asks again until the answer is accepted; throws with the last one when that takes longer than any memory lasts. */
export async function until<T>(ask: () => Promise<T>, accepted: (answer: T) => boolean): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const answer = await ask();
    if (accepted(answer)) return answer;
    if (performance.now() - begun > patienceMs) throw new Error(`never accepted, last: ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
