import { isIP } from 'node:net';

/**
 * Whether a `Host` names this machine by an address or by a name that nobody else can give it. A page of another site
 * may let a name of its own point here (DNS rebinding), and then read what this gateway answers.
 *
 * @example isOwnHost('localhost:8080') // true
 * @example isOwnHost('rebound.example:8080') // false
 */
export function isOwnHost(host: string): boolean {
  if (!URL.canParse(`http://${host}`)) return false;
  const { hostname } = new URL(`http://${host}`);
  if (isIP(hostname.replace(/^\[|\]$/g, '')) > 0) return true;
  // No registrar gives out these: names without a dot, and those of RFC 6761 and of containers' hosts.
  return !hostname.includes('.') || /\.(?:localhost|internal)$/.test(hostname);
}
