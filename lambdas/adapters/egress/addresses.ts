import { BlockList, isIP } from 'node:net';

/** A list of address blocks, written as CIDR. */
function blocks(family: 'ipv4' | 'ipv6', cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) {
    const [net = '', prefix] = cidr.split('/');
    list.addSubnet(net, Number(prefix), family);
  }
  return list;
}

/** IANA IPv4 special-purpose registry, multicast and the reserved end, and the host address of Azure. */
const closed4 = blocks('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.31.196.0/24',
  '192.52.193.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '192.175.48.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
]);
/** Global unicast is the only IPv6 space that may be dialled: mapped, translated, local and multicast forms lie outside. */
const open6 = blocks('ipv6', ['2000::/3']);
/** IANA IPv6 special-purpose registry inside global unicast: IETF assignments, documentation, 6to4, AS112. */
const closed6 = blocks('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20', '2620:4f:8000::/48']);

/** Whether an address literal is on the public internet; anything that is not an address, or has a zone, is not. */
export function isPublic(address: string): boolean {
  // A zone id (RFC 4007 §11) only means something for addresses that are not public.
  if (address.includes('%')) return false;
  switch (isIP(address)) {
    case 4:
      return !closed4.check(address, 'ipv4');
    case 6:
      return open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Whether an address is the one loopback address that a local runner's upstreams may use. */
export const isLoopback = (address: string): boolean => address === '127.0.0.1' || address === '::1';
