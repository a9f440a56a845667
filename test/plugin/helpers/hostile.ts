/** Runs a plugin that breaks the rules in a process of its own. */
import { askChild, runChild, type ChildOptions, type Ended } from '../../lifecycle/helpers/child';
import type { HowItEnded } from '../fixtures/hostile';

// Seen from the fixtures of the lifecycle tests, whose helper this is.
const fixture = '../../plugin/fixtures/hostile';

export type { HowItEnded };
export type Doing = 'read' | 'destroy' | 'destroy-ready' | 'exit' | 'destroy-stuck' | 'unref-stuck' | 'exit-stuck';

/** How the stream ended, in a process that has to end by itself, with exit code 0. */
export function run(library: string, what: Doing = 'read', options?: ChildOptions): Promise<HowItEnded> {
  return askChild<HowItEnded>(fixture, [library, what], options);
}

/** How the process ended. */
export function runToItsEnd(library: string, what: Doing = 'read'): Promise<Ended> {
  return runChild(fixture, [library, what]);
}

export const REFUSED = { events: ['error', 'close'], bytes: 0 };
export const FAILED = { events: ['ready', 'error', 'close'], bytes: 0 };
