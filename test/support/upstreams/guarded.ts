import { createHash } from 'node:crypto';
import { type RunningUpstream, startRecording } from './record.ts';

/** What the upstream demands, in the words of `auth_type` and `auth`. */
export type Demand =
  | { readonly auth_type: 'none' }
  | { readonly auth_type: 'api_key'; readonly secret: string; readonly header?: string; readonly template?: string }
  | { readonly auth_type: 'bearer_token'; readonly secret: string }
  | { readonly auth_type: 'basic'; readonly username: string; readonly password: string };

/** An upstream with one tool, `whoami`, behind an authentication. */
export interface GuardedUpstream extends RunningUpstream {
  /** Demands another credential from now on. */
  rotate(demand: Demand): void;
}

/** The header that satisfies a demand: name in lower case and value. */
function credentialOf(demand: Demand): readonly [name: string, value: string] | undefined {
  switch (demand.auth_type) {
    case 'none':
      return undefined;
    case 'api_key':
      return [
        (demand.header ?? 'x-api-key').toLowerCase(),
        (demand.template ?? '{secret}').replace('{secret}', demand.secret),
      ];
    case 'bearer_token':
      return ['authorization', `Bearer ${demand.secret}`];
    case 'basic':
      return ['authorization', `Basic ${Buffer.from(`${demand.username}:${demand.password}`).toString('base64')}`];
  }
}

/** The hash under which `whoami` names a credential: SHA-256 of the header's value, hex. */
export const credentialHash = (value: string): string => createHash('sha256').update(value).digest('hex');

const tool = { name: 'whoami', description: 'Names the credential by its hash', inputSchema: { type: 'object' } };

/** Starts it. It is stateless and of the legacy era; a wrong or missing credential is 401, and `none` refuses any. */
export async function guardedUpstream(first: Demand): Promise<GuardedUpstream> {
  let demand = first;
  const running = await startRecording((request, response, seen) => {
    const wanted = credentialOf(demand);
    const shown = wanted ? request.headers[wanted[0]] : (request.headers.authorization ?? request.headers['x-api-key']);
    if (shown !== wanted?.[1])
      return response
        .writeHead(401, { 'www-authenticate': 'Bearer realm="guarded"', 'content-type': 'application/json' })
        .end('{"error":"unauthorized"}');
    const { id, method } = JSON.parse(seen.body || '{}');
    if (id === undefined) return response.writeHead(202).end();
    const whoami = { header: wanted?.[0] ?? null, sha256: wanted ? credentialHash(wanted[1]) : null };
    const results: Record<string, unknown> = {
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: {} },
        serverInfo: { name: 'guarded-upstream', version: '1.0.0' },
      },
      'tools/list': { tools: [tool] },
      'tools/call': { content: [{ type: 'text', text: JSON.stringify(whoami) }], structuredContent: whoami },
    };
    const known = results[method];
    const answer = known ? { result: known } : { error: { code: -32601, message: 'Method not found' } };
    return response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ jsonrpc: '2.0', id, ...answer }));
  });
  return {
    ...running,
    rotate: (next) => {
      demand = next;
    },
  };
}
