import { expect, test } from '@jest/globals';
import { readSettings } from '../../../lambdas/adapters/egress/settings.ts';
import { checkUrl } from '../../../lambdas/adapters/egress/url.ts';

const deployed = readSettings({
  EGRESS_PORTS: '8443, 22,25,6379,9001,0,80',
  OWN_HOSTS: 'gw.acme.com,abc.execute-api.eu-west-1.amazonaws.com',
  PUBLIC_URL: 'https://d111.cloudfront.net',
});
const local = readSettings({
  LOOPBACK_UPSTREAMS: 'allow',
  PUBLIC_URL: 'http://127.0.0.1:4000',
  AWS_LAMBDA_RUNTIME_API: '127.0.0.1:4001',
  AWS_ENDPOINT_URL_SECRETS_MANAGER: 'http://127.0.0.1:4002',
  AWS_ENDPOINT_URL: 'http://localhost:4003/',
  DYNAMODB_ENDPOINT: 'http://127.0.0.1:4004',
});
const passed = (urls: readonly string[], settings = deployed) => urls.filter((url) => checkUrl(url, settings).ok);

test('an https URL on 443, or on a port of the deployment list, passes', () => {
  const urls = ['https://mcp.linear.app/mcp', 'https://a.b.co:443/?x=1', 'https://a.co:8443/', 'https://1.1.1.1/'];
  expect(passed(urls)).toEqual(urls);
});

test('a refusal names the field and the rule', () => {
  expect(checkUrl('http://a.co/', deployed)).toEqual({
    ok: false,
    refusal: { code: 'invalid_request', message: 'The URL cannot be used: only https is allowed.', param: 'url' },
  });
});

test('SS-03 inner addresses in every spelling are refused', () => {
  const hosts =
    '127.0.0.1 0x7f.1 2130706433 017700000001 127.1 ①②⑦.0.0.1 169.254.169.254 [::ffff:127.0.0.1] [::127.0.0.1]';
  const more = '[64:ff9b::a9fe:a9fe] [fd00:ec2::254] [fe80::1%25eth0] [fe80::1%eth0] [::1] [::] 0 0.0.0.0 10.0.0.1';
  expect(passed(`${hosts} ${more}`.split(' ').map((host) => `https://${host}/mcp`))).toEqual([]);
});

test('SS-08 every scheme but https is refused', () => {
  const urls = ['http://a.co/', 'ftp://a.co/', 'file:///etc/passwd', 'gopher://a.co/', 'data:text/plain,x'];
  expect(
    passed([...urls, 'javascript:alert(1)', 'unix:/run/x.sock', 'ws://a.co/', 'wss://a.co/', 'HTTP://a.co']),
  ).toEqual([]);
});

test('SS-09 user info, fragment, backslash, tab, length and private names are refused', () => {
  const bad = [
    'https://u:p@a.co/',
    'https://u@a.co/',
    'https://@a.co/',
    'https://a.co/#x',
    'https://a.co/#',
    'https://a.co\\@b.co/',
    'https:\\\\a.co/',
    'https://a\t.co/',
    'https://a.co/\n',
    ' https://a.co/',
    'https://a.co/ b',
    `https://a.co/${'x'.repeat(2100)}`,
    'https://localhost./',
    'https://localhost/',
    'https://a.co./',
    'https://x.internal/',
    'https://x.Internal/',
    'https://x.local/',
    'https://router.lan/',
    'https://x.home.arpa/',
    'https://x.localhost/',
    'https://intranet/',
    'https://exämple.com/',
    'https:a.co',
    'https:u@a.co',
    'https:///a.co',
    'https:///u@a.co',
    'https:/a.co',
    '//a.co/',
    'https://',
    '',
  ];
  expect(passed(bad)).toEqual([]);
});

test('SS-12 other ports are refused, and the list cannot open 22, 25, 6379, 9001 or 0', () => {
  expect(passed([22, 25, 6379, 9001, 0, 80, 8080, 65_536].map((port) => `https://a.co:${port}/`))).toEqual([]);
});

test('SS-20 CL-20 our own hosts are refused in any case of letters', () => {
  const own = ['https://gw.acme.com/mcp', 'https://GW.acme.com/', 'https://d111.cloudfront.net/everything/mcp/v1'];
  expect(passed([...own, 'https://abc.execute-api.eu-west-1.amazonaws.com/prod/mcp'])).toEqual([]);
});

test('loopback is refused where the deployment does not allow it', () => {
  expect(passed(['http://127.0.0.1:5000/mcp', 'http://localhost:5000/mcp', 'http://[::1]:5000/mcp'])).toEqual([]);
});

test('the local runner reaches loopback, but not our door, the runtime API or an AWS endpoint', () => {
  const upstreams = ['http://127.0.0.1:5000/mcp', 'http://localhost:5000/mcp', 'http://[::1]:5000/mcp'];
  expect(passed(upstreams, local)).toEqual(upstreams);
  const own = [4000, 4001, 4002, 4003, 4004, 80, 22, 9001].flatMap((port) => [
    `http://127.0.0.1:${port}/`,
    `http://localhost:${port}/`,
  ]);
  expect(passed([...own, 'http://127.0.0.2:5000/', 'http://10.0.0.1:5000/', 'https://127.0.0.1:5000/'], local)).toEqual(
    [],
  );
});
