import { Agent, request } from 'node:http';

/** An HTTP answer, read. */
export interface Answered {
  readonly status: number;
  readonly text: string;
}

/** One pool for all that this process sends: connections are kept, as the gateway keeps its own. */
const agent = new Agent({ keepAlive: true, maxFreeSockets: 64 });

/** Sends a request and reads its answer; with a body it is a POST of JSON unless `method` says otherwise. */
export function send(
  url: string,
  { method, headers = {}, body }: { method?: string; headers?: Readonly<Record<string, string>>; body?: string },
): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const about = body === undefined ? {} : { 'content-type': 'application/json' };
    const call = request(url, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      agent,
      headers: { ...about, ...headers },
    });
    call.on('error', reject);
    call.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('error', reject).on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    call.end(body);
  });
}

/** Closes all connections. */
export const closeConnections = (): void => agent.destroy();
