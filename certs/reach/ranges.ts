/**
 * Which addresses may be called on the word of the register: those of the public internet, and those
 * inside only where somebody names the host. Sources: the IANA special-purpose registries of IPv4 and IPv6. Of
 * IPv6 only what is listed as public passes, so that a form nobody thought of does not.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** `public`: anybody's. `inside`: a network of one's own. `never`: no endpoint of an agency is there. */
export type Range = 'public' | 'inside' | 'never';

const listOf = (family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList => {
  const list = new BlockList();
  for (const range of ranges) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), family);
  }
  return list;
};

/** Loopback, private networks, and what providers share among their customers. */
const INSIDE_4 = listOf('ipv4', [
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ...['127.0.0.0/8', '100.64.0.0/10'],
]);
/** Unspecified, link-local (with the metadata of clouds), protocols, examples, relays, tests, multicast, reserved. */
const NEVER_4 = listOf('ipv4', [
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // Metadata of clouds that lies elsewhere.
  ...['100.100.100.200/32', '168.63.129.16/32'],
]);
const INSIDE_6 = listOf('ipv6', ['::1/128', 'fc00::/7']);
const PUBLIC_6 = listOf('ipv6', ['2000::/3']);
/** Teredo and other protocols, examples, 6to4 (an IPv4 address inside), and the metadata of a cloud. */
const NEVER_6 = listOf('ipv6', [
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
  'fd00:ec2::/32',
]);

/**
 * @param address IPv4 or IPv6 as an operating system writes it, without brackets; anything else is `never`.
 * An IPv4 address inside an IPv6 one (mapped, compatible, NAT64, 6to4) is `never`, whichever it is.
 */
export function rangeOf(address: string): Range {
  if (isIPv4(address)) {
    if (NEVER_4.check(address, 'ipv4')) return 'never';
    return INSIDE_4.check(address, 'ipv4') ? 'inside' : 'public';
  }
  // A zone (%eth0) belongs to a link: no endpoint is there.
  if (!isIPv6(address) || address.includes('%')) return 'never';
  if (NEVER_6.check(address, 'ipv6')) return 'never';
  if (INSIDE_6.check(address, 'ipv6')) return 'inside';
  return PUBLIC_6.check(address, 'ipv6') ? 'public' : 'never';
}
