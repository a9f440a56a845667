/** Messages: chunks that the event loop has read itself. They look like others, but come in an async context of their own. */
import { createHook, executionAsyncId } from 'node:async_hooks';

const contexts = new Set<number>();
createHook({
  init(id, type) {
    if (type === 'slipring.message') contexts.add(id);
  },
}).enable();

/** Whether what is being handed on just now is a message. To be called by a listener for 'data'. */
export function isMessage(): boolean {
  return contexts.has(executionAsyncId());
}
