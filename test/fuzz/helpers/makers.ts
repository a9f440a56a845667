/** What is made up: the pattern, plugins, and the source of another addon. */
import { createPatternStream, createPluginStream, createStreamFromExternal } from 'slipring';

import { patternBytes } from '../../helpers/pattern';
import { known, pattern as patternContent, unknown } from './content';
import { ORDINARY, type MakeOrigin } from './origins';
import { hasPlugin, libraryOf, type Place } from './place';
import type { Random } from './random';

const pattern: MakeOrigin = (_place, random) => {
  const seed = random.below(2 ** 32);
  const start = random.of([0, 0, 1, 12_345, 2 ** 34 - 5]);
  const length = random.of([Infinity, 0, 1, 1000, 100_003]);
  const rate = random.of([Infinity, Infinity, 1000, 1_000_000]);
  const isEndless = length === Infinity;
  return {
    ...ORDINARY,
    name: `pattern of ${length} at ${start}`,
    options: { seed, start, length, rate },
    endless: isEndless,
    content: isEndless ? patternContent(seed, start) : knownPattern(seed, start, length),
    create: (options) => createPatternStream(options as never),
  };
};

function knownPattern(seed: number, start: number, length: number) {
  const bytes = patternBytes(seed, start, length);
  return known(() => bytes);
}

const plugin: MakeOrigin = (place, random) => {
  const name = random.of(['pattern', 'pattern', 'push', 'failing', 'slow', 'no-symbol', 'missing']);
  if (name !== 'missing' && !hasPlugin(place, name)) return undefined;
  const [seed, words] = [random.below(2 ** 32), random.below(30_000)];
  const config = name === 'push' ? { count: random.below(500), size: 8 * random.below(2000) } : { seed, words };
  // A slot that is no multiple of 4 ends with fewer bytes, or none: the end.
  return {
    ...ORDINARY,
    name: `plugin ${name}`,
    options: { config, slotSize: random.of([8, 4096, 65_536]) },
    live: true,
    endless: name === 'slow',
    content: name === 'pattern' ? knownPattern(seed, 0, words * 4) : unknown,
    create: (options) => createPluginStream(libraryOf(place, name), options as never),
  };
};

type Addon = Record<'tagged' | 'other' | 'untagged' | 'empty' | 'object', () => unknown>;

let addon: Addon | undefined;

function addonOf(place: Place): Addon {
  if (addon) return addon;
  const module = { exports: {} };
  process.dlopen(module, libraryOf(place, 'addon').replace(/so$/, 'node'));
  return (addon = module.exports as Addon);
}

const external: MakeOrigin = (place: Place, random: Random) => {
  if (!hasPlugin(place, 'pattern')) return undefined;
  const kind = random.of(['tagged', 'tagged', 'other', 'untagged', 'empty', 'object'] as const);
  const given = addonOf(place)[kind]();
  return {
    ...ORDINARY,
    name: `External ${kind}`,
    live: true,
    endless: true,
    content: unknown,
    mayThrow: kind !== 'tagged',
    create: (options) => createStreamFromExternal(given, options as never),
  };
};

export const madeOrigins: MakeOrigin[] = [pattern, pattern, plugin, plugin, external];
