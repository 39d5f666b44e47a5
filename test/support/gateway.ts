import { bootstrapToken } from '../../local/demo/seed.ts';
import { type Gateway, startGateway } from '../../local/gateway.ts';
import type { GatewaySettings } from '../../local/settings.ts';

/** Any JSON object. */
export type Json = Record<string, any>;

/** An HTTP answer, read. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
  readonly text: string;
}

/** A gateway on the local runner, from the synthesized stack, with its first operator. */
export interface TestGateway extends Gateway {
  readonly operatorKey: string;
  /** One request; `key` goes as bearer, `''` sends none. A string body is sent as it is. */
  send(method: string, path: string, key: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Like `send` as the operator; throws when refused. */
  admin(method: string, path: string, body?: unknown): Promise<Json>;
  /** Every line that a function printed so far. */
  readonly lines: readonly string[];
}

/** Starts a gateway in memory and trades its one-time token for the first operator. */
export async function startTestGateway({
  tier,
  ...settings
}: Partial<GatewaySettings> & { readonly tier?: string } = {}): Promise<TestGateway> {
  const lines: string[] = [];
  const gateway = await startGateway({
    assembly: 'cdk.out',
    stack: 'XctGateway-dev',
    onLog: ({ line }) => lines.push(line),
    ...settings,
  });
  const send: TestGateway['send'] = async (method, path, key, body, headers = {}) => {
    const answer = await fetch(gateway.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === '' ? {} : { authorization: `Bearer ${key}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
  };
  const bootstrapped = await send('POST', '/v1/bootstrap', '', { token: await bootstrapToken(gateway) });
  if (bootstrapped.status !== 201) throw new Error(`bootstrap answered ${bootstrapped.status}: ${bootstrapped.text}`);
  const operatorKey: string = bootstrapped.body['key'];
  // Most tests call more than the free tier allows in a day; those of the limits choose their own.
  const { version } = (await send('GET', '/v1/orgs/default', operatorKey)).body;
  await send('PATCH', '/v1/orgs/default', operatorKey, { version, tier: tier ?? 'enterprise' });
  return {
    ...gateway,
    lines,
    operatorKey,
    send,
    admin: async (method, path, body) => {
      const answer = await send(method, path, operatorKey, body);
      if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
      return answer.body;
    },
  };
}

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};
