import type { Snapshot } from '../../lambdas/domain/definition.ts';
import { writeJson } from '../../lambdas/domain/protocol/text.ts';
import type { ServerRecord } from '../../lambdas/domain/records.ts';
import { ok, type Result } from '../../lambdas/domain/result.ts';
import type { RelayPorts } from '../../lambdas/journey/methods/method.ts';
import { relay } from '../../lambdas/journey/relay.ts';
import type { UpstreamRefusal, UpstreamRequest, UpstreamTarget } from '../../lambdas/ports/upstream.ts';
import {
  memoryAttempts,
  memoryMeter,
  memorySeal,
  memorySnapshots,
  memoryVault,
  sha256,
  testTiers,
} from '../support/memory.ts';
import { aServer, aWorld, noon, type WorldParts } from '../support/records.ts';

type Json = Record<string, any>;
type Answer = (request: UpstreamRequest, target: UpstreamTarget) => Promise<Result<Json, UpstreamRefusal>> | Json;

/** What servers of these tests have pinned. */
export const aSnapshot: Snapshot = {
  tools: [
    { name: 'echo', inputSchema: { type: 'object' } },
    { name: 'add', inputSchema: { type: 'object' } },
  ],
  prompts: [{ name: 'greet' }, { name: 'a b' }],
  resources: [{ uri: 'test://note', name: 'note' }],
  resource_templates: [{ uriTemplate: 'test://notes/{id}', name: 'notes' }],
  completions: true,
  instructions: 'Say hello first.',
};

/** An active server that offers all that `aSnapshot` has. */
export const offering = (alias: string, given: Partial<ServerRecord> = {}): ServerRecord =>
  aServer({ alias, offers: { prompts: true, resources: true, completions: true }, ...given });

/** What a test may set of a door. */
interface Door extends WorldParts {
  readonly answer?: Answer;
  readonly ports?: Partial<RelayPorts>;
  /** Aliases whose snapshot is not there. */
  readonly lost?: readonly string[];
}

/** A request as a test writes it. */
interface Asking {
  readonly set?: string;
  readonly modern?: boolean;
  readonly headers?: Record<string, string>;
  readonly keyId?: string;
}

/** An MCP door on ports in memory: every server is granted unless told; `sent` is what went upstream. */
export function openDoor({ answer = () => ({ content: [] }), ports = {}, lost = [], ...parts }: Door = {}) {
  const snapshots = memorySnapshots();
  const servers = parts.servers ?? [offering('docs'), offering('wiki')];
  for (const { alias, org_id, snapshot_hash } of servers)
    if (!lost.includes(alias)) snapshots.stored.set(`${org_id}/${snapshot_hash}`, aSnapshot);
  const key = { object_permission: { mcp_servers: ['*'] }, ...parts.key };
  const sent: { request: UpstreamRequest; target: UpstreamTarget }[] = [];
  const lines: Json[] = [];
  const time = { now: noon };
  const meter = memoryMeter();
  const afters: Promise<unknown>[] = [];
  let calls = 0;
  const all: RelayPorts = {
    worlds: { load: async ({ key_id }) => aWorld({ ...parts, servers, key: { ...key, id: key_id } }) },
    snapshots,
    seal: memorySeal(),
    vault: memoryVault(),
    sha256,
    clock: () => time.now,
    meter,
    attempts: memoryAttempts(),
    tiers: testTiers,
    newCallId: () => `call_${String(++calls).padStart(12, '0')}`,
    after: (work) => void afters.push(work),
    account: (line) => void lines.push(line),
    upstream: {
      read: () => Promise.reject(new Error('not asked for here')),
      ask: async (target, request) => {
        sent.push({ request, target });
        const answered = await answer(request, target);
        return 'ok' in answered ? (answered as Result<Json, UpstreamRefusal>) : ok(answered);
      },
    },
    ...ports,
  };

  const ask = (
    method: string,
    params: Json = {},
    { set, modern = true, headers = {}, keyId = 'Key000000001' }: Asking = {},
  ) => {
    const envelope = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const given: Record<string, string | undefined> = {
      'mcp-protocol-version': modern ? '2026-07-28' : '2025-11-25',
      'mcp-method': method,
      'mcp-name': params['name'] ?? params['uri'],
      ...headers,
    };
    const full = modern ? { ...params, _meta: { ...envelope, ...params['_meta'] } } : params;
    return relay(
      {
        caller: { key_id: keyId, org_id: 'default', role: 'member', tier: 'free', lineage: [] },
        headers: Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value ? [[name, [value]]] : []))),
        header: (name) => given[name],
        requestId: 'req-1',
        text: JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: full }),
        set,
        maxTimeoutMs: 890_000,
        refuse: () => ({ code: 'internal_error', message: 'It failed.' }),
      },
      all,
    );
  };
  /** The message that answers a request, as its client reads it. */
  const said = async (...asking: Parameters<typeof ask>): Promise<Json> =>
    JSON.parse(writeJson((await ask(...asking)).body!));
  /** The result of a request; throws what else came. */
  const result = async (...asking: Parameters<typeof ask>): Promise<Json> => {
    const body = await said(...asking);
    if (!body['result']) throw new Error(JSON.stringify(body));
    return body['result'];
  };
  /** The error code of a request, or its result's kind. */
  const code = async (...asking: Parameters<typeof ask>): Promise<unknown> => {
    const body = await said(...asking);
    return body['error']?.code ?? body['result']?.resultType;
  };
  /** The ledger when everything is settled. */
  const ledger = async () => {
    await Promise.all(afters);
    return [...meter.rows.values()];
  };
  return { ask, result, code, sent, lines, time, snapshots, meter, ledger };
}
