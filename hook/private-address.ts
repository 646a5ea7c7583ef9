import { BlockList, isIP } from 'node:net';

/**
 * Addresses that are not the public internet's: this machine, its networks, what clouds tell their machines, and what
 * stands for an address of those (IANA's registries of special-purpose addresses, RFC 6890).
 */
const special4 = blocks('ipv4', [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  // All of multicast, and what is reserved beyond it.
  '224.0.0.0/3',
  // Where Azure answers its machines; it looks public.
  '168.63.129.16/32',
]);

/** All that is given out on the public internet; within it, tunnels (Teredo, 6to4) and examples are not. */
const public6 = blocks('ipv6', ['2000::/3']);
const special6 = blocks('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

function blocks(family: 'ipv4' | 'ipv6', subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [net = '', bits] = subnet.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
}

/** Whether an IP address is not one of the public internet. What is no address at all counts as private. */
export function isPrivate(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return special4.check(address, 'ipv4');
    case 6:
      // One with a zone, such as fe80::1%eth0, is of this machine's link.
      if (address.includes('%')) return true;
      return !public6.check(address, 'ipv6') || special6.check(address, 'ipv6');
    default:
      return true;
  }
}
