/** What a source is called: `scheme:rest?name=value&…`. */
import { Failure } from '../failure';

export interface Locator {
  /** All of it, as it was given. */
  text: string;
  scheme: string;
  rest: string;
  query: Map<string, string>;
}

/** `schemes` are those that there are; what begins with no such word is a file. */
export function parseLocator(text: string, schemes: readonly string[]): Locator | undefined {
  const [, scheme, rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || !schemes.includes(scheme)) return undefined;
  const mark = rest.indexOf('?');
  if (mark < 0) return { text, scheme, rest, query: new Map() };
  return { text, scheme, rest: rest.slice(0, mark), query: parseQuery(rest.slice(mark + 1)) };
}

/** Not decoded: JSON stays as it was typed. */
function parseQuery(query: string): Map<string, string> {
  // It may have a & in it, and so is the last one.
  const [, before = query, config] = /^(|.*?&)config=(.*)$/s.exec(query) ?? [];
  const pairs = before
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair): [string, string] => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    });
  if (config !== undefined) pairs.push(['config', config]);
  return new Map(pairs);
}

export function wrongLocator({ text }: Locator, why: string): Failure {
  return new Failure(`${text}: ${why}\nSee: slipring copy --help`, 2);
}

/** @throws a usage error when a parameter is none of `known` */
export function checkQuery(locator: Locator, known: readonly string[]): void {
  const strange = [...locator.query.keys()].find((name) => !known.includes(name));
  if (strange === undefined) return;
  const those = known.length === 0 ? 'none' : known.join(', ');
  throw wrongLocator(locator, `there is no parameter "${strange}"; ${locator.scheme}: has ${those}.`);
}

/** A parameter that is a number of some kind. */
export function numberIn(
  locator: Locator,
  name: string,
  convert: (text: string) => number | undefined,
): number | undefined {
  const text = locator.query.get(name);
  if (text === undefined) return undefined;
  const value = convert(text);
  if (value === undefined) throw wrongLocator(locator, `${name} is a number, and not "${text}".`);
  return value;
}
