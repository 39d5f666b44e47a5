/** The least that an HTTP proxy in Node can be: what any peer in Node that speaks HTTP on both sides pays before it does anything. `node bench/bare-proxy.ts PORT BACKEND` */
import { Agent, createServer, type IncomingMessage, request } from 'node:http';

const [port, backend] = process.argv.slice(2) as [string, string];
const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

function read(message: IncomingMessage, then: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  message.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => then(Buffer.concat(chunks)));
}

createServer({ keepAliveTimeout: 60_000 }, (asked, response) => {
  read(asked, (body) => {
    const { method = 'GET', url = '/', headers } = asked;
    const call = request(backend + url, { method, agent, headers }, (answer) =>
      read(answer, (bytes) =>
        response.writeHead(answer.statusCode ?? 502, { 'content-type': 'application/json' }).end(bytes),
      ),
    );
    call.on('error', () => response.writeHead(502).end()).end(body);
  });
}).listen(Number(port), '127.0.0.1');
