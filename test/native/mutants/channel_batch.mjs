// Faults in what the channel holds back, and whom it wakes when.
export const file = 'addon/core/ring/channel.cc';

export const mutants = [
  {
    name: 'half of a large ring is waited for',
    from: 'std::clamp(++armed_ / 2, 1u, kLargestBatch)',
    to: 'std::max(++armed_ / 2, 1u)',
    caughtBy: ['plain', 'channel_batch_test:a producer that sleeps is woken when sixteen'],
    why: 'what the system keeps meanwhile overflows',
  },
  {
    name: 'a chunk that nothing follows is held back too',
    from: 'held_back_ = more && ready_',
    to: 'held_back_ = ready_',
    caughtBy: ['plain', 'channel_batch_test:a chunk that may be'],
    why: 'it waits for a chunk that may come in an hour',
  },
  {
    name: 'what is held back is never too late',
    from: ' && now - announced_at_ns_ < kLongestHoldBackNs',
    to: '',
    caughtBy: ['plain', 'channel_batch_test:a chunk is held back'],
    why: 'a slow disk would keep the consumer waiting for half of the slots',
  },
  {
    name: 'what is held back stays so while the producer waits',
    from: 'if (held_back_ || end_.chunks == 0) announce();',
    to: 'if (end_.chunks == 0) announce();',
    caughtBy: ['plain', 'channel_batch_test:what is held back is announced before'],
    why: 'both sides wait for each other',
  },
  {
    name: 'a producer that waits always rings',
    from: 'if (held_back_ || end_.chunks == 0) announce();',
    to: 'announce();',
    caughtBy: ['plain', 'channel_batch_test:a producer that waits rings nothing'],
    why: 'the consumer is woken for nothing',
  },
  {
    name: 'the time that a source gave is overwritten',
    from: 'if (slot.timestamp == 0) slot.timestamp = now;',
    to: 'slot.timestamp = now;',
    caughtBy: ['plain', 'channel_batch_test:a chunk is stamped'],
    why: 'a source knows better when its data was there',
  },
  {
    name: 'a consumer that waits has not woken the producer',
    from: '    wake_producer();  // we are about to wait for it\n',
    to: '',
    caughtBy: ['plain', 'channel_batch_test:a producer that sleeps is woken when the consumer'],
    why: 'both sides wait for each other',
  },
  {
    name: 'a consumer that waits already does not wake the producer for a slot',
    from: 'if (starved_ || free_.size() >= batch_.load(std::memory_order_relaxed))',
    to: 'if (free_.size() >= batch_.load(std::memory_order_relaxed))',
    caughtBy: ['plain', 'channel_batch_test:a producer that sleeps is woken for a single'],
    why: 'both sides wait for each other when most slots are lent',
  },
  {
    name: 'half of the slots do not wake the producer',
    from: 'if (starved_ || free_.size() >= batch_.load(std::memory_order_relaxed))',
    to: 'if (starved_)',
    caughtBy: ['plain', 'channel_batch_test:a producer that sleeps is woken when half'],
    why: 'the producer sleeps until the ring is empty',
  },
];
