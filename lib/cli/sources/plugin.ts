/** A shared library. */
import { createPluginStream } from '../../sources/plugin';
import { checkQuery, type Locator, wrongLocator } from './locator';
import { opened, type Source, type SourceOptions } from './source';

export function openPlugin(locator: Locator, options: SourceOptions): Promise<Source> {
  checkQuery(locator, ['config']);
  const stream = createPluginStream(locator.rest, { ...options, config: configOf(locator) });
  return opened({ name: locator.text, stream }, 'ready');
}

function configOf(locator: Locator): unknown {
  const text = locator.query.get('config');
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw wrongLocator(
      locator,
      `config has to be JSON, such as config={"rate":48000} or config='"text"', and not ${text}`,
    );
  }
}
