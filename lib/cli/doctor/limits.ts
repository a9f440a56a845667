/** Limits of the system that a stream may meet. */
import { readFileSync } from 'node:fs';

import { countOf, showSize } from '../values';

export interface Finding {
  what: string;
  is: string;
  /** What to do about it, when that may be too little. */
  advice?: string | undefined;
}

/** A burst of datagrams of this size should find room. */
const ROOMY_BUFFER = 4 * 1024 * 1024;
/** Each followed file's folder takes an instance, and other programs want some, too. */
const FEW_INSTANCES = 256;
const FEW_FILES = 1024;

/** Of a file of the kernel's. Undefined where there is none. */
function valueOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

const numberOf = (path: string): number | undefined => countOf(valueOf(path) ?? '');

function receiveBuffer(): Finding[] {
  const most = numberOf('/proc/sys/net/core/rmem_max');
  const usual = numberOf('/proc/sys/net/core/rmem_default');
  if (most === undefined || usual === undefined) return [];
  const advice = most < ROOMY_BUFFER ? `for bursts of UDP: sysctl -w net.core.rmem_max=${ROOMY_BUFFER}` : undefined;
  return [{ what: 'receive buffer', is: `${showSize(usual)}, on demand ${showSize(most)}`, advice }];
}

function inotify(): Finding[] {
  const folder = '/proc/sys/fs/inotify/';
  const [instances, watches, queued] = ['max_user_instances', 'max_user_watches', 'max_queued_events'].map((name) =>
    numberOf(folder + name),
  );
  if (instances === undefined || watches === undefined || queued === undefined) return [];
  const advice =
    instances < FEW_INSTANCES
      ? `for many followed files: sysctl -w fs.inotify.max_user_instances=${4 * FEW_INSTANCES}`
      : undefined;
  return [{ what: 'inotify', is: `${instances} instances, ${watches} watches, ${queued} queued events`, advice }];
}

/** The line is `always [madvise] never`. */
function hugePages(): Finding[] {
  const [, mode] = /\[(\w+)\]/.exec(valueOf('/sys/kernel/mm/transparent_hugepage/enabled') ?? '') ?? [];
  if (mode === undefined) return [];
  const advice =
    mode === 'never'
      ? 'large slots are slower without: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled'
      : undefined;
  return [{ what: 'huge pages', is: mode, advice }];
}

function openFiles(): Finding[] {
  const [, soft] = /^Max open files\s+(\d+)/m.exec(valueOf('/proc/self/limits') ?? '') ?? [];
  if (soft === undefined) return [];
  const advice = Number(soft) < FEW_FILES ? `for many streams: ulimit -n ${4 * FEW_FILES}` : undefined;
  return [{ what: 'open files', is: soft, advice }];
}

/** Those that this system has. */
export function findLimits(): Finding[] {
  return [receiveBuffer(), inotify(), hugePages(), openFiles()].flat();
}
