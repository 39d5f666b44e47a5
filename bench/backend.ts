/** The upstream, and the model: a process that does as little as an MCP server and a provider can, so that what stands before them shows. */
import { createServer } from 'node:http';
import { listen } from '../local/listen.ts';
import { answer, type Message } from './answer.ts';
import { answerParent } from './child.ts';
import { modelAnswer } from './model.ts';

/** What a call of the slow server takes. */
const slowMs = 100;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  // A client of 2025 asks whether there is a stream of what the server has to say unasked.
  if (request.method !== 'POST') return void response.writeHead(405).end();
  let text = '';
  request.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    if (request.url?.startsWith('/v1/')) {
      const { type, body } = modelAnswer(text);
      return response.writeHead(200, { 'content-type': type }).end(body);
    }
    const message = JSON.parse(text) as Message;
    if (message.id === undefined) return response.writeHead(202).end();
    const reply = () =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer(request.url ?? '', message));
    if (request.url !== '/slow/mcp' || message.method !== 'tools/call') return reply();
    return setTimeout(reply, slowMs);
  });
});

answerParent(await listen(server), {});
