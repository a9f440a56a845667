/** Tests that need what not every system has. */

export const onWindows = process.platform === 'win32';

type Test = (title: string, body: Mocha.AsyncFunc | Mocha.Func) => void;

/** `it` where it is possible; elsewhere the test is pending, and its title says why. */
export function itWhere(possible: boolean, otherwise: string): Test {
  return (title, body) => void (possible ? it(title, body) : it(`${title} [${otherwise}]`));
}

export const itWithFifos = itWhere(!onWindows, 'Windows has no FIFOs');
