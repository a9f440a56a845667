/** What the examples are compiled with, as Debian has it. */
import { onLinux } from '../../helpers/process';
import { describeWhere, describeWithPackages } from '../../helpers/where';

/** `describe` on Linux with these packages, and what shows that each is there: a program, or a path. */
export function describeExample(packages: Record<string, string>): ReturnType<typeof describeWhere> {
  return onLinux ? describeWithPackages(packages) : describeWhere(false, 'the examples are for Linux');
}
