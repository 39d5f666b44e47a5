import type { Answered, Json, TestGateway } from './gateway.ts';

/** What a client sends to a door: with which key, where, and further headers. */
export interface Asking {
  readonly key: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
}

const accept = 'application/json, text/event-stream';

/** One JSON-RPC request of the legacy era, in no session. */
export const legacyRequest = (
  gateway: TestGateway,
  { key, path = '/mcp', headers = {} }: Asking,
  method: string,
  params: Json = {},
): Promise<Answered> =>
  gateway.send(
    'POST',
    path,
    key,
    { jsonrpc: '2.0', id: 1, method, params },
    { accept, 'mcp-protocol-version': '2025-11-25', ...headers },
  );

/** One JSON-RPC request of revision 2026-07-28 with its envelope and the headers that repeat it. */
export const modernRequest = (
  gateway: TestGateway,
  { key, path = '/mcp', headers = {} }: Asking,
  method: string,
  params: Json = {},
): Promise<Answered> =>
  gateway.send(
    'POST',
    path,
    key,
    {
      jsonrpc: '2.0',
      id: 1,
      method,
      params: {
        ...params,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': '2026-07-28',
          'io.modelcontextprotocol/clientCapabilities': {},
          ...params['_meta'],
        },
      },
    },
    {
      accept,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof params['name'] === 'string' ? { 'mcp-name': params['name'] } : {}),
      ...headers,
    },
  );

/** `POST /mcp-rest/tools/call` by full name. */
export const restCall = (
  gateway: TestGateway,
  { key, headers = {} }: Asking,
  name: string,
  args: Json = {},
): Promise<Answered> => gateway.send('POST', '/mcp-rest/tools/call', key, { name, arguments: args }, headers);

/** The names in a list of any door. */
export const namesIn = ({ body }: Answered): string[] =>
  (body['data'] ?? body['tools'] ?? body['result']?.tools ?? []).map(
    (tool: Json) => tool['name'] ?? tool['function'].name,
  );
