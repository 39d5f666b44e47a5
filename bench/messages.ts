import { seeded } from './statistics.ts';

const version = '2026-07-28';

/** What calls carry: texts of a line or two, the same in every run. */
export const messages: readonly string[] = (() => {
  const random = seeded(20261124);
  const words = 'find every open issue about the login page that mentions timeouts and was changed last week'.split(
    ' ',
  );
  return Array.from({ length: 64 }, () =>
    Array.from({ length: 4 + Math.floor(random() * 24) }, () => words[Math.floor(random() * words.length)]).join(' '),
  );
})();

/** The text of call number `n`. */
export const messageOf = (n: number): string => messages[n % messages.length]!;

/** A JSON-RPC request of revision 2026-07-28 and the headers that repeat it. */
export function mcpRequest(
  method: string,
  params: Readonly<Record<string, unknown>>,
): { readonly body: string; readonly headers: Readonly<Record<string, string>> } {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  return {
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
    headers: {
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': version,
      'mcp-method': method,
      ...(typeof params['name'] === 'string' ? { 'mcp-name': params['name'] } : {}),
    },
  };
}

/** Throws unless an answer, REST or MCP, is the tool's own with the text of call `n`. */
export function checkEcho({ status, text }: { readonly status: number; readonly text: string }, n: number): void {
  const answer = JSON.parse(text);
  const said = (answer.result ?? answer).content?.[0]?.text;
  if (status !== 200 || said !== messageOf(n)) throw new Error(`call ${n} answered ${status}: ${text.slice(0, 300)}`);
}
