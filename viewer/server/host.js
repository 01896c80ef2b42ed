// @ts-check
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** Names by which containers reach their host (Docker's and Podman's documentation), and the host itself. */
const OWN_NAMES = ['localhost', 'host.docker.internal', 'host.containers.internal'];

/**
 * Whether a request's Host header names this machine. A page of another site whose name was made to lead here (DNS
 * rebinding) sends that name; an address in digits cannot be made to lead elsewhere.
 * @param {string | undefined} header
 * @param {string[]} [names] that this machine has besides
 */
export function isOwnHost(header, names = []) {
  if (!header || !URL.canParse(`http://${header}`)) return false;
  const { hostname: name, username, pathname } = new URL(`http://${header}`);
  if (username || pathname !== '/') return false;
  const known = [...OWN_NAMES, hostname(), ...names].map((one) => one.toLowerCase());
  return isIP(name.replace(/^\[|\]$/g, '')) > 0 || known.includes(name);
}

/**
 * Whether a browser says that another site's page made the request; following a link from there is no such request.
 * @param {import('node:http').IncomingHttpHeaders} headers
 */
export function isForeign({ origin, host, ...headers }) {
  if (origin !== undefined) return origin !== `http://${host}`;
  const isLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return !isLink && /^(cross|same)-site$/.test(String(headers['sec-fetch-site']));
}

/**
 * Whether nobody but this machine can reach the address.
 * @param {string} address
 */
export const isLoopback = (address) =>
  address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));

/**
 * The addresses at which a server that listens on this one is reached.
 * @param {string} address
 * @returns {string[]}
 */
export function addressesOf(address) {
  if (address !== '0.0.0.0' && address !== '::') return [address];
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const families = address === '::' ? ['IPv4', 'IPv6'] : ['IPv4'];
  return all.filter(({ family, internal }) => !internal && families.includes(family)).map((one) => one.address);
}

/**
 * @param {string} address
 * @param {number} port
 */
export const toUrl = (address, port) => `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
