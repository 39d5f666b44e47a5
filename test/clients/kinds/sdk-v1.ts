import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { bearer, called, type Kind, type Session } from './kind.ts';

/** Connects a client of @modelcontextprotocol/sdk over any of its transports. */
export async function openV1(transport: Transport): Promise<Session> {
  const client = new Client({ name: 'sdk-v1', version: '1' });
  await client.connect(transport);
  return {
    list: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => called(await client.callTool({ name, arguments: args })),
    close: () => client.close(),
  };
}

/** @modelcontextprotocol/sdk, the client most others are built on. */
export const sdkV1: Kind = {
  name: '@modelcontextprotocol/sdk',
  revision: '2025-11-25',
  connect: ({ url, key }) => {
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: bearer(key) } });
    return openV1(transport as Transport);
  },
};
