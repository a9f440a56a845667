import { invalidArgType } from '../errors';
import { isSourceTable } from '../native';
import { optionsObject } from '../options';
import { PluginStream, type PluginStreamOptions } from './plugin';

/**
 * Runs a source of another addon's, as {@link createPluginStream} does one of a library's.
 *
 * @param external - What the addon made with `napi_create_external` of its `const slipring_source*`, and tagged with
 *   `napi_type_tag_object` as `slipring/source.h` says. It is kept until the stream is closed.
 * @throws ERR_INVALID_ARG_TYPE when it is anything else; otherwise as `createPluginStream`.
 */
export function createStreamFromExternal(external: unknown, options?: PluginStreamOptions | null): PluginStream {
  if (!isSourceTable(external)) {
    throw invalidArgType('external', 'an External that is tagged as a slipring_source', external);
  }
  const given = optionsObject(options);
  return new PluginStream({ table: external }, undefined, given);
}
