/** Errors that nobody catches, on purpose. */

/**
 * Runs `body` and returns what reached `'uncaughtException'` meanwhile, instead of failing the test. `body` sees the list
 * as it grows.
 */
export async function uncaughtDuring(body: (caught: unknown[]) => Promise<void>): Promise<unknown[]> {
  const caught: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => caught.push(error));
  try {
    await body(caught);
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  }
  return caught;
}
