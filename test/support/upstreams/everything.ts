import { type ChildUpstream, installed, startChild } from './child.ts';

/** Starts @modelcontextprotocol/server-everything over Streamable HTTP: legacy era, sessions, 13 tools. */
export const everythingUpstream = (): Promise<ChildUpstream> =>
  startChild(() => [installed('@modelcontextprotocol/server-everything/dist/index.js'), 'streamableHttp']);
