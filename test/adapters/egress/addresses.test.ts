import { expect, test } from '@jest/globals';
import { isLoopback, isPublic } from '../../../lambdas/adapters/egress/addresses.ts';

const closed = `
0.0.0.0 0.1.2.3 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 169.254.169.254 169.254.170.2 169.254.170.23
169.254.100.1 169.254.79.129 172.16.0.1 172.31.255.255 192.0.0.1 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
192.168.1.1 192.175.48.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
168.63.129.16 100.100.100.200 :: ::1 ::ffff:127.0.0.1 ::ffff:7f00:1 ::ffff:a9fe:a9fe ::ffff:0:127.0.0.1 ::127.0.0.1
::7f00:1 ::a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::169.254.169.254 64:ff9b:1::a9fe:a9fe 100::1 100:0:0:1::1 2001::1
2001:2::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a9fe:a9fe::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254
fd00:ec2::23 fd12:3456::1 fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 4000::1 1000::1 ::fffe:7f00:1 2620:4f:8000::1
`
  .trim()
  .split(/\s+/);
const open = `
8.8.8.8 1.1.1.1 52.94.236.248 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.1 169.253.255.255 192.0.1.1
198.17.255.255 198.20.0.1 223.255.255.255 2606:4700:4700::1111 2600:1f18::1 2a00:1450:4001:80f::200e 2400:cb00::1
2001:4860:4860::8888
`
  .trim()
  .split(/\s+/);

test('SS-03 none of 66 addresses that must never be dialled is public', () => {
  expect(closed).toHaveLength(66);
  expect(closed.filter(isPublic)).toEqual([]);
});

test('addresses beside the closed blocks are public', () => {
  expect(open.filter((address) => !isPublic(address))).toEqual([]);
});

test('what is not an address literal is not public', () => {
  expect(['', 'example.com', '1.2.3', '0x7f000001', '8.8.8.8 ', '2606:4700::1%1'].filter(isPublic)).toEqual([]);
});

test('loopback is two addresses, no more', () => {
  expect(['127.0.0.1', '::1'].every(isLoopback)).toBe(true);
  expect(['127.0.0.2', '::ffff:127.0.0.1', '10.0.0.1'].some(isLoopback)).toBe(false);
});
