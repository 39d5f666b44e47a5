import { createMCPClient } from '@ai-sdk/mcp';
import { bearer, called, type Kind } from './kind.ts';

/** @ai-sdk/mcp, the client of Vercel's AI SDK. */
export const aiSdk: Kind = {
  name: '@ai-sdk/mcp',
  revision: '2026-07-28',
  connect: async ({ url, key }) => {
    const client = await createMCPClient({ transport: { type: 'http', url, headers: bearer(key) } });
    return {
      list: async () => Object.keys(await client.tools()),
      call: async (name, args) => called(await client.callTool({ name, arguments: args })),
      close: () => client.close(),
    };
  },
};
