/**
 * How often to try what depends on chance: a third of `all`, which SLIPRING_TEST_ALL=1 asks for, as `.ci/run --all` does.
 * A race that is there is found by one of many runs of CI.
 */
export function tries(all: number): number {
  return process.env.SLIPRING_TEST_ALL ? all : Math.ceil(all / 3);
}
