/**
 * The ways to read a stream that is only looked at. Each returns how many bytes came in how many chunks, at the end or
 * as soon as `enough` says so.
 */
const never = () => false;

function data(stream, enough = never) {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let chunks = 0;
    stream.on('data', (chunk) => {
      bytes += chunk.length;
      chunks++;
      if (enough()) stream.destroy();
    });
    // 'close' is not waited for: the last byte is what counts. It comes alone when the stream was destroyed.
    for (const event of ['end', 'close']) stream.on(event, () => resolve({ bytes, chunks }));
    stream.on('error', reject);
  });
}

async function forAwait(stream, enough = never) {
  let bytes = 0;
  let chunks = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    chunks++;
    if (enough()) break;
  }
  return { bytes, chunks };
}

async function slots(stream, enough = never) {
  let bytes = 0;
  let chunks = 0;
  for await (const slot of stream.slots()) {
    bytes += slot.data.length;
    chunks++;
    if (enough()) break;
  }
  return { bytes, chunks };
}

export const ways = { data, 'for await': forAwait, 'slots()': slots };

/** The contender that reads `reader` in one of the ways. Contenders of a group are compared with each other. */
export function readIn(way, reader, group = way) {
  return {
    ...reader,
    name: `${reader.name}, ${way}`,
    group,
    run: (context) => ways[way](reader.open(context)),
  };
}
