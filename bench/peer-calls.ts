import { send } from './http.ts';
import { checkEcho, mcpRequest, messageOf, messages } from './messages.ts';
import type { Subject } from './rounds.ts';

/** Makes one call of the echo tool and rejects unless the answer is right. */
export type Call = Subject['call'];

/** The JSON of an answer that may have come as an event stream: the data of its last event. */
export const jsonOf = (text: string): string =>
  text.startsWith('{')
    ? text
    : (text
        .match(/^data: ?(.+)$/gm)
        ?.at(-1)
        ?.replace(/^data: ?/, '') ?? text);

/** A client of 2026-07-28: each request stands alone. */
export function modernCall(url: string, tool: string, more: Readonly<Record<string, string>> = {}): Call {
  const asked = messages.map((_, n) => {
    const { headers, body } = mcpRequest('tools/call', { name: tool, arguments: { message: messageOf(n) } });
    return { headers: { ...headers, ...more }, body };
  });
  return async (n) => {
    const { status, text } = await send(url, asked[n % asked.length]!);
    checkEcho({ status, text: jsonOf(text) }, n);
  };
}

/** A client of 2025-11-25: a session first, then calls in it, each with an id of its own. */
export async function sessionCall(url: string): Promise<Call> {
  const version = '2025-11-25';
  const accept = 'application/json, text/event-stream';
  const ask = (body: object, headers: Readonly<Record<string, string>>) =>
    fetch(url, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', ...body }),
    });
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'bench', version: '1' } };
  const begun = await ask({ id: 'begin', method: 'initialize', params }, {});
  await begun.text();
  const session = begun.headers.get('mcp-session-id') ?? '';
  const headers = { accept, 'mcp-session-id': session, 'mcp-protocol-version': version };
  await (await ask({ method: 'notifications/initialized' }, headers)).text();
  return async (n) => {
    const called = { name: 'echo', arguments: { message: messageOf(n) } };
    const body = JSON.stringify({ jsonrpc: '2.0', id: n, method: 'tools/call', params: called });
    const { status, text } = await send(url, { headers, body });
    checkEcho({ status, text: jsonOf(text) }, n);
  };
}

/** A call by mcp-hub's own REST route. */
export const hubCall =
  (url: string): Call =>
  async (n) => {
    const body = JSON.stringify({ server_name: 'echo', tool: 'echo', arguments: { message: messageOf(n) } });
    checkEcho(await send(`${url}/api/servers/tools`, { body }), n);
  };
