import { messageEvent, type Pieces, pingComment } from '../domain/protocol/sse.ts';
import type { Notification, Signal } from '../ports/upstream.ts';
import { openLeave } from './leave.ts';
import type { Exchange } from './methods/method.ts';

/** 15 s: how long a client is left without a byte; proxies and API Gateway end what is silent for longer. */
export const pingMs = 15_000;

/** How work speaks before its end. */
export interface Speaking {
  /** Writes a piece of the stream; the first one begins it. */
  write(piece: string): void;
  /** Aborted when the client has left. */
  readonly signal: Signal;
}

/**
 * Lets work end before anything is streamed, so that its end can still choose the HTTP status; streams from its first
 * piece on, or after 15 s. `last` makes the pieces that follow the end of a stream; it never rejects.
 */
export async function endOrStream<E>(
  work: (speaking: Speaking) => Promise<E>,
  last: (end: Promise<E>) => Promise<readonly string[]>,
): Promise<{ readonly end: E } | { readonly stream: Pieces }> {
  const { signal, leave } = openLeave();
  const begun = Promise.withResolvers<undefined>();
  const early: string[] = [];
  let write = (piece: string): void => {
    early.push(piece);
    begun.resolve(undefined);
  };
  const end = work({ write: (piece) => write(piece), signal });
  const timer = setTimeout(() => begun.resolve(undefined), pingMs);
  const first = await Promise.race([begun.promise, end.then((value) => ({ end: value }))]).finally(() =>
    clearTimeout(timer),
  );
  if (first) return first;

  const rest = last(end);
  return {
    stream: {
      leave,
      async run(to) {
        for (const piece of early.length === 0 ? [pingComment] : early) to(piece);
        write = to;
        const beat = setInterval(() => to(pingComment), pingMs);
        for (const piece of await rest) to(piece);
        clearInterval(beat);
      },
    },
  };
}

/** HTTP status and JSON-RPC message, at once or as events; no message answers a notification. */
export interface McpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly stream?: Pieces;
}

/**
 * Answers as plain JSON where the answer comes first, as an event stream where a notification does: only then is there
 * something to stream. `late` makes the last message of a fault that comes when the stream has begun; an earlier one is
 * thrown.
 */
export async function answerOrStream(
  work: (exchange: Exchange) => Promise<McpAnswer>,
  late: (fault: unknown) => object,
): Promise<McpAnswer> {
  const done = await endOrStream(
    ({ write, signal }) =>
      work({
        tell: (notification: Notification) => write(messageEvent({ jsonrpc: '2.0', ...notification })),
        signal,
      }),
    async (answer) => {
      const body = await answer.then((value) => value.body, late);
      return body === undefined ? [] : [messageEvent(body)];
    },
  );
  return 'end' in done ? done.end : { status: 200, stream: done.stream };
}
