// Faults in the gate.
export const file = 'addon/core/ring/gate.h';

export const mutants = [
  {
    name: 'who enters looks first and counts itself afterwards',
    from: `    if ((word_.fetch_add(kOneCall, std::memory_order_acquire) & kClosed) == 0) return true;
    leave();
    return false;`,
    to: `    if ((word_.load(std::memory_order_acquire) & kClosed) != 0) return false;
    word_.fetch_add(kOneCall, std::memory_order_acquire);
    return true;`,
    caughtBy: ['plain', 'gate_steps_test'],
    why: 'the closer may be through between the two',
  },
  {
    name: 'the closer does not wait for the calls in flight',
    from: 'while ((word_.load(std::memory_order_acquire) & ~kClosed) != 0) std::this_thread::yield();',
    to: '',
    caughtBy: ['plain', 'gate_test'],
    why: 'what is freed after close() is still used',
  },
  {
    name: 'who is refused stays counted',
    from: '    leave();\n    return false;',
    to: '    return false;',
    caughtBy: ['plain', 'gate_test:calls that were refused'],
    why: 'close() never returns',
  },
  {
    name: 'a call counts as much as the closed bit',
    from: 'kOneCall = 2',
    to: 'kOneCall = 1',
    caughtBy: ['plain', 'gate_test'],
    why: 'a second call looks like a closed gate',
  },
  {
    name: 'shutting twice opens',
    from: 'word_.fetch_or(kClosed',
    to: 'word_.fetch_xor(kClosed',
    caughtBy: ['plain', 'gate_test:shutting and closing'],
    why: 'stop() may be called any number of times',
  },
  {
    name: 'a call enters with relaxed instead of acquire',
    from: 'fetch_add(kOneCall, std::memory_order_acquire)',
    to: 'fetch_add(kOneCall, std::memory_order_relaxed)',
    caughtBy: ['thread', 'gate_test'],
    why: 'who is refused may not see why',
  },
  {
    name: 'a call leaves with relaxed instead of release',
    from: 'fetch_sub(kOneCall, std::memory_order_release)',
    to: 'fetch_sub(kOneCall, std::memory_order_relaxed)',
    caughtBy: ['thread', 'gate_test'],
    why: 'the closer may free what the call still uses',
  },
  {
    name: 'the closer waits with relaxed instead of acquire',
    from: 'word_.load(std::memory_order_acquire)',
    to: 'word_.load(std::memory_order_relaxed)',
    caughtBy: ['thread', 'gate_test'],
    why: 'the closer may free what the call still uses',
  },
  {
    name: 'the gate is shut with acquire instead of both',
    from: 'fetch_or(kClosed, std::memory_order_acq_rel)',
    to: 'fetch_or(kClosed, std::memory_order_acquire)',
    caughtBy: ['thread', 'gate_test'],
    why: 'who is refused may not see why',
  },
  {
    name: 'the gate is shut with release instead of both',
    from: 'fetch_or(kClosed, std::memory_order_acq_rel)',
    to: 'fetch_or(kClosed, std::memory_order_release)',
    caughtBy: ['thread', 'gate_test'],
    why: 'who shuts it may not see what a call did that has left',
  },
];
