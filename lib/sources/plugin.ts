import path from 'node:path';

import { invalidArgType, notJson, pluginStuck, sourceFailed, type NativeFailure } from '../errors';
import {
  optionsObject,
  PLAIN,
  pathForSystem,
  resolvePath,
  resolveStreamOptions,
  type Overflow,
  type ResolvedStreamOptions,
  type StreamOptions,
} from '../options';
import type { Access } from '../permission';
import { type LiveRecordStreamOptions, resolveFraming } from '../records';
import { ByteStream } from '../stream';
import { PATIENCE, type Source, type SourceOptions } from '../ring';

/** The options of {@link createPluginStream} and {@link createStreamFromExternal}. */
export interface PluginStreamOptions extends LiveRecordStreamOptions {
  /**
   * What the plugin gets when it is opened, as JSON: any value that `JSON.stringify()` takes. What it means is for the
   * plugin to say.
   * @defaultValue undefined: the plugin gets nothing
   */
  config?: unknown;
}

/** Every `read` of a plugin gets room for so many bytes, unless somebody asked for another size. */
const DEFAULT_SLOT_SIZE = 64 * 1024;

/** What {@link createPluginStream} and {@link createStreamFromExternal} return. Emits `'ready'` when the plugin is open. */
export class PluginStream extends ByteStream {
  /** The absolute path of the shared library; undefined when the plugin is one of another addon's. */
  readonly library: string | undefined;
  /** The descriptor that the plugin reads from; null before `'ready'`, and when it has none. It stays the plugin's. */
  fd: number | null = null;
  /** From `'ready'` on: what the plugin says it opened, in words. An empty string when it says nothing. */
  name = '';

  /** @internal Use `createPluginStream` or `createStreamFromExternal`. */
  constructor(where: SourceOptions, library: string | undefined, given: PluginStreamOptions) {
    const common = resolvePluginOptions(given);
    const { config } = given;
    const options = {
      ...where,
      ...(config !== undefined && { config: Buffer.from(jsonOf(config)) }),
      slot_size: common.slotSize,
      when_full: whenFull(common.overflow),
    };
    const access: Access[] =
      library === undefined ? [] : [{ scope: 'fs.read', file: where.library as Buffer, resource: library }];
    const source: Source = {
      name: 'plugin',
      options,
      access,
      keepsAlive: 'while open',
      hasRecords: false,
      mayLose: true,
      wholeSlots: false,
      patience: PATIENCE,
      framing: resolveFraming(given, common, true),
    };
    super(source, common);
    this.library = library;
  }

  protected override onOpen(descriptor: number, name: string): void {
    if (descriptor >= 0) this.fd = descriptor;
    this.name = name;
    this.emit('ready');
  }

  protected override toError(failure: NativeFailure): Error {
    return sourceFailed(failure, failure.errno < 0 ? this.library : undefined);
  }

  protected override toStuckError(patience: number): Error {
    return pluginStuck(patience);
  }

  protected override afterStop(_descriptor: number | undefined, callback: (error?: Error | null) => void): void {
    this.fd = null;
    callback();
  }
}

/** What becomes of what a plugin pushes while there is no room: see PushSink::WhenFull in addon/sources/push/sink.h. */
function whenFull(overflow: Overflow): number {
  const [WAIT, LOSE, FAIL] = [0, 1, 2];
  return { block: WAIT, strict: FAIL, 'drop-oldest': LOSE, 'drop-newest': LOSE }[overflow];
}

function jsonOf(config: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(config);
  } catch (cause) {
    throw notJson('options.config', config, cause);
  }
  // What a function or a symbol comes to.
  if (json === undefined) throw notJson('options.config', config);
  return json;
}

/** The options that every stream has, as they are for plugins. */
function resolvePluginOptions(options: StreamOptions): ResolvedStreamOptions {
  return resolveStreamOptions(options, { ...PLAIN, live: true, eager: true, defaultSlotSize: DEFAULT_SLOT_SIZE });
}

/**
 * Runs a plugin: a shared library that exports a `slipring_source` as `slipring_source_v1`, see `slipring/source.h`. It is
 * loaded by the stream's background thread, runs there as the built-in sources do, and is never unloaded. A plugin is
 * native code: a broken one can take the process with it.
 *
 * Slots are of 64 KiB by default, and each `read` gets a whole one. The ring is filled before anybody asks for a chunk. The
 * stream keeps the process alive as long as it is open.
 *
 * @param library - The library's path, relative to the current folder, or its file URL. No list of folders is searched.
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE or ERR_OUT_OF_RANGE for what cannot be right, such as a `config` that
 *   JSON cannot express. All other trouble is an `'error'` event: ERR_SLIPRING_PLUGIN_LOAD, _SYMBOL, _ABI or _TABLE when the
 *   library is no plugin that this version can run, with its `path`; ERR_SLIPRING_PLUGIN_RESULT when it broke the rules of
 *   `slipring/source.h`; ERR_SLIPRING_PLUGIN_STUCK when it has not returned 5 seconds after `destroy()`; the plugin's own as a system error, or ERR_SLIPRING_SOURCE when it gave no errno; ERR_SLIPRING_OVERFLOW when
 *   `overflow` is `'strict'`.
 */
export function createPluginStream(library: string | URL, options?: PluginStreamOptions | null): PluginStream {
  if (typeof library !== 'string' && !(library instanceof URL)) {
    throw invalidArgType('library', 'of type string or an instance of URL', library);
  }
  const given = optionsObject(options);
  const absolute = path.resolve(resolvePath(library, 'library') as string);
  const where = { library: pathForSystem(absolute) };
  return new PluginStream(where, absolute, given);
}
