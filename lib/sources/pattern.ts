import { optionsObject, PLAIN, resolveStreamOptions, validateInteger } from '../options';
import { recordSlotSize, type RecordStreamOptions, resolveFraming } from '../records';
import { ByteStream } from '../stream';
import { ORDINARY } from '../ring';

/** The options of {@link createPatternStream}. */
export interface PatternStreamOptions extends RecordStreamOptions {
  /**
   * Chooses the bytes: 0 to 2^32 - 1.
   * @defaultValue 0
   */
  seed?: number | undefined;
  /**
   * Offset of the first byte: a stream that starts at n equals another of the same seed without its first n bytes.
   * @defaultValue 0
   */
  start?: number | undefined;
  /**
   * How many bytes there are.
   * @defaultValue Infinity
   */
  length?: number | undefined;
  /**
   * Bytes a second at most.
   * @defaultValue Infinity
   */
  rate?: number | undefined;
}

/**
 * A stream of bytes that are a function of `seed` and offset alone, for tests, benchmarks and load. The function is
 * written down in docs/pattern.md, and cheap to check in any language.
 */
export function createPatternStream(options?: PatternStreamOptions | null): ByteStream {
  const given = optionsObject(options);
  const defaultSlotSize = recordSlotSize(given, PLAIN.defaultSlotSize);
  const common = resolveStreamOptions(given, { ...PLAIN, defaultSlotSize });
  const { seed = 0, start = 0, length = Infinity, rate = Infinity } = given;
  return new ByteStream(
    {
      ...ORDINARY,
      name: 'pattern',
      access: [],
      keepsAlive: 'while open',
      framing: resolveFraming(given, common),
      options: {
        seed: validateInteger(seed, 'options.seed', 0, 2 ** 32 - 1),
        start: validateInteger(start, 'options.start', 0),
        ...(length !== Infinity && { length: validateInteger(length, 'options.length', 0) }),
        ...(rate !== Infinity && { rate: validateInteger(rate, 'options.rate', 1) }),
      },
    },
    common,
  );
}
