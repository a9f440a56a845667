import Table from 'cli-table3';

const NAMES = {
  copy: 'pipe into a file',
  send: 'pipe into a socket',
  iterate: 'for await',
};

/** The run in the middle, and all its figures: none is put together from several runs. */
function median(results) {
  return results.toSorted((a, b) => a.seconds - b.seconds)[Math.floor((results.length - 1) / 2)];
}

function row({ reader, bytes, seconds, peakBytes }, allSame) {
  return [
    reader,
    bytes.toLocaleString('en'),
    `${seconds.toFixed(3)} s`,
    (bytes / seconds / 1e9).toFixed(2),
    `${(peakBytes / 1e6).toFixed(0)} MB`,
    allSame ? 'same' : 'DIFFERS',
  ];
}

export function printReport({ file, rounds, chunkSize, original, results, jobs, readers }) {
  const table = new Table({
    head: ['job', 'reader', 'bytes', 'time', 'GB/s', 'peak RSS', 'SHA-256'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const job of jobs) {
    for (const reader of readers) {
      const runs = results.filter((result) => result.job === job && result.reader === reader);
      const allSame = runs.every(({ same }) => same);
      table.push([reader === readers[0] ? NAMES[job] : '', ...row(median(runs), allSame)]);
    }
  }
  console.log(`${file}\n${original.bytes.toLocaleString('en')} bytes, SHA-256 ${original.sha256}`);
  console.log(table.toString());
  const size = chunkSize === undefined ? 'the default options of each reader' : `chunks of ${chunkSize} bytes`;
  console.log(
    `Each row is the median of ${rounds} ${rounds === 1 ? 'run' : 'runs'}, each in its own process, with ${size}.\n` +
      'The clock ran while the bytes were carried; every run was hashed after it, and compared with the file.',
  );
}
