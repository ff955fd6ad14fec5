import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';

/** Finds the address a request came from. */
export type ClientAddress = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * The address of the socket; behind a trusted proxy the nearest address in X-Forwarded-For that is no trusted proxy
 * itself. Whatever a client writes into that header before the first trusted proxy is never looked at.
 */
export function clientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList();
  for (const network of trustedProxies) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  const isTrusted = (address: string): boolean =>
    trusted.check(plain(address), isIPv6(plain(address)) ? 'ipv6' : 'ipv4');
  return ({ headers, socket }) => {
    const direct = socket.remoteAddress ?? '';
    if (trustedProxies.length === 0 || !isTrusted(direct)) return direct;
    const forwarded = [headers['x-forwarded-for']].flat().join(',').split(',');
    const named = forwarded.map((part) => part.trim()).filter(Boolean);
    return named.findLast((address) => !isTrusted(address)) ?? direct;
  };
}

/** IPv4 as sockets that listen on both families write it. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
