import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { bearer, called, type Kind } from './kind.ts';

/** @modelcontextprotocol/client, held to the modern era. */
export const sdkV2: Kind = {
  name: '@modelcontextprotocol/client',
  revision: '2026-07-28',
  connect: async ({ url, key }) => {
    const mode = { pin: '2026-07-28' } as const;
    const client = new Client({ name: 'sdk-v2', version: '1' }, { versionNegotiation: { mode } });
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: bearer(key) } }));
    return {
      list: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, args) => called(await client.callTool({ name, arguments: args })),
      close: () => client.close(),
    };
  },
};
