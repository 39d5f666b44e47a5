import { chat } from './chat.ts';
import { mcp } from './mcp.ts';
import { rest } from './rest.ts';
import type { Style } from './style.ts';

/** The ways to call a tool, by the name that the journey knows them under. */
export const styles = { rest, mcp, chat } as const satisfies Readonly<Record<string, Style>>;
export type StyleName = keyof typeof styles;
