// Faults in what is made of a loss: its place, and that nobody has counted it.
const pump = 'addon/core/pump/pump.cc';
const handOver = 'addon/core/pump/hand_over.cc';
const losses = 'addon/core/pump/losses.cc';
const device = 'addon/sources/device.cc';
const live = 'addon/platform/posix/live.cc';
const ring = 'addon/sources/push/ring.cc';
const sink = 'addon/sources/push/sink.cc';

const faults = [
  {
    name: 'one that nobody has counted is taken for a number',
    file: losses,
    from: 'chunk.lost != SLIPRING_LOST_UNKNOWN',
    to: 'chunk.lost <= SLIPRING_LOST_UNKNOWN',
    caughtBy: ['plain', 'pump_lost_test:a loss that nobody has counted'],
    why: 'sequence numbers would repeat',
  },
  {
    name: 'the chunk behind one is a message',
    file: losses,
    from: '  untold_ = true;\n  return true;',
    to: '  return true;',
    caughtBy: ['plain', 'pump_message_test:a chunk behind a loss'],
    why: "the 'gap' would come some messages later",
  },
  {
    name: 'a chunk that says so of itself is a message',
    file: handOver,
    from: '  if (is_message && !fits) {',
    to: '  if (false) {',
    caughtBy: ['plain', 'pump_message_test:a chunk that something is missing before'],
    why: "the 'gap' would come one message later",
  },
  {
    name: 'a chunk that something is missing before is left where it was read',
    file: handOver,
    from: '    std::memcpy(channel_.slot(*filling_).data, content.data(), content.size());\n',
    to: '',
    caughtBy: ['plain', 'pump_message_test:a chunk that something is missing before'],
    why: 'its slot would have bytes of before',
  },
  {
    name: 'no chunk is a message any more',
    file: handOver,
    from: '  untold_ = false;\n',
    to: '',
    caughtBy: ['plain', 'pump_message_test:a chunk that something is missing before'],
    why: 'messages would be slow after the first loss',
  },
  {
    name: 'the chunk behind one that came behind a chunk is a message',
    file: losses,
    from: '  untold_ = true;\n  return overflow_',
    to: '  return overflow_',
    caughtBy: ['plain', 'pump_message_test:a chunk behind a message'],
    why: "the 'gap' would come some messages later",
  },
  {
    name: 'one behind a chunk stands before it',
    file: pump,
    from: `  const Next next = hand_over(into.first(used), length, chunk, message);
  return (chunk.flags & SLIPRING_CHUNK_LOSS_FOLLOWS) != 0 ? lose_behind(next) : next;`,
    to: `  const Next next = (chunk.flags & SLIPRING_CHUNK_LOSS_FOLLOWS) != 0 ? lose_behind(Next::kRead) : Next::kRead;
  const Next handed = hand_over(into.first(used), length, chunk, message);
  return next == Next::kFinish ? next : handed;`,
    caughtBy: ['plain', 'pump_lost_test:a loss behind a chunk'],
    why: 'who reads would look for what is missing at a wrong place',
  },
  {
    name: 'strict goes on behind one that came behind a chunk',
    file: losses,
    from: 'overflow_ == Overflow::kStrict && !finished_',
    to: 'false',
    caughtBy: ['plain', "pump_lost_test:with 'strict' a loss behind"],
    why: 'it is what the user chose between',
  },
  {
    name: 'the chunk behind one that was dropped is a message',
    file: handOver,
    from: '  untold_ = true;\n',
    to: '',
    caughtBy: ['plain', 'pump_message_test:a chunk behind one that was dropped'],
    why: "the 'gap' would come some messages later",
  },
  {
    name: 'what the system says ends the stream',
    file: device,
    from: 'if (live_.is_loss(result.error)) {',
    to: 'if (false) {',
    caughtBy: ['plain', 'device_loss_test:records that'],
    why: 'there is more to read',
  },
  {
    name: 'ENOBUFS is no loss',
    file: live,
    from: '(error == ENOBUFS && kind_ == LiveKind::kPackets) || ',
    to: '',
    caughtBy: ['plain', 'device_loss_test:messages that'],
    why: 'there is more to read',
  },
  {
    name: 'EPIPE of the log is no loss',
    file: live,
    from: 'is_kernel_log_ = is_kernel_log(status);',
    to: 'is_kernel_log_ = false;',
    caughtBy: ['plain', 'device_loss_test:records that'],
    why: 'there is more to read',
  },
  {
    name: 'a packet that comes after one stands before it',
    file: device,
    from: '    if (loss_follows()) chunk->flags |= SLIPRING_CHUNK_LOSS_FOLLOWS;\n',
    to: '',
    caughtBy: ['plain', 'device_loss_test:a netlink message that comes'],
    why: 'nobody could tell what may be missing',
  },
  {
    name: 'one is told for ever',
    file: device,
    from: '    held_error_ = 0;\n    return true;',
    to: '    return true;',
    caughtBy: ['plain', 'device_loss_test:messages that'],
    why: "there would be 'gap' events where nothing is missing",
  },
  {
    name: 'one without a number is added up',
    file: ring,
    from: 'countable_chunks(chunks) == SLIPRING_LOST_UNKNOWN',
    to: 'false',
    caughtBy: ['plain', 'push_lost_test:what was lost and not counted'],
    why: 'the sum would be one less',
  },
  {
    name: 'one without a number is told by every entry',
    file: ring,
    from: '  told_.uncounted = uncounted;\n',
    to: '',
    caughtBy: ['plain', 'push_lost_test:what was lost and not counted'],
    why: "there would be 'gap' events where nothing is missing",
  },
  {
    name: 'the end says again what an entry has said',
    file: ring,
    from: '  heard_.uncounted += entry->lost_uncounted;\n',
    to: '',
    caughtBy: ['plain', 'push_lost_test:what was lost and not counted'],
    why: "there would be a 'gap' where nothing is missing",
  },
  {
    name: 'a number hides that more was lost',
    file: sink,
    from: 'if (told_number_) return SLIPRING_NOTHING;',
    to: 'told_number_ = false;',
    caughtBy: ['plain', 'push_lost_test:a sink tells'],
    why: 'who reads would believe that the number is all',
  },
  {
    name: 'bytes are joined over one without a number',
    file: 'addon/sources/push/ring.h',
    from: ' || lost_uncounted != 0;',
    to: ';',
    caughtBy: ['plain', 'push_lost_test:bytes are not joined'],
    why: 'nobody would be told of it',
  },
  {
    name: 'pump: lost files are counted as chunks',
    file: losses,
    from: '  if ((chunk.flags & SLIPRING_CHUNK_LOST_FILES) != 0) return Channel::Lost::kFiles;\n',
    to: '',
    caughtBy: ['plain', 'pump_lost_test:lost files are no chunks'],
    why: 'numbers are missing that no chunk would have had',
  },
];

export const mutants = faults.map(({ name, ...fault }) => ({ name: `losses: ${name}`, ...fault }));
