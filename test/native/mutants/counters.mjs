// Faults in the counters.
export const file = 'addon/core/ring/counters.h';

export const mutants = [
  {
    name: 'a counter is overwritten instead of added to',
    from: 'value_.store(value_.load(std::memory_order_relaxed) + amount,',
    to: 'value_.store(amount,',
    caughtBy: ['plain', 'counters_test'],
    why: 'it shows the last amount only',
  },
  {
    name: 'a counter is not atomic',
    from: 'std::atomic<uint64_t> value_{0};',
    to: `struct Plain {
    uint64_t value;
    void store(uint64_t next, std::memory_order) { value = next; }
    uint64_t load(std::memory_order) const { return value; }
  } value_{0};`,
    caughtBy: ['thread', 'counters_test'],
    why: 'another thread reads it at any time',
  },
];
