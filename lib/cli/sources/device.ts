/** What gives bytes when it likes: FIFOs, serial lines, sockets. */
import { spawnSync } from 'node:child_process';
import { constants, openSync } from 'node:fs';

import { createDeviceStream } from '../../sources/device';
import { Failure } from '../failure';
import { countOf } from '../values';
import { checkQuery, type Locator, numberIn } from './locator';
import { opened, type Source, type SourceOptions, unreadable } from './source';

export function openDevice(
  name: string,
  pathOrFd: string | number,
  options: SourceOptions & { persistent?: boolean },
): Promise<Source> {
  return opened({ name, stream: createDeviceStream(pathOrFd, options) }, 'ready');
}

export function openFifo(locator: Locator, options: SourceOptions): Promise<Source> {
  checkQuery(locator, ['persistent']);
  return openDevice(locator.text, locator.rest, { ...options, persistent: locator.query.has('persistent') });
}

export function openUnix(locator: Locator, options: SourceOptions): Promise<Source> {
  checkQuery(locator, []);
  return openDevice(locator.text, locator.rest, options);
}

/** The descriptor goes to stty: the settings of one that nobody has open may be forgotten. */
function openTerminal(path: string, name: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(name, error);
  }
}

export function openTty(locator: Locator, options: SourceOptions): Promise<Source> {
  checkQuery(locator, ['baud']);
  const baud = numberIn(locator, 'baud', countOf);
  const fd = openTerminal(locator.rest, locator.text);
  const settings = ['raw', '-echo', ...(baud === undefined ? [] : [String(baud)])];
  const { status, error, stderr } = spawnSync('stty', settings, { stdio: [fd, 'ignore', 'pipe'], encoding: 'utf8' });
  if (error) throw new Failure(`${locator.text}: stty, which sets terminals, was not found. Install coreutils.`);
  if (status !== 0) throw new Failure(`${locator.text} cannot be set: ${stderr.trim()}.`);
  return openDevice(locator.text, fd, options);
}
