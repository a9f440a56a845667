/** What a view is asked for. */
import { randomBytes } from 'node:crypto';

import { invalidArgType, invalidArgValue } from '../errors';
import { copyOf, validateInteger } from '../options';

/** The options of {@link serveView}. */
export interface ViewOptions {
  /**
   * The address to listen at, or its name. With another one than the loopback's, whoever reaches the machine and has the token sees
   * the view, and whoever sees the traffic sees the token: there is no encryption.
   * @defaultValue '127.0.0.1'
   */
  host?: string | undefined;
  /**
   * The port; 0: one that is free.
   * @defaultValue 0
   */
  port?: number | undefined;
  /**
   * What a request has to know: 16 characters or more, letters, digits, `-` and `_`. A page that is open finds a program that was started
   * again when that has the same port and the same token.
   * @defaultValue A random one
   */
  token?: string | undefined;
}

export interface ResolvedViewOptions {
  host: string;
  port: number;
  token: string;
}

const RANDOM_BYTES = 18;

function validateHost(value: unknown): string {
  if (typeof value !== 'string') throw invalidArgType('options.host', 'of type string', value);
  if (/^[\w.:%-]+$/.test(value)) return value;
  throw invalidArgValue('options.host', "must be an address or a host's name, without brackets or a port", value);
}

function validateToken(value: unknown): string {
  if (typeof value !== 'string') throw invalidArgType('options.token', 'of type string', value);
  if (/^[\w-]{16,256}$/.test(value)) return value;
  // Not the value itself: it is a secret, and this goes to logs.
  throw invalidArgValue(
    'options.token',
    'must be 16 to 256 letters, digits, "-" and "_"',
    `${value.length} characters`,
  );
}

/** The options of `serveView()`, checked, with nothing left open. */
export function resolveViewOptions(given: ViewOptions): ResolvedViewOptions {
  if (typeof given !== 'object' || given === null) throw invalidArgType('options', 'of type object', given);
  const { host = '127.0.0.1', port = 0, token = randomBytes(RANDOM_BYTES).toString('base64url') } = copyOf(given);
  return {
    host: validateHost(host),
    port: validateInteger(port, 'options.port', 0, 65_535),
    token: validateToken(token),
  };
}
