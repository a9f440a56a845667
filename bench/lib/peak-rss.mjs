import { readFileSync } from 'node:fs';

/** On Linux `maxRSS` starts with what the process that started this one had, so the kernel's own record is better. */
export function peakRss() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
