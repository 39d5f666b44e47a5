import { fileURLToPath } from 'node:url';
import type { GatewaySettings } from '../../../local/settings.ts';
import { startTestGateway } from '../gateway.ts';
import { newOrg } from '../org.ts';
import { openFront } from './front.ts';
import { legacyConformance } from './legacy.ts';
import { modernConformance } from './modern.ts';
import { type Requirements, runSuite, type Verdict } from './suite.ts';

/** One run of the suite: what is asked, of which fixture, directly or through the gateway. */
export interface Run {
  readonly requirements: Requirements;
  readonly upstream: 'modern' | 'legacy';
  readonly through: boolean;
  /** File of expected failures in test/conformance/expected. */
  readonly expected: string;
}

/** All runs: first the fixtures alone, so that what follows measures the gateway. */
export const runs: readonly Run[] = [
  { requirements: '2026-07-28', upstream: 'modern', through: false, expected: 'nothing.yaml' },
  { requirements: '2025-11-25', upstream: 'legacy', through: false, expected: 'nothing.yaml' },
  { requirements: '2026-07-28', upstream: 'modern', through: true, expected: 'nothing.yaml' },
  { requirements: '2026-07-28', upstream: 'legacy', through: true, expected: '2026-07-28-legacy-upstream.yaml' },
  { requirements: '2025-11-25', upstream: 'legacy', through: true, expected: '2025-11-25-legacy-upstream.yaml' },
];

const expectedFile = (name: string): string =>
  fileURLToPath(new URL(`../../conformance/expected/${name}`, import.meta.url));

/** A gateway with both fixtures behind it. */
export interface Bench {
  run(run: Run): Promise<Verdict>;
  close(): Promise<void>;
}

/** Starts the fixtures, the gateway with them as servers `modern` and `legacy`, and the proxy that adds a key with both granted whole. */
export async function openBench(settings: Partial<GatewaySettings> = {}): Promise<Bench> {
  let key = '';
  const proxy = await openFront((headers) => ({ ...headers, authorization: `Bearer ${key}` }));
  const [modern, legacy] = await Promise.all([modernConformance(), legacyConformance()]);
  const fixtures = { modern, legacy };
  // The proxy is the gateway's own host to the suite, which sends it as Origin.
  const gateway = await startTestGateway({ ...settings, env: { PUBLIC_URL: proxy.url } });
  const org = await newOrg(gateway);
  for (const [alias, { url }] of Object.entries(fixtures)) {
    const { refused_tools, refused_offers } = await org.server(alias, url);
    const refused = [...refused_tools, ...refused_offers];
    if (refused.length > 0) throw new Error(`${alias} was not taken whole: ${JSON.stringify(refused)}`);
  }
  key = (await org.key({ object_permission: { mcp_servers: ['modern', 'legacy'] } }))['key'];
  proxy.aim(gateway.url);
  return {
    run: ({ requirements, upstream, through, expected }) =>
      runSuite(through ? `${proxy.url}/${upstream}/mcp` : fixtures[upstream].url, requirements, expectedFile(expected)),
    close: async () => {
      await Promise.all([proxy, gateway, modern, legacy].map((part) => part.close()));
    },
  };
}
