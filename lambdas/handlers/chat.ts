import { completions, models as listModels } from '../../contract/chat.ts';
import { callPorts, models, seal, snapshots, worlds } from '../compose.ts';
import { readIdempotencyKey } from '../domain/metering/idempotency.ts';
import type { Refusal } from '../domain/refusal.ts';
import { ok } from '../domain/result.ts';
import { converse } from '../journey/converse.ts';
import { refusalOfFault, renderEnvelope } from '../middleware/answer.ts';
import { logFault, writeCall, writeModel } from '../middleware/observe.ts';
import { on, serve } from '../middleware/serve.ts';

/** 10 s less than a function lives: what is left to say that it took too long. */
const streamLimitMs = 890_000;
/** 110 s: the distribution waits 120 s for the first byte of an answer, which comes at the end where nothing streams. */
const wholeLimitMs = 110_000;

/** Host and port of every URL that leads here. */
const ownHosts = (): readonly string[] => {
  const { PUBLIC_URL, OWN_HOSTS = '' } = process.env;
  return [...OWN_HOSTS.split(','), URL.parse(PUBLIC_URL ?? '')?.host ?? ''].filter((host) => host !== '');
};

/** The chat door: OpenAI's Chat Completions, and the models that there are. */
export const handler = serve(
  [
    on(completions, async ({ caller, headers, header, body, requestId, after }) => {
      const key = readIdempotencyKey(header('idempotency-key'), 'Idempotency-Key');
      if (!key.ok) return key;
      const refuse = (fault: unknown): Refusal => {
        logFault(requestId, completions.path, fault);
        return refusalOfFault(fault);
      };
      const answer = await converse(
        {
          caller,
          headers,
          requestId,
          body,
          idempotencyKey: key.value,
          ownHosts: ownHosts(),
          limitMs: body.stream ? streamLimitMs : wholeLimitMs,
          refuse,
          renderError: (refusal) => renderEnvelope(refusal, requestId).body as object,
        },
        {
          ...callPorts(),
          worlds: worlds(),
          snapshots: snapshots(),
          seal: seal(),
          models: models(),
          account: writeCall,
          accountModel: writeModel,
          after,
        },
      );
      if (!answer.ok || 'stream' in answer.value) return answer;
      const { body: completion, costUsd } = answer.value;
      return ok({ body: completion, headers: { 'x-xct-cost-usd': String(costUsd) } });
    }),
    on(listModels, async () =>
      ok({
        body: {
          object: 'list',
          data: models().names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'xct' })),
        },
      }),
    ),
  ],
  { streaming: true },
);
