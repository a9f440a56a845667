import { strict as assert } from 'node:assert';

export function collectGarbage(): void {
  assert.ok(globalThis.gc, 'run with --expose-gc');
  globalThis.gc();
}
