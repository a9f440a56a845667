/** How it goes: what is printed at SIGUSR1. */
import type { ProducerStream } from '../../stream';
import { showSize } from '../values';
import type { Load } from './carry';
import { lossesOf } from './losses';

const SECOND = 1000;

/** At one moment. */
export interface Figures {
  seconds: number;
  bytes: number;
  /** Bytes a second, since the beginning. */
  rate: number;
  slots: number;
  slotsReady: number;
  /** How often the thread found no free slot. */
  producerWaits: number;
  droppedChunks: number;
  droppedBytes: number;
  lostFiles: number;
  truncated: number;
  uncountedLosses: number;
}

export function figuresOf(stream: ProducerStream, { bytes }: Load, begun: number): Figures {
  const stats = stream.stats();
  const seconds = (performance.now() - begun) / SECOND;
  const { slots, slotsReady, producerWaits, droppedChunks, droppedBytes, lostFiles, truncated, uncountedLosses } =
    stats;
  const losses = { droppedChunks, droppedBytes, lostFiles, truncated, uncountedLosses };
  return { seconds, bytes, rate: bytes / seconds, slots, slotsReady, producerWaits, ...losses };
}

/** As one line. */
export function sentenceOf(figures: Figures, unit: string): string {
  const { bytes, seconds, rate, slots, slotsReady, producerWaits } = figures;
  const lost = lossesOf(figures, unit);
  const parts = [
    `${showSize(bytes)} in ${seconds.toFixed(1)} s, ${showSize(rate)}/s`,
    `ring ${slotsReady}/${slots}`,
    `${producerWaits} waits`,
    `lost ${lost === '' ? 'nothing' : lost}`,
  ];
  return parts.join('; ');
}
