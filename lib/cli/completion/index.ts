/** `slipring completion`: the table, as shells take it. */
import type { Arguments } from '../arguments';
import { print } from '../output';
import { bash } from './bash';
import { fish } from './fish';
import { zsh } from './zsh';

const SHELLS: Record<string, () => string> = { bash, zsh, fish };

export function completion(args: Arguments): number {
  const [shell = '', ...more] = args.operands;
  if (!Object.hasOwn(SHELLS, shell) || more.length > 0) throw args.wrong('Name the shell: bash, zsh or fish.');
  print((SHELLS[shell] as () => string)());
  return 0;
}
