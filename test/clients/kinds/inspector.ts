import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { installed } from '../../support/upstreams/child.ts';
import { called, type Kind, type Place } from './kind.ts';

const script = installed('@modelcontextprotocol/inspector/clients/launcher/build/index.js');

/** One request, one process. It keeps what it learns in the home directory. */
async function run({ url, key, home }: Place, era: string, ...more: readonly string[]) {
  const fixed = ['--cli', url, '--transport', 'http', '--protocol-era', era, '--format', 'json'];
  const asked = ['--header', `Authorization: Bearer ${key}`, '--method', ...more];
  const env = { ...process.env, HOME: home };
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...fixed, ...asked], { env });
  return JSON.parse(stdout).result;
}

/** The command line of the MCP Inspector in one era. */
export const inspector = (era: 'legacy' | 'modern'): Kind => ({
  name: `@modelcontextprotocol/inspector --cli, ${era} era`,
  revision: era === 'legacy' ? '2025-11-25' : '2026-07-28',
  connect: async (place) => ({
    list: async () => (await run(place, era, 'tools/list')).tools.map((tool: { name: string }) => tool.name),
    call: async (name, args) => {
      const pairs = Object.entries(args).flatMap(([arg, value]) => ['--tool-arg', `${arg}=${value}`]);
      return called(await run(place, era, 'tools/call', '--tool-name', name, ...pairs));
    },
    close: async () => {},
  }),
});
