import { aiSdk } from './ai-sdk.ts';
import { inspector } from './inspector.ts';
import type { Kind } from './kind.ts';
import { langchain } from './langchain.ts';
import { mcpRemote } from './mcp-remote.ts';
import { openaiAgents } from './openai-agents.ts';
import { sdkV1 } from './sdk-v1.ts';
import { sdkV2 } from './sdk-v2.ts';

/** Every client of the matrix (docs/clients.md). */
export const kinds: readonly Kind[] = [
  sdkV1,
  sdkV2,
  inspector('legacy'),
  inspector('modern'),
  mcpRemote('legacy'),
  mcpRemote('auto'),
  aiSdk,
  openaiAgents,
  langchain,
];
