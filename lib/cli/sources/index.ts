/** Opens whatever bytes can come from. */
import { Failure } from '../failure';
import { type Locator, parseLocator } from './locator';
import type { Source, SourceOptions } from './source';

export { type Source, type SourceOptions, unreadable } from './source';

type Open = (locator: Locator, options: SourceOptions) => Promise<Source>;

const file = (): typeof import('./file') => require('./file') as typeof import('./file');
const device = (): typeof import('./device') => require('./device') as typeof import('./device');

/** Only what is used is loaded. */
const SCHEMES: Record<string, () => Open> = {
  fifo: () => device().openFifo,
  tty: () => device().openTty,
  unix: () => device().openUnix,
  udp: () => (require('./udp') as typeof import('./udp')).openUdp,
  pattern: () => (require('./pattern') as typeof import('./pattern')).openPattern,
  plugin: () => (require('./plugin') as typeof import('./plugin')).openPlugin,
};

/** @throws Failure when it cannot be read, or makes no sense */
export async function openSource(text: string, options: SourceOptions): Promise<Source> {
  try {
    if (text === '-') return await file().openStandardInput(options);
    const locator = parseLocator(text, Object.keys(SCHEMES));
    if (locator === undefined) return await file().openFile(text, options);
    return await (SCHEMES[locator.scheme] as () => Open)()(locator, options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // The library's own checks of what was passed on to it.
    if (code === 'ERR_OUT_OF_RANGE' || code?.startsWith('ERR_INVALID_ARG_'))
      throw new Failure(`${text}: ${message}`, 2);
    throw error;
  }
}
