// Faults in the index ring.
export const file = 'addon/core/ring/index_ring.h';

export const mutants = [
  {
    name: 'push publishes with relaxed instead of release',
    from: 'pushed_.store(pushed + 1, std::memory_order_release)',
    to: 'pushed_.store(pushed + 1, std::memory_order_relaxed)',
    caughtBy: ['thread', 'index_ring_stress_test:nothing happens'],
    why: 'the index may be seen before what was written to its slot',
  },
  {
    name: 'pop looks with relaxed instead of acquire',
    from: 'pushed_seen_ = pushed_.load(std::memory_order_acquire)',
    to: 'pushed_seen_ = pushed_.load(std::memory_order_relaxed)',
    caughtBy: ['plain', 'index_ring_order_test'],
    why: 'the index may be seen before what was written to its slot',
  },
  {
    name: 'pop frees the place with relaxed instead of release',
    from: 'popped + 1, std::memory_order_release, std::memory_order_relaxed)',
    to: 'popped + 1, std::memory_order_relaxed, std::memory_order_relaxed)',
    caughtBy: ['plain', 'index_ring_order_test'],
    why: 'the place may be overwritten while it is read',
  },
  {
    name: 'push looks with relaxed instead of acquire',
    from: 'popped_seen_ = popped_.load(std::memory_order_acquire)',
    to: 'popped_seen_ = popped_.load(std::memory_order_relaxed)',
    caughtBy: ['plain', 'index_ring_order_test'],
    why: 'the place may be overwritten while it is read',
  },
  {
    name: 'push publishes before it writes the item',
    from: `    items_[pushed & mask_].store(index, std::memory_order_relaxed);
    // Pairs with the acquire in pop(): the item, and everything written to its slot before, becomes visible with it.
    pushed_.store(pushed + 1, std::memory_order_release);`,
    to: `    pushed_.store(pushed + 1, std::memory_order_release);
    items_[pushed & mask_].store(index, std::memory_order_relaxed);`,
    caughtBy: ['thread', 'index_ring_stress_test:nothing happens'],
    why: 'another item is popped in its place',
  },
  {
    name: 'the ring is full one item too late',
    from: 'if (pushed - popped_seen_ == capacity_) return false;',
    to: 'if (pushed - popped_seen_ == capacity_ + 1) return false;',
    caughtBy: ['plain', 'index_ring_test'],
    why: 'an item that was not popped is overwritten',
  },
  {
    name: 'the ring is full one item too early',
    from: `    if (pushed - popped_seen_ == capacity_) {
`,
    to: `    if (pushed - popped_seen_ == capacity_ - 1) return false;
    if (pushed - popped_seen_ == capacity_) {
`,
    caughtBy: ['plain', 'index_ring_test'],
    why: 'a ring of one slot carries nothing',
  },
  {
    name: 'push does not look again when its copy says full',
    from: 'if (pushed - popped_seen_ == capacity_) return false;',
    to: 'return false;',
    caughtBy: ['plain', 'index_ring_test'],
    why: 'a ring that was full once stays so',
  },
  {
    name: 'pop does not look again when its copy says empty',
    from: 'if (nothing_between(popped, pushed_seen_)) return std::nullopt;',
    to: 'return std::nullopt;',
    caughtBy: ['plain', 'index_ring_test'],
    why: 'a ring that was empty once stays so',
  },
  {
    name: 'pop reads the place after the right one',
    from: `      const uint32_t index = items_[popped & mask_].load(std::memory_order_relaxed);
      // Pairs`,
    to: `      const uint32_t index = items_[(popped + 1) & mask_].load(std::memory_order_relaxed);
      // Pairs`,
    caughtBy: ['plain', 'index_ring_test'],
    why: 'items come out in another order',
  },
  {
    name: 'places are counted modulo the capacity',
    from: 'items_[pushed & mask_].store(index, std::memory_order_relaxed)',
    to: 'items_[pushed % capacity_].store(index, std::memory_order_relaxed)',
    caughtBy: ['plain', 'index_ring_test'],
    why: 'the places move when the counters wrap',
  },
  {
    name: 'the storage is not rounded up',
    from: 'mask_(std::bit_ceil(capacity) - 1)',
    to: 'mask_(capacity - 1)',
    caughtBy: ['plain', 'index_ring_test'],
    why: 'two items share a place unless the capacity is a power of two',
  },
  {
    name: 'the storage is one place short',
    from: 'std::size_t{mask_} + 1',
    to: 'std::size_t{mask_}',
    caughtBy: ['address', 'index_ring_test'],
    why: 'the last place lies behind the end',
  },
  {
    name: "push's copy does not start where the counters do",
    from: 'popped_seen_(first)',
    to: 'popped_seen_(0)',
    caughtBy: ['plain', 'index_ring_test'],
    why: 'a ring near the wrap never says that it is full',
  },
  {
    name: 'size reads what was popped with relaxed instead of acquire',
    from: 'const uint32_t popped = popped_.load(std::memory_order_acquire)',
    to: 'const uint32_t popped = popped_.load(std::memory_order_relaxed)',
    caughtBy: ['plain', 'index_ring_order_test'],
    why: 'more may seem popped than pushed: an empty ring looks full',
  },
  {
    name: 'size reads the two counters in the wrong order',
    from: `    const uint32_t popped = popped_.load(std::memory_order_acquire);
    const uint32_t used = pushed_.load(std::memory_order_acquire) - popped;`,
    to: `    const uint32_t pushed = pushed_.load(std::memory_order_acquire);
    const uint32_t used = pushed - popped_.load(std::memory_order_acquire);`,
    caughtBy: ['plain', 'index_ring_order_test'],
    why: 'more may seem popped than pushed: an empty ring looks full',
  },
  {
    name: 'size is not limited to the capacity',
    from: 'return used < capacity_ ? used : capacity_;',
    to: 'return used;',
    caughtBy: ['plain', 'index_ring_order_test'],
    why: 'what was popped meanwhile is counted as well',
  },
  {
    name: 'pop takes the sign of what lies between for granted',
    from: 'static_cast<int32_t>(pushed - popped) <= 0',
    to: 'pushed == popped',
    caughtBy: ['plain', 'index_ring_test'],
    why: 'after more was taken back than it has seen pushed, it pops what nobody pushed',
  },
  {
    name: 'take_back does not look whether there is anything',
    from: 'while (popped != pushed)',
    to: 'while (true)',
    caughtBy: ['plain', 'index_ring_test'],
    why: 'an empty ring gives back what it no longer holds',
  },
  {
    name: 'take_back takes without asking',
    from: 'if (popped_.compare_exchange_weak(popped, popped + 1, std::memory_order_relaxed, std::memory_order_relaxed)) {',
    to: 'popped_.store(popped + 1, std::memory_order_relaxed); {',
    caughtBy: ['plain', 'index_ring_steps_test:what is popped'],
    why: 'an index that was popped meanwhile is had twice',
  },
];
