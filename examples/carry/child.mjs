// One job with one reader, in a process of its own: the peak of its memory belongs to nothing else.
//
// The clock runs while bytes are carried, and nobody hashes meanwhile: SHA-256 is slower than what is measured here, and
// would hide it. What arrived is hashed when the clock has stopped. The copy is there to be hashed; for the other jobs
// the file is carried once more, in the same way, to a receiving end that hashes.
import { jobs } from './jobs.mjs';
import { readers } from './readers.mjs';

let finished = 0;
let current;

/** Makes `stream` the one whose progress is told. */
function watch(stream) {
  finished += current?.bytesRead ?? 0;
  current = stream;
  return stream;
}

async function run({ job, reader, file, chunkSize, copy, ports }) {
  const createReadStream = await readers[reader]();
  // Without a size both readers do what they do by default.
  const options = chunkSize === undefined ? undefined : { highWaterMark: chunkSize };
  const open = () => watch(createReadStream(file, options));
  const { carry, verify } = jobs[job];
  const started = performance.now();
  const bytes = await carry(open, { copy, ports });
  const seconds = (performance.now() - started) / 1000;
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  const sha256 = await verify(open, { copy, ports, watch });
  return { bytes, seconds, peakBytes, sha256 };
}

process.once('message', async (task) => {
  const timer = setInterval(() => process.send({ progress: finished + (current?.bytesRead ?? 0) }), 100);
  const outcome = await run(task).then(
    (result) => ({ result }),
    (error) => ({ error: error.message }),
  );
  clearInterval(timer);
  process.send(outcome, () => process.disconnect());
});
// Done, or the parent is gone: then nobody wants the rest.
process.once('disconnect', () => process.exit());
