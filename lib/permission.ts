/**
 * Node's permission model (`node --permission`). It guards Node's own calls: what an addon opens passes it by. So what a stream
 * is about to open is asked about here first, and denied as Node denies it.
 */
import { statSync } from 'node:fs';
import path from 'node:path';

import { accessDenied } from './errors';

/** Something that a stream needs to be permitted, and what it is called in the error when it is not. */
export interface Access {
  scope: 'fs.read' | 'fs.write' | 'net';
  resource: string;
  /** For the two of `fs`: the path, as it will be opened. */
  file?: Buffer;
}

/** Older versions of the model say no when they are asked about the network, and let everybody use it. */
function guardsNetwork(): boolean {
  return process.allowedNodeEnvironmentFlags.has('--allow-net');
}

/**
 * A path as it is to be opened. Under the permission model it is the very file that was asked about: absolute, and without the
 * "..", which behind a symbolic link the system would take for another folder than Node does.
 */
export function pinPath(given: string | Buffer): string | Buffer {
  if (!process.permission) return given;
  if (typeof given === 'string') return path.resolve(given);
  // A path may be any bytes; each is a character here.
  const folder = Buffer.from(process.cwd()).toString('latin1');
  return Buffer.from(path.resolve(folder, given.toString('latin1')), 'latin1');
}

/** What a stream needs that connects to a socket when there is one at the path, and opens it otherwise. */
export function deviceAccess(file: Buffer, resource: string): Access[] {
  const reading: Access = { scope: 'fs.read', file, resource };
  if (isPermitted({ scope: 'net', resource }) || !isPermitted(reading)) return [reading];
  return isSocket(file) ? [reading, { scope: 'net', resource }] : [reading];
}

function isSocket(file: Buffer): boolean {
  try {
    return statSync(file).isSocket();
  } catch {
    return false; // what is wrong with the path, opening it will say
  }
}

function isPermitted({ scope, file }: Access): boolean {
  const { permission } = process;
  if (!permission || (scope === 'net' && !guardsNetwork())) return true;
  // @types/node of Node 20 knows neither 'net' nor that a path may be a Buffer.
  return (permission.has as (scope: string, reference?: Buffer) => boolean)(scope, file);
}

/** @throws ERR_ACCESS_DENIED when one of them is not permitted */
export function demand(access: readonly Access[]): void {
  const missing = access.find((one) => !isPermitted(one));
  if (missing) throw accessDenied(missing.scope, missing.resource);
}
