import { messageEvent, type Pieces, pingComment } from '../domain/protocol/sse.ts';
import type { Notification } from '../ports/upstream.ts';
import { openLeave } from './leave.ts';
import type { Exchange } from './methods/method.ts';

/** 15 s: how long a client is left without a byte; proxies and API Gateway end what is silent for longer. */
export const pingMs = 15_000;

/** HTTP status and JSON-RPC message, at once or as events; no message answers a notification. */
export interface McpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly stream?: Pieces;
}

/**
 * Answers as plain JSON where the answer comes first, as an event stream where a notification does or 15 s pass: only
 * then is there something to stream. `late` makes the last message of a fault that comes when the stream has begun; an
 * earlier one is thrown.
 */
export async function answerOrStream(
  work: (exchange: Exchange) => Promise<McpAnswer>,
  late: (fault: unknown) => object,
): Promise<McpAnswer> {
  const { signal, leave } = openLeave();
  const begun = Promise.withResolvers<undefined>();
  const early: string[] = [];
  let write = (piece: string): void => void early.push(piece);
  const tell = (notification: Notification): void => {
    write(messageEvent({ jsonrpc: '2.0', ...notification }));
    begun.resolve(undefined);
  };
  const answer = work({ tell, signal });
  const timer = setTimeout(() => begun.resolve(undefined), pingMs);
  const first = await Promise.race([answer, begun.promise]).finally(() => clearTimeout(timer));
  if (first) return first;

  const last = answer.then(({ body }) => body, late);
  return {
    status: 200,
    stream: {
      leave,
      async run(to) {
        for (const piece of early.length === 0 ? [pingComment] : early) to(piece);
        write = to;
        const beat = setInterval(() => to(pingComment), pingMs);
        const body = await last;
        clearInterval(beat);
        if (body !== undefined) to(messageEvent(body));
      },
    },
  };
}
