import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { bearer, type Kind } from './kind.ts';

/** @langchain/mcp-adapters: tools as LangChain's agents get them. */
export const langchain: Kind = {
  name: '@langchain/mcp-adapters',
  revision: '2025-11-25',
  connect: async ({ url, key }) => {
    const client = new MultiServerMCPClient({
      gateway: { transport: 'http', url, headers: bearer(key), automaticSSEFallback: false },
    });
    const tools = await client.getTools();
    return {
      list: async () => tools.map(({ name }) => name),
      // Throws where the result is an error. One text is answered as a string, or as a block where `_meta` is with it.
      call: async (name, args) => {
        const answer: string | { readonly text: string } = await tools.find((tool) => tool.name === name)?.invoke(args);
        return { text: typeof answer === 'string' ? answer : answer.text, isError: false };
      },
      close: () => client.close(),
    };
  },
};
