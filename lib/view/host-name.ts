/** A host, as it stands in a URL and in a Host header. */
import { isIP } from 'node:net';

export function nameOfHost(host: string): string {
  const plain = host.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  return isIP(plain) === 6 ? `[${plain}]` : plain.toLowerCase();
}
