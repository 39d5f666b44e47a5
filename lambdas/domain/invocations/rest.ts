import { fullName } from '../names.ts';
import { mcp } from './mcp.ts';
import type { Style } from './style.ts';

/** REST: `{alias}.{tool}`; inside a namespace of one alias the name that MCP has there. */
export const rest: Style = {
  name: (tools, oneServer) =>
    oneServer ? mcp.name(tools, true) : new Map(tools.map((tool) => [fullName(tool), tool])),
};
