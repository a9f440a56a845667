/** How it goes: what is printed at SIGUSR1. */
import type { Stats } from '../../ring';
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

/** Of all streams that there were. Of those that are closed the ring says nothing any more. */
export function figuresOf(streams: readonly ProducerStream[], { bytes }: Load, begun: number): Figures {
  const seconds = (performance.now() - begun) / SECOND;
  const all = streams.map((stream) => ({ isOpen: !stream.destroyed, ...stream.stats() }));
  const sum = (list: Stats[], name: keyof Stats): number => list.reduce((total, stats) => total + stats[name], 0);
  const open = all.filter(({ isOpen }) => isOpen);
  return {
    seconds,
    bytes,
    rate: bytes / seconds,
    slots: sum(open, 'slots'),
    slotsReady: sum(open, 'slotsReady'),
    producerWaits: sum(all, 'producerWaits'),
    droppedChunks: sum(all, 'droppedChunks'),
    droppedBytes: sum(all, 'droppedBytes'),
    lostFiles: sum(all, 'lostFiles'),
    truncated: sum(all, 'truncated'),
    uncountedLosses: sum(all, 'uncountedLosses'),
  };
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
