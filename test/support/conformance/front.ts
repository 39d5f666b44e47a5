import { createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import { closeServer, listen } from '../../../local/listen.ts';

/** A reverse proxy on 127.0.0.1. */
export interface Front {
  readonly url: string;
  /** Says where it leads, as an origin. */
  aim(target: string): void;
  close(): Promise<void>;
}

/**
 * Starts one that gives the headers of every request to `alter`: to add a key, which the official suite does not send,
 * or to see what a client asks for. The rest passes as it is and as it comes, `Host` too; a client that leaves is felt
 * behind it.
 */
export async function openFront(alter: (headers: IncomingHttpHeaders) => IncomingHttpHeaders): Promise<Front> {
  let target = '';
  const server = createServer((incoming, answer) => {
    const { method, url, headers } = incoming;
    const forwarded = send(target + url, { method, headers: alter(headers) });
    forwarded.on('response', (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers).flushHeaders();
      reply.pipe(answer);
    });
    forwarded.on('error', () => answer.destroy());
    answer.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  return {
    url: await listen(server),
    aim: (origin) => {
      target = origin;
    },
    close: () => closeServer(server),
  };
}
