/** Tests that need what not every system has. */

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

export const itWithFifos = itWhere(!onWindows, 'Windows has no FIFOs');
export const describeWithFifos = describeWhere(!onWindows, 'Windows has no FIFOs');
