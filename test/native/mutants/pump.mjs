// Faults in the producer loop.
export const file = 'addon/core/pump/pump.cc';
const reading = 'addon/core/pump/read.cc';
const handOver = 'addon/core/pump/hand_over.cc';
const fullRing = 'addon/core/pump/full_ring.cc';
const help = 'addon/core/pump/help.cc';

export const mutants = [
  {
    name: 'the source can be cancelled until it is closed',
    from: `  set_cancellable(nullptr);
  source_.close(self);`,
    to: `  source_.close(self);
  set_cancellable(nullptr);`,
    caughtBy: ['address', 'pump_stop_test'],
    why: 'a stop may cancel what is freed',
  },
  {
    name: 'the source can never be cancelled',
    from: '  set_cancellable(self);\n',
    to: '',
    caughtBy: ['plain', 'pump_stop_test'],
    why: 'a blocked read is never woken',
  },
  {
    name: 'cancel does not keep close waiting',
    from: `  stop_helping();
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
`,
    to: '  stop_helping();\n',
    caughtBy: ['thread', 'pump_stop_test'],
    why: 'a stop may cancel what is being freed',
  },
  {
    name: 'the source is cancelled before the stream is being stopped',
    from: `  channel_.stop();
  stop_helping();
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
  if (cancellable_ != nullptr) source_.cancel(cancellable_);`,
    to: `  {
    const std::lock_guard<std::mutex> lock(cancel_mutex_);
    if (cancellable_ != nullptr) source_.cancel(cancellable_);
  }
  channel_.stop();`,
    caughtBy: ['plain', 'pump_stop_test:whoever is cancelled'],
    why: 'the stop looks like a failed read',
  },
  {
    name: 'what a read returns after the stop is published',
    file: reading,
    from: '  if (channel_.stopping()) return Next::kFinish;\n',
    to: '',
    caughtBy: ['plain', 'pump_stop_test:a stop during a read'],
    why: 'a cancelled read would be an error of the stream',
  },
  {
    name: 'a stop looks like the end',
    from: '    outcome_.kind = Outcome::Kind::kStopped;\n',
    to: '',
    caughtBy: ['plain', 'pump_stop_test'],
    why: "'end' would come for data that is not complete",
  },
  {
    name: 'a failed read looks like the end',
    file: reading,
    from: 'if (result < 0) return end_with(Outcome::Kind::kFailed);',
    to: 'if (result < 0) return end_with(Outcome::Kind::kEnded);',
    caughtBy: ['plain', 'pump_test'],
    why: "'end' would come for data that is not complete",
  },
  {
    name: 'the end is announced before the source is closed',
    from: `  source_.close(self);
  channel_.finish(outcome_);`,
    to: `  channel_.finish(outcome_);
  source_.close(self);`,
    caughtBy: ['plain', 'pump_test'],
    why: "'close' would come while the descriptor is open",
  },
  {
    name: 'the source is not closed',
    from: '  source_.close(self);\n',
    to: '',
    caughtBy: ['plain', 'pump_test'],
    why: 'memory and descriptors leak',
  },
  {
    name: 'a source that failed to open is used',
    from: `    channel_.finish(outcome_);
    return;`,
    to: '    channel_.finish(outcome_);',
    caughtBy: ['plain', 'pump_test'],
    why: 'there is no such source',
  },
  {
    name: 'a read finds what the last one left in the error',
    file: reading,
    from: '  outcome_.error = fresh<slipring_error>();\n  if (into',
    to: '  if (into',
    caughtBy: ['plain', 'pump_test'],
    why: 'the header promises a cleared one',
  },
  {
    name: 'a chunk keeps no time of its own',
    file: handOver,
    from: 'slot.timestamp = chunk.timestamp;',
    to: 'slot.timestamp = 0;',
    caughtBy: ['plain', 'pump_test'],
    why: 'a source knows better when its data was there',
  },
  {
    name: 'data that meets a full ring is dropped although a slot is free by now',
    file: fullRing,
    from: '  std::optional<uint32_t> index = channel_.try_acquire();\n  // When',
    to: '  std::optional<uint32_t> index;\n  // When',
    caughtBy: ['plain', 'overflow_test:with drop-newest the chunk after'],
    why: 'more would be lost than the policy says',
  },
  {
    name: 'drop-oldest drops the newest',
    file: fullRing,
    from: '!index && overflow_ == Overflow::kDropOldest',
    to: 'false',
    caughtBy: ['plain', 'overflow_test:drop-oldest keeps'],
    why: 'it is what the user chose between',
  },
  {
    name: 'a batch that met a full ring loses its records',
    from: 'slipring_used_bytes(length, chunk.record_count, chunk.record_size)',
    to: 'length',
    caughtBy: ['plain', 'overflow_test:a batch that met'],
    why: "the table would be another batch's",
  },
  {
    name: 'help rings the bell for its own chunk',
    file: help,
    from: '  channel_.listen(false);\n',
    to: '',
    caughtBy: ['plain', 'pump_help_test:help publishes'],
    why: 'the event loop would be woken for what it has in hand',
  },
  {
    name: 'help that finds nothing leaves nobody listening',
    file: help,
    from: 'if (!help.published) channel_.listen(true);',
    to: '',
    caughtBy: ['plain', 'pump_help_test:help without data'],
    why: 'the consumer would never hear of anything again',
  },
  {
    name: 'help reads while the producer does',
    file: help,
    from: '  if (!lock.owns_lock()) {',
    to: '  if (false) {',
    caughtBy: ['plain', 'pump_help_test:help that finds the producer thread reading'],
    why: 'bytes would change their order',
  },
  {
    name: 'help that meets the end keeps it to itself',
    file: help,
    from: '  if (next == Next::kFinish) source_.cancel(helpable_);\n',
    to: '',
    caughtBy: ['plain', 'pump_help_test:help that meets the end'],
    why: "the producer would wait for ever, and 'end' never come",
  },
  {
    name: 'a small chunk passes those that are ready',
    file: help,
    from: 'channel_.ready_count() > 0 ? std::span<std::byte>() : place',
    to: 'place',
    caughtBy: ['plain', 'pump_message_test:help lets no chunk pass'],
    why: 'bytes would change their order',
  },
  {
    name: 'a chunk of any length is a message',
    file: handOver,
    from: 'std::min(place.size(), kLarge)',
    to: 'place.size()',
    caughtBy: ['plain', 'pump_message_test:a long chunk'],
    why: 'it would be copied once more, and what floods would never be left to the thread',
  },
  {
    name: 'a chunk that does not fit is passed on all the same',
    file: handOver,
    from: 'std::min(place.size(), kLarge)',
    to: 'kLarge',
    caughtBy: ['address', 'pump_message_test:a chunk that does not fit'],
    why: "it would be written over the consumer's memory",
  },
  {
    name: 'a chunk that is passed on is not counted',
    file: handOver,
    from: '  channel_.pass(length, chunk.record_count);\n',
    to: '',
    caughtBy: ['plain', 'pump_message_test:a chunk that fits'],
    why: 'chunks would have wrong numbers',
  },
  {
    name: 'a chunk is read into a place that is shorter than a slot',
    file: handOver,
    from: 'in_pieces_ ? std::min(slot_size, kLarge) : slot_size',
    to: 'std::min(slot_size, kLarge)',
    caughtBy: ['plain', 'pump_message_test:a chunk is read into'],
    why: 'a packet would be cut, or overflow the place',
  },
  {
    name: 'pieces want as much room as a slot',
    file: handOver,
    from: 'in_pieces_ ? std::min(slot_size, kLarge) : slot_size',
    to: 'slot_size',
    caughtBy: ['plain', 'pump_message_test:a piece is read into'],
    why: 'each chunk of a terminal would be copied',
  },
  {
    name: 'large chunks go on to be messages',
    file: handOver,
    from: '!last_was_large_ && ',
    to: '',
    caughtBy: ['plain', 'pump_message_test:after a long chunk'],
    why: 'what floods would take new memory for each chunk, instead of the slots',
  },
  {
    name: 'help that finds the producer thread reading is of no use',
    file: help,
    from: 'return {.in_turn = false}',
    to: 'return {.useful = false}',
    caughtBy: ['plain', 'pump_help_test:help that finds the producer thread'],
    why: 'the thread would go on, and keep the event loop out for as long as data flows',
  },
  {
    name: 'the producer thread is quicker than who promised to help',
    from: '    if (next != Next::kWaitForSlot) rest();\n',
    to: '',
    caughtBy: ['plain', 'pump_help_test:the producer thread leaves'],
    why: 'the event loop would be woken twice for each message',
  },
  {
    name: 'the producer thread reads on whoever promises to help',
    from: ' && (holds_some() || !keeps_out_.load(std::memory_order_relaxed))',
    to: '',
    caughtBy: ['plain', 'pump_help_test:the producer thread makes way'],
    why: 'two threads would fight for one device for as long as data flows',
  },
  {
    name: 'a promise of help is waited for without end',
    file: help,
    from: 'rest_over_.wait_for(lock, kRest, [&] { return !help_promised_; });',
    to: 'rest_over_.wait(lock, [&] { return !help_promised_; });',
    caughtBy: ['plain', 'pump_help_test:the producer thread does not wait'],
    why: 'an event loop that is busy would keep the data in the device',
  },
  {
    name: 'the producer waits for a slot that help has kept',
    from: 'next != Next::kWaitForSlot || filling_)',
    to: 'next != Next::kWaitForSlot)',
    caughtBy: ['plain', 'pump_help_test:the producer does not sleep'],
    why: 'it would sleep for ever, and the end never come',
  },
  {
    name: 'help takes the slot that the producer waits for',
    file: help,
    from: '  if (channel_.producer_waits()) return {.was_needed = false};\n',
    to: '',
    caughtBy: ['plain', 'pump_help_test:help leaves a slot'],
    why: 'the producer would sleep on',
  },
  {
    name: 'a stop does not ask what was lost last',
    from: '    count_last_losses(self);\n',
    to: '',
    caughtBy: ['plain', 'pump_stop_test:what was lost while the thread waited'],
    why: 'a stream that was stopped while its ring was full does not know what it lost',
  },
  {
    name: 'help does not say when it has read a message',
    file: 'addon/core/pump/help.cc',
    from: '  help.read_at = now;\n',
    to: '',
    caughtBy: ['plain', 'pump_message_test:help says when'],
    why: 'the latency of a message would be the age of the machine',
  },
];
