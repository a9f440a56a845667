/** Tests that need what not every system has. */
import { existsSync } from 'node:fs';
import path from 'node:path';

export const onWindows = process.platform === 'win32';

type Test = (title: string, body: Mocha.AsyncFunc | Mocha.Func) => void;
type Group = (title: string, body: () => void) => void;

/** `it` where it is possible; elsewhere the test is pending, and its title says why. */
export function itWhere(possible: boolean, otherwise: string): Test {
  return (title, body) => void (possible ? it(title, body) : it(`${title} [${otherwise}]`));
}

/** `describe` where it is possible; elsewhere all tests in it are pending, and the title says why. */
export function describeWhere(possible: boolean, otherwise: string): Group {
  return (title, body) => void (possible ? describe(title, body) : describe.skip(`${title} [${otherwise}]`, body));
}

/** Packages of Debian's, and for each what shows that it is there: a program, or a path. */
type Packages = Record<string, string>;

function isThere(proof: string): boolean {
  const folders = path.isAbsolute(proof) ? [''] : (process.env.PATH ?? '').split(path.delimiter);
  return folders.some((folder) => existsSync(path.join(folder, proof)));
}

/** What is still to be installed. In CI that is nothing: there a test fails that does not find what it needs. */
function missing(packages: Packages): string[] {
  if (process.env.CI) return [];
  return Object.keys(packages).filter((name) => !isThere(packages[name] as string));
}

/** `it` where the packages are installed. */
export function itWithPackages(packages: Packages): Test {
  const names = missing(packages);
  return itWhere(names.length === 0, `apt install ${names.join(' ')}`);
}

/** The same where Debian's programs have their options: other systems have programs of the same names. */
export function itWithPackagesOfLinux(packages: Packages): Test {
  return process.platform === 'linux' ? itWithPackages(packages) : itWhere(false, 'Linux only');
}

/** `describe` where the packages are installed. */
export function describeWithPackages(packages: Packages): Group {
  const names = missing(packages);
  return describeWhere(names.length === 0, `apt install ${names.join(' ')}`);
}

export const itWithFifos = itWhere(!onWindows, 'Windows has no FIFOs');
export const describeWithFifos = describeWhere(!onWindows, 'Windows has no FIFOs');
