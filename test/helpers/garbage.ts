import { strict as assert } from 'node:assert';

export function collectGarbage(): void {
  assert.ok(globalThis.gc, 'run with --expose-gc');
  globalThis.gc();
}

/** Only what was made a short time ago, and has not lived through this twice. */
export function collectYoung(): void {
  assert.ok(globalThis.gc, 'run with --expose-gc');
  globalThis.gc({ type: 'minor' });
}
