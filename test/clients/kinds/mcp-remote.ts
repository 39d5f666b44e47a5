import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { installed } from '../../support/upstreams/child.ts';
import type { Kind } from './kind.ts';
import { openV1 } from './sdk-v1.ts';

/** mcp-remote: what a host that only knows stdio starts as its server, here under the v1 SDK as that host. */
export const mcpRemote = (protocol: 'legacy' | 'auto'): Kind => ({
  name: `mcp-remote --protocol ${protocol}`,
  revision: protocol === 'legacy' ? '2025-11-25' : '2026-07-28',
  connect: ({ url, key, home }) => {
    const header = `Authorization: Bearer ${key}`;
    const args = [url, '--header', header, '--allow-http', '--transport', 'http-only', '--protocol', protocol];
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [installed('mcp-remote/dist/proxy.js'), ...args],
      env: { PATH: process.env['PATH'] ?? '', HOME: home, MCP_REMOTE_CONFIG_DIR: home },
      stderr: 'ignore',
    });
    return openV1(transport as Transport);
  },
});
