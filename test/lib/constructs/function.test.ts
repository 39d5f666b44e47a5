import { expect, test } from '@jest/globals';
import { deployed, functionNamed, resources } from '../template.ts';

const template = deployed('dev');
const functions = resources(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => [id, Properties] as const);

test.each(functions)(
  '%s runs on Node 24 and arm64 with 512 MB, and logs JSON to a group of its own',
  (id, properties) => {
    expect(properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 512,
      Handler: 'index.handler',
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: { Ref: expect.stringMatching(new RegExp(`^${id.replace(/Function.*/, '')}Logs`)) },
      },
    });
  },
);

test('every function is traced but the probe, whose role holds nothing but its logs', () => {
  const traced = functions.filter(([, { TracingConfig }]) => TracingConfig?.Mode === 'Active').map(([id]) => id);
  expect(functions.map(([id]) => id).filter((id) => !traced.includes(id))).toEqual([expect.stringMatching(/^Probe/)]);
});

test.each([
  ['authorizer', 5],
  ['tools', 29],
  ['admin', 29],
  ['servers', 29],
  ['bootstrap', 29],
  ['site', 29],
  ['usage', 29],
  ['rollup', 900],
  ['sweep', 900],
  ['reconcile', 900],
  ['probe', 29],
  ['valve', 120],
  ['mcp', 900],
])('%s is ended after %d seconds', (name, seconds) => {
  expect(functionNamed(template, name).Timeout).toBe(seconds);
});

test('no function keeps source maps: they cost 12 ms of every cold start', () => {
  expect(JSON.stringify(template)).not.toContain('source-map');
});

test('the tiers reach the functions that decide by them', () => {
  const { TIERS, DEFAULT_TIER } = functionNamed(template, 'admin').Environment.Variables;
  expect(JSON.parse(TIERS)[DEFAULT_TIER]).toMatchObject({ calls_per_day: 100, servers: 3, keys: 20 });
});
