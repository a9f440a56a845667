/** Which names a project may have: those that npm, the files of a source and a function in JavaScript can have at once. */
import { builtinModules } from 'node:module';

import { Failure } from '../failure';

const NAME = /^[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*$/;
/** npm allows no more. */
const LONGEST = 214;

/** Why it cannot be, or undefined when it can. */
function troubleWith(name: string): string | undefined {
  if (!NAME.test(name)) {
    return 'it has to be of lowercase letters, digits and single hyphens or underscores, beginning with a letter';
  }
  if (name.length > LONGEST) return `it has more than ${LONGEST} characters`;
  if (name === 'slipring' || name === 'node_modules' || builtinModules.includes(name)) return 'it is taken';
  return undefined;
}

/** The nearest name that can be; undefined when there is none. */
function suggestion(name: string): string | undefined {
  const near = name
    .normalize('NFKD')
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1-$2')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '');
  return troubleWith(near) === undefined ? near : undefined;
}

/** @throws Failure, with a better name if there is one */
export function checkName(name: string): void {
  const trouble = troubleWith(name);
  if (trouble === undefined) return;
  const near = suggestion(name);
  const better = near === undefined ? '' : ` How about "${near}"?`;
  throw new Failure(`A project cannot be called "${name}": ${trouble}.${better}`, 2);
}

/** The name as a part of that of a function: `my-source` is `MySource`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|[-_])(.)/g, (_, first: string) => first.toUpperCase());
}
