import { type Route, route } from './route.ts';

const mcp = { fn: 'mcp', access: 'any', dialect: 'mcp', method: 'ANY', metered: false } as const;
/** Streamable HTTP, both protocol eras on one URL; anything but POST is 405. */
const mcpDoor = (path: `/${string}`, summary: string): readonly Route[] => [
  route({ ...mcp, path, method: 'POST', metered: true, summary }) as Route,
  route({ ...mcp, path, summary: 'Anything but POST is 405.' }) as Route,
];
/** The MCP doors. This file knows no zod: the function behind it reads JSON-RPC, not a body of a schema, and starts faster. */
export const mcpRoutes: readonly Route[] = [
  ...mcpDoor('/mcp', 'MCP over Streamable HTTP with everything the caller may use.'),
  ...mcpDoor('/{set}/mcp', 'MCP with the tools of one set only.'),
  ...mcpDoor('/{set}/mcp/v1', 'MCP with the tools of one set only.'),
];
