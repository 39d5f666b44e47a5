import { mcpRoutes } from '../../contract/mcp.ts';
import { callPorts, seal, snapshots, worlds } from '../compose.ts';
import { rpcFault } from '../domain/protocol/errors.ts';
import { errorMessage } from '../domain/protocol/jsonrpc.ts';
import { type Refusal, statusOf } from '../domain/refusal.ts';
import { ok } from '../domain/result.ts';
import { notServed, relay } from '../journey/relay.ts';
import { type Answer, refusalOfFault } from '../middleware/answer.ts';
import { logFault, writeCall } from '../middleware/observe.ts';
import { onText, serve } from '../middleware/serve.ts';

/** 10 s less than a function lives: what is left to say that the server was too slow. */
const maxTimeoutMs = 890_000;

/** What ends a request before there is a message to answer: its own HTTP status, a JSON-RPC error without an id. */
const render = (refusal: Refusal, requestId: string): Answer => ({
  status: statusOf(refusal),
  body: errorMessage(null, rpcFault(refusal, requestId).error),
});

/** The MCP doors: Streamable HTTP, both protocol eras on one URL, no session of ours. */
export const handler = serve(
  mcpRoutes.map((route) =>
    onText(route, async ({ caller, header, headers, params, body, requestId, method, after }) => {
      if (method !== 'POST') return ok({ status: 405, headers: { allow: 'POST' }, body: notServed });
      const refuse = (fault: unknown): Refusal => {
        logFault(requestId, route.path, fault);
        return refusalOfFault(fault);
      };
      return ok(
        await relay(
          { caller, header, headers, requestId, text: body, set: params['set'], maxTimeoutMs, refuse },
          { ...callPorts(), worlds: worlds(), snapshots: snapshots(), seal: seal(), account: writeCall, after },
        ),
      );
    }),
  ),
  { streaming: true, render },
);
