import { exposeNames, mcpNameLimit } from '../names.ts';
import type { Style } from './style.ts';

/** MCP: the server's own names where the set is one alias, `{alias}__{tool}` elsewhere. */
export const mcp: Style = {
  name: (tools, oneServer) => exposeNames(tools, { prefixed: !oneServer, limit: mcpNameLimit }),
};
