import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { CrossfootError } from '#kernel/errors';

/** Decides which hosts feeds may reach. */
export interface AddressGuard {
  /** Throws FEED_ADDRESS_REFUSED for a host that is named by an address which is not public. */
  check(host: string): void;
  /** Resolves names as usual and refuses those that lead to addresses which are not public, at every connection anew. */
  readonly lookup: LookupFunction;
  /** Whether the operator allows the host by name. */
  allows(host: string): boolean;
}

/** Networks that are this machine, a private network, a cloud's inner address, or nobody's. */
const closed = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, bits, 'ipv4');
const openSix = new BlockList();
openSix.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed.addSubnet(network, bits, 'ipv6');

/** Whether an address can be reached from the whole internet; addresses that carry an IPv4 one in them cannot. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  return family === 6 && openSix.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** Lets feeds reach public addresses and the hosts the operator names. */
export function addressGuard(allowedHosts: readonly string[]): AddressGuard {
  const allowed = new Set(allowedHosts.map(plainHost));
  const allows = (host: string): boolean => allowed.has(plainHost(host));
  return {
    allows,
    check(host) {
      const plain = plainHost(host);
      if (isIP(plain) !== 0 && !allows(plain) && !isPublicAddress(plain)) throw refused(host);
    },
    lookup(host, options, callback) {
      lookUp(host, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
        if (error) return callback(error, '', 0);
        const open = allows(host) ? addresses : addresses.filter(({ address }) => isPublicAddress(address));
        const [first] = open;
        // Sockets hand on what they are given; the type only knows faults of the system.
        if (!first) return callback(refused(host) as Error as NodeJS.ErrnoException, '', 0);
        if (options.all) return callback(null, open);
        return callback(null, first.address, first.family);
      });
    },
  };
}

function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function refused(host: string): CrossfootError {
  return new CrossfootError(
    'FEED_ADDRESS_REFUSED',
    `${host.slice(0, 200)} is no address of the public internet`,
  );
}
