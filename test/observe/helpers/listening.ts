/** Subscribers of the channels, for as long as a test runs. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { StreamMessage } from 'slipring';

export const NAMES = ['open', 'gap', 'stall', 'rotate', 'error', 'close'] as const;
export type Name = (typeof NAMES)[number];

export interface Heard {
  readonly name: Name;
  readonly message: StreamMessage & Record<string, unknown>;
}

/** Runs `body` with a subscriber of these channels. Returns what was heard meanwhile; `body` sees it as it grows. */
export async function hearing(
  names: readonly Name[],
  body: (heard: Heard[]) => Promise<void>,
  also: (heard: Heard) => void = () => undefined,
): Promise<Heard[]> {
  const heard: Heard[] = [];
  const subscribers = names.map((name) => {
    const listener = (message: unknown, channel: string | symbol): void => {
      const one = { name, message: message as Heard['message'] };
      if (channel === `slipring:stream:${name}`) heard.push(one);
      also(one);
    };
    subscribe(`slipring:stream:${name}`, listener);
    return () => unsubscribe(`slipring:stream:${name}`, listener);
  });
  try {
    await body(heard);
  } finally {
    for (const stop of subscribers) stop();
  }
  return heard;
}

/** What was heard of one stream. */
export function namesOf(heard: readonly Heard[], stream: object): Name[] {
  return heard.filter(({ message }) => message.stream === stream).map(({ name }) => name);
}
