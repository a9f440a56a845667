/** What the program tells, for as long as there is one: a connection that is made again whenever it ends. */
import type { ViewSnapshot } from 'slipring/view';

const RETRY_MS = 1000;
/** Snapshots come four times a second. */
const SILENCE_MS = 2500;

export interface Listener {
  snapshot(snapshot: ViewSnapshot): void;
  /** Nothing came for a while, although the connection is there. */
  silence(): void;
  /** There is none; `reason`: what the program said of it. */
  gone(reason: 'unreachable' | 'closed' | { refused: string }): void;
}

/** The data of an event, or undefined; `end` is the event that has none. */
function dataOf(event: string): string | undefined {
  return /^data: (.*)$/m.exec(event)?.[1];
}

async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split('\n\n');
    rest = events.pop() ?? '';
    yield* events;
  }
}

/** @returns when it is over, why */
async function listen(url: URL, listener: Listener): Promise<Parameters<Listener['gone']>[0]> {
  const response = await fetch(url);
  if (!response.ok || !response.body) return { refused: (await response.text()).trim() };
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for await (const event of eventsOf(response.body)) {
      if (event.startsWith('event: end')) return 'closed';
      clearTimeout(timer);
      timer = setTimeout(() => listener.silence(), SILENCE_MS);
      const data = dataOf(event);
      if (data !== undefined) listener.snapshot(JSON.parse(data) as ViewSnapshot);
    }
  } finally {
    clearTimeout(timer);
  }
  return 'unreachable';
}

/** Never returns. */
export async function connect(url: URL, listener: Listener): Promise<never> {
  for (;;) {
    // What fetch() throws is that there is nobody.
    listener.gone(await listen(url, listener).catch(() => 'unreachable' as const));
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}
