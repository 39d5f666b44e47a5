import { expect, test } from '@jest/globals';
import { config } from '../../gateway.config.ts';
import { readConfig } from '../../lib/config.ts';

const { dev } = config.stages;
const free = config.tiers['free']!;

test('the settings of the project are acceptable', () => {
  expect(readConfig(config)).toEqual(config);
});

test('the free tier is 3 servers and 100 calls a day, and is what a new org gets', () => {
  expect(config.default_tier).toBe('free');
  expect(free).toMatchObject({ servers: 3, calls_per_day: 100 });
});

test('a region may be left out', () => {
  expect(dev.region).toBeUndefined();
  expect(readConfig({ ...config, stages: { ...config.stages, dev: { ...dev, region: 'eu-west-1' } } })).toBeDefined();
});

const withDev = (changes: object) => ({ ...config, stages: { ...config.stages, dev: { ...dev, ...changes } } });
const withFree = (changes: object) => ({ ...config, tiers: { ...config.tiers, free: { ...free, ...changes } } });
const acm = 'arn:aws:acm:us-east-1:111122223333:certificate/x';

test.each([
  ['an unknown setting', { ...config, colour: 'blue' }, 'colour: is no setting'],
  ['an unknown setting of a stage', withDev({ domian: 'x' }), 'stages.dev.domian: is no setting'],
  ['a missing stage', { ...config, stages: { dev } }, 'stages.prod'],
  ['a default tier that is none', { ...config, default_tier: 'gold' }, 'default_tier: is one of the tiers'],
  ['a quota of zero', withFree({ calls_per_day: 0 }), 'tiers.free.calls_per_day'],
  ['a rate of half a request', withFree({ rpm: 0.5 }), 'tiers.free.rpm'],
  ['a tier name with a capital', { ...config, tiers: { ...config.tiers, Gold: free } }, 'tiers.Gold'],
  ['a retention CloudWatch does not know', withDev({ log_retention_days: 8 }), 'stages.dev.log_retention_days'],
  ['a region that is none', withDev({ region: 'europe' }), 'stages.dev.region: is an AWS region'],
  [
    'a certificate of another region',
    withDev({ domain: { name: 'mcp.example.com', certificate_arn: acm.replace('us-east-1', 'eu-west-1') } }),
    'stages.dev.domain.certificate_arn: is the ARN of acm in us-east-1',
  ],
  [
    'a domain with a scheme',
    withDev({ domain: { name: 'https://a.com', certificate_arn: acm } }),
    'stages.dev.domain.name',
  ],
  ['an origin with a path', withDev({ allowed_origins: ['https://app.example.com/'] }), 'stages.dev.allowed_origins.0'],
  ['a wildcard origin', withDev({ allowed_origins: ['*'] }), 'stages.dev.allowed_origins.0'],
  ['a port out of range', { ...config, egress_ports: [8443, 70_000] }, 'egress_ports.1'],
  ['a host name that is an address', { ...config, own_hosts: ['10.0.0.1'] }, 'own_hosts.0'],
])('%s is refused, and the error names it', (_, settings, named) => {
  expect(() => readConfig(settings)).toThrow(named);
});
