/** Opens whatever bytes can come from. */
import { Failure } from '../failure';
import { type Locator, parseLocator } from './locator';
import type { Source, SourceOptions } from './source';
import type { UdpStream } from '../../sources/udp';

export { opened, type Source, type SourceOptions, unreadable } from './source';

type Open = (locator: Locator, options: SourceOptions) => Promise<Source>;

const file = (): typeof import('./file') => require('./file') as typeof import('./file');
const device = (): typeof import('./device') => require('./device') as typeof import('./device');

const udp = (): typeof import('./udp') => require('./udp') as typeof import('./udp');

/** Only what is used is loaded. */
const SCHEMES: Record<string, () => Open> = {
  fifo: () => device().openFifo,
  tty: () => device().openTty,
  unix: () => device().openUnix,
  udp: () => udp().openUdp,
  pattern: () => (require('./pattern') as typeof import('./pattern')).openPattern,
  plugin: () => (require('./plugin') as typeof import('./plugin')).openPlugin,
};

/** @throws Failure when it cannot be read, or makes no sense */
export function openSource(text: string, options: SourceOptions): Promise<Source> {
  return checked(text, async () => {
    if (text === '-') return await file().openStandardInput(options);
    const locator = parseLocator(text, Object.keys(SCHEMES));
    if (locator === undefined) return await file().openFile(text, options);
    return await (SCHEMES[locator.scheme] as () => Open)()(locator, options);
  });
}

/** A source whose records have senders. @throws Failure, as `openSource()` */
export function openDatagrams(text: string, options: SourceOptions): Promise<Source & { stream: UdpStream }> {
  const locator = parseLocator(text, ['udp']);
  if (locator === undefined) {
    throw new Failure(
      `${text} has no datagrams: name udp://HOST:PORT, or use slipring copy.\nSee: slipring listen --help`,
      2,
    );
  }
  return checked(text, () => udp().openUdp(locator, options));
}

async function checked<Opened>(text: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open();
  } catch (error) {
    throw asUsage(text, error);
  }
}

/** What the library's own checks say of what was passed on to it is about the command line. */
export function asUsage(text: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const isCheck = code === 'ERR_OUT_OF_RANGE' || code?.startsWith('ERR_INVALID_ARG_') === true;
  return isCheck ? new Failure(`${text}: ${message}.`, 2) : error;
}
