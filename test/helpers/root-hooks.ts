/**
 * Root hooks of mocha. A run in which something failed ends, whatever a failed assertion left open. A run in which all
 * passed is left alone: what it leaves open keeps the process alive, and is seen. What is left to hang has more time where
 * other programs take the processors.
 */
import { promised } from './promised';

/** How long what was left has to end by itself; the report is printed by then, right after the last hook. */
const GRACE_MS = 1000;

type Hooks = Record<'_beforeAll' | '_beforeEach' | '_afterEach' | '_afterAll', Mocha.Hook[]>;

function hasFailed(suite: Mocha.Suite): boolean {
  const { _beforeAll, _beforeEach, _afterEach, _afterAll } = suite as unknown as Hooks;
  const own = [...suite.tests, ..._beforeAll, ..._beforeEach, ..._afterEach, ..._afterAll];
  return own.some((runnable) => runnable.isFailed()) || suite.suites.some(hasFailed);
}

export const mochaHooks: Mocha.RootHookObject = {
  beforeEach(this: Mocha.Context) {
    const test = this.currentTest;
    if (test) test.timeout(promised(test.timeout()));
  },

  afterAll(this: Mocha.Context) {
    const root = this.test?.parent;
    if (root === undefined || !hasFailed(root)) return;
    // It does not keep the process alive itself. Mocha makes the exit code the number of failures, in 'exit'.
    setTimeout(() => {
      console.error('A failed test left something open, which was ended with the process.');
      process.exit(1);
    }, GRACE_MS).unref();
  },
};
