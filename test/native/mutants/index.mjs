// The faults that scripts/mutants.mjs plants. Each is one that a change could make by mistake, and says which test case
// in which variant of native-build.mjs catches it: [variant, beginning of "file:test case"].
import * as cache from './cache.mjs';
import * as channel from './channel.mjs';
import * as channelBatch from './channel_batch.mjs';
import * as counters from './counters.mjs';
import * as follow from './follow.mjs';
import * as framers from './framers.mjs';
import * as framing from './framing.mjs';
import * as gate from './gate.mjs';
import * as indexRing from './index_ring.mjs';
import * as losses from './losses.mjs';
import * as parking from './parking.mjs';
import * as platform from './platform.mjs';
import * as pump from './pump.mjs';
import * as push from './push.mjs';
import * as pushSink from './push_sink.mjs';
import * as resume from './resume.mjs';
import * as slots from './slots.mjs';
import * as sources from './sources.mjs';
import * as threadCache from './thread_cache.mjs';
import * as udp from './udp.mjs';
import * as writeOut from './write_out.mjs';

export const mutants = [
  indexRing,
  parking,
  gate,
  counters,
  slots,
  channel,
  channelBatch,
  pump,
  losses,
  writeOut,
  sources,
  push,
  pushSink,
  udp,
  platform,
  threadCache,
  follow,
  resume,
  cache,
  framers,
  framing,
].flatMap((part) => part.mutants.map((mutant) => ({ file: part.file, ...mutant })));
