/** Options as users write them: right ones in every shape that an object can have, and wrong ones. */
import { values } from '../../helpers/values';
import { OnPurpose } from './errors';
import type { Random } from './random';

export type Options = Record<string, unknown>;

/** What a `create…()` gets, and whether it is as good as the plain object with the right options. */
export interface Given {
  options: unknown;
  right: boolean;
  /** What can be read of them. */
  effective: Options;
  /** In words. */
  how: string;
}

function fail(): never {
  throw new OnPurpose('an option');
}

function withGetters(options: Options, failing?: string): object {
  const names = failing === undefined ? Object.keys(options) : [...Object.keys(options), failing];
  const made = {};
  for (const name of names) {
    Object.defineProperty(made, name, {
      enumerable: true,
      configurable: true,
      get: name === failing ? fail : () => options[name],
    });
  }
  return made;
}

const SHAPES: Record<string, (options: Options) => object> = {
  plain: (options) => options,
  'without a prototype': (options) => Object.assign(Object.create(null) as object, options),
  frozen: (options) => Object.freeze({ ...options }),
  inherited: (options) => Object.create(options) as object,
  'with getters': (options) => withGetters(options),
  'a proxy': (options) => new Proxy(options, {}),
  'of a class': (options) => Object.assign(new Map(), options),
};

/** All names that there are: also those that mean nothing to the stream at hand. */
const NAMES = [
  ...['slots', 'slotSize', 'highWaterMark', 'signal', 'encoding', 'overflow', 'emitClose', 'autoClose'],
  ...['flags', 'mode', 'start', 'end', 'follow', 'cache', 'persistent', 'seed', 'length', 'rate', 'config', 'fs', 'fd'],
  ...[
    'address',
    'port',
    'type',
    'reuseAddr',
    'reusePort',
    'ipv6Only',
    'recvBufferSize',
    'maxDatagramSize',
    'multicast',
  ],
];

const SIGNALS: Record<string, () => unknown> = {
  'that is none': () => ({ aborted: false }),
  'that is hostile': () => ({ aborted: false, addEventListener: fail, removeEventListener: () => undefined }),
  'whose getter throws': () => withGetters({}, 'aborted'),
  'that is aborted': () => AbortSignal.abort(),
  'that is like an aborted one': () => ({ aborted: true, reason: new OnPurpose('reason') }),
};

/** What is no descriptor: a number may be one of somebody else's. */
const NO_DESCRIPTORS = Object.entries(values).filter(([, value]) => typeof value !== 'number' || value < 0);

function anyValue(random: Random, name?: string): [what: string, value: unknown] {
  return random.of(name === 'fd' ? NO_DESCRIPTORS : Object.entries(values));
}

function wrongOptions(options: Options, random: Random): [how: string, options: unknown, effective: Options] {
  const name = random.of(NAMES);
  switch (random.below(6)) {
    case 0:
      return [`a getter "${name}" that throws`, withGetters(options, name), options];
    case 1: {
      const trap = random.of(['ownKeys', 'get', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'has']);
      return [`a proxy whose ${trap} throws`, new Proxy({ ...options }, { [trap]: fail }), options];
    }
    case 2: {
      const [what, value] = anyValue(random);
      return [`${what} instead of options`, value, {}];
    }
    case 3: {
      const what = random.of(Object.keys(SIGNALS));
      const changed = { ...options, signal: SIGNALS[what]?.() };
      return [`a signal ${what}`, changed, changed];
    }
    default: {
      const [what, value] = anyValue(random, name);
      const changed = { ...options, [name]: value };
      return [`${name}: ${what}`, changed, changed];
    }
  }
}

/** Wrong once in so many times. */
const WRONG = 4;

export function give(options: Options, random: Random): Given {
  if (random.oneIn(WRONG)) {
    const [how, wrong, effective] = wrongOptions(options, random);
    return { options: wrong, right: false, effective, how };
  }
  const how = random.of(Object.keys(SHAPES));
  return { options: (SHAPES[how] as (options: Options) => object)(options), right: true, effective: options, how };
}

/** Right options that every stream has. */
export function commonOptions(random: Random, live: boolean, text: boolean): Options {
  const options: Options = {};
  if (random.oneIn(2)) options.slots = 1 + random.below(8);
  if (random.oneIn(2))
    options[random.of(['slotSize', 'highWaterMark'])] = random.of([1, 7, 100, 4096, 65_536, 300_000]);
  if (random.oneIn(8)) options.emitClose = random.oneIn(2);
  if (random.oneIn(4)) options.autoClose = random.oneIn(2);
  if (random.oneIn(8))
    options.encoding = random.of(['hex', 'latin1', 'base64', 'buffer', null, ...(text ? ['utf8'] : [])]);
  if (live && random.oneIn(3)) options.overflow = random.of(['block', 'drop-oldest', 'drop-newest', 'strict']);
  return options;
}
