/** The upstream: a process that does as little as an MCP server can, so that what stands before it shows. */
import { createServer } from 'node:http';
import { listen } from '../local/listen.ts';
import { answer, type Message } from './answer.ts';
import { answerParent } from './child.ts';

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  // A client of 2025 asks whether there is a stream of what the server has to say unasked.
  if (request.method !== 'POST') return void response.writeHead(405).end();
  let text = '';
  request.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    const message = JSON.parse(text) as Message;
    if (message.id === undefined) return response.writeHead(202).end();
    return response.writeHead(200, { 'content-type': 'application/json' }).end(answer(request.url ?? '', message));
  });
});

answerParent(await listen(server), {});
