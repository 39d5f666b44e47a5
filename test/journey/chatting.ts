import { ChatBody } from '../../contract/chat.ts';
import { readChunks } from '../../lambdas/domain/chat/chunks.ts';
import type { Refusal } from '../../lambdas/domain/refusal.ts';
import { no, ok, type Result } from '../../lambdas/domain/result.ts';
import type { ChatPorts } from '../../lambdas/journey/chat/talk.ts';
import { converse } from '../../lambdas/journey/converse.ts';
import type { Model } from '../../lambdas/ports/model.ts';
import type { UpstreamRefusal, UpstreamRequest } from '../../lambdas/ports/upstream.ts';
import type { Json } from '../support/gateway.ts';
import { memoryAttempts, memoryMeter, memorySeal, memoryVault, sha256, testTiers } from '../support/memory.ts';
import { choicesOf, chunksOf, usage } from '../support/model.ts';
import { aServer, aWorld, noon, type WorldParts } from '../support/records.ts';

/** What a model does with a request: a reply, a refusal, or the chunks of a stream as they are. */
type Reply = Json | { readonly refuse: Refusal } | { readonly chunks: readonly Json[] };
type Answered = Json | { readonly refuse: UpstreamRefusal };

/** What a test may set of a chat door. */
interface Chat extends WorldParts {
  /** Replies in their order, the last one for good. */
  readonly script?: readonly Reply[] | ((body: Json, n: number) => Reply);
  readonly answer?: (request: UpstreamRequest) => Promise<Answered> | Answered;
  readonly ports?: Partial<ChatPorts>;
}

/** One answer of the door, however it came. */
export interface Talked {
  /** The refusal before the first byte. */
  readonly refusal?: Refusal;
  /** The completion, or what its chunks come together to. */
  readonly body: Json;
  readonly message: Json;
  /** The data of every event but the last `[DONE]`. */
  readonly chunks: readonly Json[];
  readonly text: string;
}

/** Servers of these tests have two tools, `echo` and `add`. */
const tools = ['echo', 'add'].map((name) => ({ name, inputSchema: { type: 'object' } }));

/** What the chunks of an answer come together to, read as a client reads them. */
function assembled(chunks: readonly Json[]): Json {
  const reading = readChunks(() => true);
  for (const chunk of chunks) reading.take(chunk);
  const turn = reading.turn();
  return turn.ok ? (turn.value.completion as Json) : { choices: [{ message: {} }] };
}

/** A chat door on ports in memory: everything is granted unless told. */
export function openChat({ script = [{ content: 'done' }], answer, ports = {}, ...parts }: Chat = {}) {
  const servers = parts.servers ?? [
    aServer({ alias: 'wiki', cost: { default_usd: 0.01 } }),
    aServer({ alias: 'news' }),
  ];
  const key = { object_permission: { mcp_servers: ['*'] }, ...parts.key };
  const asked: Json[] = [];
  const sent: UpstreamRequest[] = [];
  const lines: Json[] = [];
  const modelLines: Json[] = [];
  const faults: unknown[] = [];
  const time = { now: noon };
  let served = 0;
  let calls = 0;
  const reply = (body: Json): Reply => {
    asked.push(structuredClone(body));
    const n = served++;
    return typeof script === 'function' ? script(body, n) : script[Math.min(n, script.length - 1)]!;
  };
  const model: Model = {
    setting: 'test',
    complete: async (body) => {
      const said = reply(body);
      if ('refuse' in said) return no(said.refuse as Refusal);
      return ok({ id: 'm', object: 'chat.completion', model: 'real', choices: choicesOf(said), usage });
    },
    stream: async (body, { signal }, onChunk) => {
      if (signal.aborted) return no({ code: 'upstream_timeout', message: 'Nobody waits.' });
      const said = reply(body);
      if ('refuse' in said) return no(said.refuse as Refusal);
      const chunks = 'chunks' in said ? (said.chunks as Json[]) : [...chunksOf(said), { choices: [], usage }];
      for (const chunk of chunks) onChunk({ id: 'm', model: 'real', object: 'chat.completion.chunk', ...chunk });
      return ok(undefined);
    },
  };
  const all: ChatPorts = {
    worlds: { load: async ({ key_id }) => aWorld({ ...parts, servers, key: { ...key, id: key_id } }) },
    snapshots: { get: async () => ({ tools }), put: async () => {} },
    seal: memorySeal(),
    vault: memoryVault(),
    models: { names: ['test'], find: (name) => (name === 'test' ? model : undefined) },
    sha256,
    clock: () => time.now,
    meter: memoryMeter(),
    attempts: memoryAttempts(),
    tiers: testTiers,
    newCallId: () => `call_${String(++calls).padStart(12, '0')}`,
    after: () => {},
    account: (line) => void lines.push(line),
    accountModel: (line) => void modelLines.push(line),
    upstream: {
      read: () => Promise.reject(new Error('not asked for here')),
      ask: async (_target, request) => {
        sent.push(request);
        const result = (await answer?.(request)) ?? {
          content: [{ type: 'text', text: `ran ${request.params['name']}` }],
        };
        return 'refuse' in result
          ? (no(result['refuse']) as Result<never, UpstreamRefusal>)
          : ok({ resultType: 'complete', ...result });
      },
    },
    ...ports,
  };

  /** Sends a request; a user's "hi" to the model `test` with all of the server `wiki` unless told. */
  function open(given: Json = {}, keyId = 'Key000000001') {
    const body = ChatBody.parse({
      model: 'test',
      messages: [{ role: 'user', content: 'hi' }],
      tools: [{ type: 'mcp', server_label: 'wiki' }],
      ...given,
    });
    return converse(
      {
        caller: { key_id: keyId, org_id: 'default', role: 'member', tier: 'free', lineage: [] },
        headers: {},
        requestId: 'req-1',
        body,
        ownHosts: ['gateway.example.com'],
        limitMs: 60_000,
        refuse: (fault) => {
          faults.push(fault);
          return { code: 'unavailable', message: 'A store did not answer.' };
        },
        renderError: (refusal) => ({ error: refusal }),
      },
      all,
    );
  }

  /** Sends a request and reads its answer to the end. */
  async function ask(given: Json = {}, { keyId }: { readonly keyId?: string } = {}): Promise<Talked> {
    const answered = await open(given, keyId);
    if (!answered.ok) return { refusal: answered.refusal, body: {}, message: {}, chunks: [], text: '' };
    if ('body' in answered.value) {
      const completion = answered.value.body as Json;
      return { body: completion, message: completion['choices'][0].message, chunks: [], text: '' };
    }
    let text = '';
    await answered.value.stream.run((piece) => {
      text += piece;
    });
    const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, one]) => one!);
    const chunks: Json[] = data.filter((one) => one !== '[DONE]').map((one) => JSON.parse(one));
    const whole = assembled(chunks);
    return { body: whole, message: whole['choices'][0].message, chunks, text };
  }
  return { open, ask, asked, sent, lines, modelLines, faults, time };
}
