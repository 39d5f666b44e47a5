/** The gateway as the peers are built: one process, one thread, behind one HTTP server. Every request asks the authorizer and the `mcp` handler. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../local/listen.ts';
import { answerParent } from './child.ts';
import type { GatewayProcess } from './gateway.ts';
import { eventOf, openHandlers } from './in-process.ts';
import { quiet } from './quiet.ts';

quiet();

answerParent(undefined, {
  open: async (gateway: GatewayProcess) => {
    const handlers = await openHandlers(gateway);
    const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
      const body = await text(request);
      const { authorization = '', ...headers } = request.headers as Record<string, string>;
      const caller = await handlers.authorize(authorization.slice('Bearer '.length));
      const answered = await handlers.mcp(eventOf({ method: 'POST', path: request.url!, headers, body }, caller));
      response.writeHead(answered.status, { 'content-type': 'application/json' }).end(answered.text);
    });
    return listen(server);
  },
});
