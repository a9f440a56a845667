/** Bytes for tests and load. */
import { createPatternStream } from '../../sources/pattern';
import { countOf, sizeOf } from '../values';
import { checkQuery, type Locator, numberIn, wrongLocator } from './locator';
import type { Source, SourceOptions } from './source';

export function openPattern(locator: Locator, options: SourceOptions): Promise<Source> {
  checkQuery(locator, ['seed', 'start', 'rate']);
  const total = locator.rest === '' ? undefined : sizeOf(locator.rest);
  if (locator.rest !== '' && total === undefined) {
    throw wrongLocator(locator, `"${locator.rest}" is no number of bytes, such as 500, 64K or 1.5G.`);
  }
  const stream = createPatternStream({
    ...options,
    length: total,
    seed: numberIn(locator, 'seed', countOf),
    start: numberIn(locator, 'start', sizeOf),
    rate: numberIn(locator, 'rate', sizeOf),
  });
  stream.on('error', () => undefined);
  return Promise.resolve({ name: locator.text, stream, total });
}
