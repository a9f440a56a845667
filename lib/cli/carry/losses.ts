/** What was lost on the way, in words. */
import type { Stats } from '../../ring';
import { showSize } from '../values';

type Losses = Pick<Stats, 'droppedChunks' | 'droppedBytes' | 'lostFiles' | 'truncated' | 'uncountedLosses'>;

export const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** An empty string when all is there. `unit`: what the source has: chunks, records, datagrams. */
export function lossesOf(stats: Losses, unit: string): string {
  const { droppedChunks, droppedBytes, lostFiles, truncated, uncountedLosses } = stats;
  const parts: string[] = [];
  if (droppedChunks > 0) {
    parts.push(plural(droppedChunks, unit) + (droppedBytes > 0 ? ` (${showSize(droppedBytes)})` : ''));
  } else if (droppedBytes > 0) parts.push(showSize(droppedBytes));
  if (lostFiles > 0) parts.push(plural(lostFiles, 'file'));
  if (truncated > 0) parts.push(`the end of ${plural(truncated, unit)}`);
  if (uncountedLosses > 0) parts.push(`an unknown amount, ${plural(uncountedLosses, 'time')}`);
  return parts.join(', ');
}
