/** Time limits, on machines that others use, too. */
import { availableParallelism, loadavg } from 'node:os';

/**
 * What a promised time comes to on this machine, now: more when other programs take their share of the processors, and
 * when a sanitizer slows everything down, which says so by SLIPRING_TEST_PATIENCE.
 */
export function promised(milliseconds: number): number {
  const share = Math.max(1, (loadavg()[0] as number) / availableParallelism());
  return milliseconds * share * Number(process.env.SLIPRING_TEST_PATIENCE ?? 1);
}
