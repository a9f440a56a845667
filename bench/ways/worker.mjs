/** Counts the bytes that are posted to it, and tells when it is asked. */
import { parentPort } from 'node:worker_threads';

let bytes = 0;
parentPort.on('message', (message) => {
  if (message !== 'all') return void (bytes += message.length);
  parentPort.postMessage(bytes);
  bytes = 0;
});
