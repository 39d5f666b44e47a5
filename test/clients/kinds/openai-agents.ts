import { MCPServerStreamableHttp } from '@openai/agents';
import { bearer, called, type Kind } from './kind.ts';

/** @openai/agents: the server object that an agent is given; no model is asked. */
export const openaiAgents: Kind = {
  name: '@openai/agents',
  revision: '2026-07-28',
  connect: async ({ url, key }) => {
    const server = new MCPServerStreamableHttp({ url, requestInit: { headers: bearer(key) } });
    await server.connect();
    return {
      list: async () => (await server.listTools()).map(({ name }) => name),
      call: async (name, args) => called(await server.callToolResult(name, args)),
      close: () => server.close(),
    };
  },
};
