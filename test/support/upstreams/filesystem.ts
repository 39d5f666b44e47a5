import { type ChildUpstream, installed, startChild } from './child.ts';

/** Starts the stdio server @modelcontextprotocol/server-filesystem for `folder` behind mcp-proxy, which speaks both eras. */
export const filesystemUpstream = (folder: string): Promise<ChildUpstream> =>
  startChild((port) => [
    installed('mcp-proxy/dist/bin/mcp-proxy.mjs'),
    '--port',
    String(port),
    '--host',
    '127.0.0.1',
    '--server',
    'stream',
    '--',
    process.execPath,
    installed('@modelcontextprotocol/server-filesystem/dist/index.js'),
    folder,
  ]);
