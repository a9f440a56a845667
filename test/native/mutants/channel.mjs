// Faults in the channel.
export const file = 'addon/core/ring/channel.cc';

export const mutants = [
  {
    name: 'a doorbell is lost: publish does not announce',
    from: `  announced_at_ns_ = now;
  announce();`,
    to: '  announced_at_ns_ = now;',
    caughtBy: ['plain', 'channel_test'],
    why: 'the consumer never learns of the slot',
  },
  {
    name: 'a doorbell is lost: publish announces before it pushes',
    from: `  const uint64_t now = put(index);
  const uint32_t batch = batch_.load(std::memory_order_relaxed);
  held_back_ = more && ready_.size() < batch && now - announced_at_ns_ < kLongestHoldBackNs;
  if (held_back_) return;
  announced_at_ns_ = now;
  announce();`,
    to: `  static_cast<void>(more);
  announce();
  put(index);`,
    caughtBy: ['plain', 'channel_steps_test'],
    why: 'the consumer looks before the slot is there and then listens in vain',
  },
  {
    name: 'a doorbell is lost: finish announces before it is finished',
    from: `  finished_.store(true, std::memory_order_release);  // pairs with take() and listen_for_finish()
  announce();`,
    to: `  announce();
  finished_.store(true, std::memory_order_release);`,
    caughtBy: ['plain', 'channel_steps_test'],
    why: 'the consumer looks before the end is there and then listens in vain',
  },
  {
    name: 'a doorbell is lost: the announcer only reads the flag when nobody listens',
    from: 'if (!listening_.exchange(false, std::memory_order_acq_rel)) return;',
    to: `if (!listening_.load(std::memory_order_acquire)) return;
  listening_.store(false, std::memory_order_release);`,
    caughtBy: ['thread', 'channel_order_test:a consumer that begins'],
    why: 'the consumer may begin to listen without seeing what was published',
  },
  {
    name: 'a doorbell is lost: the opening is not announced',
    from: `open_.store(true, std::memory_order_release);  // pairs with is_open()
  announce();`,
    to: 'open_.store(true, std::memory_order_release);',
    caughtBy: ['plain', 'channel_test'],
    why: "'open' comes with the first slot or never",
  },
  {
    name: 'the bell rings for every slot',
    from: 'listening_.exchange(false, std::memory_order_acq_rel)',
    to: 'listening_.exchange(true, std::memory_order_acq_rel)',
    caughtBy: ['plain', 'channel_test'],
    why: 'one ring is to bring many slots',
  },
  {
    name: 'take does not look again after it began to listen',
    from: `    finished = finished_.load(std::memory_order_acquire);
    index = ready_.pop();`,
    to: '    finished = finished_.load(std::memory_order_acquire);',
    caughtBy: ['plain', 'channel_steps_test'],
    why: 'what was published in between rings for nobody',
  },
  {
    name: 'take begins to listen after its second look',
    from: `    listening_.exchange(true, std::memory_order_acq_rel);
    // Read before the ring: a finish that is seen here came after every publish, so an empty ring is the end.
    finished = finished_.load(std::memory_order_acquire);
    index = ready_.pop();`,
    to: `    finished = finished_.load(std::memory_order_acquire);
    index = ready_.pop();
    listening_.exchange(true, std::memory_order_acq_rel);`,
    caughtBy: ['plain', 'channel_steps_test'],
    why: 'what was published in between rings for nobody',
  },
  {
    name: 'take looks for the end after it looked for slots',
    from: `    finished = finished_.load(std::memory_order_acquire);
    index = ready_.pop();`,
    to: `    index = ready_.pop();
    finished = finished_.load(std::memory_order_acquire);`,
    caughtBy: ['plain', 'channel_steps_test'],
    why: 'the last slot is lost when it comes with the end',
  },
  {
    name: 'the consumer begins to listen for the end after it looked',
    from: `  listening_.exchange(true, std::memory_order_acq_rel);  // pairs with the exchange in announce()
  return finished_.load(std::memory_order_acquire);`,
    to: `  const bool finished = finished_.load(std::memory_order_acquire);
  listening_.exchange(true, std::memory_order_acq_rel);
  return finished;`,
    caughtBy: ['plain', 'channel_steps_test'],
    why: 'an end in between rings for nobody',
  },
  {
    name: 'arm wakes before it pushes',
    from: `  [[maybe_unused]] const bool pushed = free_.push(index);
  assert(pushed);
  wake_owed_ = true;
  if (starved_ || free_.size() >= batch_.load(std::memory_order_relaxed)) wake_producer();`,
    to: `  wake_owed_ = true;
  wake_producer();
  [[maybe_unused]] const bool pushed = free_.push(index);
  assert(pushed);`,
    caughtBy: ['plain', 'channel_steps_test:a slot that is armed'],
    why: 'the producer looks before the slot is there and then sleeps',
  },
  {
    name: 'stop wakes before it sets the flag',
    from: `  stop_.store(true, std::memory_order_release);  // pairs with stopping(), and is carried by the wake's release
  slot_freed_.wake_all();`,
    to: `  slot_freed_.wake_all();
  stop_.store(true, std::memory_order_release);`,
    caughtBy: ['plain', 'channel_steps_test:a stop'],
    why: 'the producer looks before the flag is set and then sleeps',
  },
  {
    name: 'a producer that sleeps does not see the stop',
    from: 'stopping() || free_.size() > 0; }',
    to: 'free_.size() > 0; }',
    caughtBy: ['plain', 'channel_wait_test:a producer without a free slot sleeps until the stream'],
    why: 'the thread is never joined',
  },
  {
    name: 'a slot is given after the stop',
    from: '  if (stopping()) return std::nullopt;\n',
    to: '',
    caughtBy: ['plain', 'channel_test'],
    why: 'the source would be read once more',
  },
  {
    name: 'the opening is published with relaxed instead of release',
    from: 'open_.store(true, std::memory_order_release)',
    to: 'open_.store(true, std::memory_order_relaxed)',
    caughtBy: ['thread', 'channel_order_test'],
    why: 'the descriptor may be seen too late',
  },
  {
    name: 'the end is published with relaxed instead of release',
    from: 'finished_.store(true, std::memory_order_release)',
    to: 'finished_.store(true, std::memory_order_relaxed)',
    caughtBy: ['thread', 'channel_order_test'],
    why: 'the outcome may be seen too late',
  },
  {
    name: 'take looks for the end with relaxed instead of acquire',
    from: '    finished = finished_.load(std::memory_order_acquire);',
    to: '    finished = finished_.load(std::memory_order_relaxed);',
    caughtBy: ['thread', 'channel_order_test:who takes the end'],
    why: 'the outcome may be seen too late',
  },
  {
    name: 'an announcement is made with acquire instead of both',
    from: 'listening_.exchange(false, std::memory_order_acq_rel)',
    to: 'listening_.exchange(false, std::memory_order_acquire)',
    caughtBy: ['thread', 'channel_order_test:a consumer that begins'],
    why: 'a consumer that listens next may not see what was published',
  },
  {
    name: 'take begins to listen with release instead of both',
    from: 'listening_.exchange(true, std::memory_order_acq_rel);\n    // Read',
    to: 'listening_.exchange(true, std::memory_order_release);\n    // Read',
    caughtBy: ['thread', 'channel_order_test:a consumer that begins'],
    why: 'it may not see what was published before',
  },
  {
    name: 'the question after a failed opening asks in the wrong order',
    from: 'return finished_.load(std::memory_order_acquire) && !is_open();',
    to: 'return !is_open() && finished_.load(std::memory_order_acquire);',
    caughtBy: ['plain', 'channel_steps_test:opening'],
    why: 'a stream that opens and ends in between looks as if it had not opened',
  },
  {
    name: 'the stop is published with relaxed instead of release',
    from: 'stop_.store(true, std::memory_order_release)',
    to: 'stop_.store(true, std::memory_order_relaxed)',
    caughtBy: ['thread', 'channel_order_test:who sees that the stream'],
    why: 'whoever sees the stop may not see what led to it',
  },
  {
    name: 'a slot is filled in after it was handed over',
    from: `  slot.size = size;
  slot.move_to(SlotState::kLent, SlotState::kFree);
  [[maybe_unused]] const bool pushed = free_.push(index);
`,
    to: `  slot.move_to(SlotState::kLent, SlotState::kFree);
  [[maybe_unused]] const bool pushed = free_.push(index);
  slot.size = size;
`,
    caughtBy: ['thread', 'channel_order_test:who acquires'],
    why: 'the producer may read it meanwhile',
  },
  {
    name: 'sequence numbers repeat',
    from: '  end_.chunks += 1;\n',
    to: '',
    caughtBy: ['plain', 'channel_test'],
    why: 'they are how a consumer sees that something is missing',
  },
  {
    name: 'a wait that is over still looks as if it lasted',
    from: '  counters_.waiting_since_ns.set(0);\n',
    to: '',
    caughtBy: ['plain', 'channel_wait_test'],
    why: 'the time waited would grow for ever',
  },
  {
    name: 'a chunk does not know how many bytes came before it',
    from: '  end_.bytes += length;\n',
    to: '',
    caughtBy: ['plain', 'overflow_test:drop-oldest keeps'],
    why: 'a gap would not say how much is missing',
  },
  {
    name: 'a chunk that is dropped is not counted as produced',
    from: '  count_produced(length, records);\n  counters_.dropped_chunks',
    to: '  counters_.dropped_chunks',
    caughtBy: ['plain', 'overflow_test:drop-newest keeps'],
    why: 'nobody would see that something is missing',
  },
  {
    name: 'a chunk that is taken back is not counted as dropped',
    from: '  counters_.dropped_bytes.add(slot.length);\n',
    to: '',
    caughtBy: ['plain', 'overflow_test:drop-oldest keeps'],
    why: 'stats() would not add up',
  },
  {
    name: 'a slot is ready since it was first filled',
    from: '  slot.ready_since = now;',
    to: '  if (slot.ready_since == 0) slot.ready_since = now;',
    caughtBy: ['plain', 'channel_test:a slot knows since when'],
    why: 'latencies would grow with the age of the stream',
  },
  {
    name: 'a slot is ready since its source says it has the data',
    from: '  slot.ready_since = now;',
    to: '  slot.ready_since = slot.timestamp;',
    caughtBy: ['plain', 'channel_test:a slot knows since when'],
    why: 'a source may tell the time by a clock of its own',
  },
  {
    name: 'nobody is told that the very first slot is wanted',
    from: 'if (held_back_ || end_.chunks == 0) announce();',
    to: 'if (held_back_) announce();',
    caughtBy: ['plain', 'channel_wait_test:a producer that waits for the very first slot'],
    why: 'a stream that begins without memory would never get any',
  },
];
