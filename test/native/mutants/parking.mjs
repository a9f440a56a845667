// Faults in the parking place.
export const file = 'addon/core/ring/parking.h';

export const mutants = [
  {
    name: "a waiter does not look again after it announced that it is 'parked'",
    from: '      if (ready()) return;\n',
    to: '',
    caughtBy: ['plain', 'parking_test'],
    why: 'it sleeps through what happened between its look and its announcement',
  },
  {
    name: 'one waiter is woken instead of all',
    from: 'changed_.notify_all()',
    to: 'changed_.notify_one()',
    caughtBy: ['plain', 'parking_test:one wake-up ends'],
    why: 'the others sleep on',
  },
  {
    name: 'the waker does not take the lock',
    from: '    { const std::lock_guard<std::mutex> lock(mutex_); }\n',
    to: '',
    caughtBy: ['plain', 'parking_steps_test'],
    why: 'a waiter that has checked and does not sleep yet is not woken',
  },
  {
    name: 'the waker notifies before it takes the lock',
    from: `    { const std::lock_guard<std::mutex> lock(mutex_); }
    changed_.notify_all();`,
    to: `    changed_.notify_all();
    { const std::lock_guard<std::mutex> lock(mutex_); }`,
    caughtBy: ['plain', 'parking_steps_test'],
    why: 'a waiter that has checked and does not sleep yet is not woken',
  },
  {
    name: 'the waker does not count its wake-up',
    from: 'state + (state & kWaiting)',
    to: 'state & ~kWaiting',
    caughtBy: ['plain', 'parking_test:a change is not hidden'],
    why: 'the next waiter makes the word look as if nothing had happened',
  },
  {
    name: 'the waker writes nothing when nobody waits',
    from: 'uint32_t state = state_.load(std::memory_order_relaxed);\n',
    to: 'uint32_t state = state_.load(std::memory_order_relaxed);\n    if ((state & kWaiting) == 0) return;\n',
    caughtBy: ['thread', 'parking_order_test'],
    why: 'a waiter that announces itself next may not see the change',
  },
  {
    name: 'a waiter is let go without a look',
    from: 'while (!ready()) {',
    to: 'if (!ready()) {',
    caughtBy: ['plain', 'parking_test'],
    why: 'a wake-up for somebody else ends its wait',
  },
  {
    name: 'a waiter sleeps without a look at the word',
    from: 'changed_.wait(lock, [&] { return state_.load(std::memory_order_acquire) != announced; })',
    to: 'static_cast<void>(announced), changed_.wait(lock)',
    caughtBy: ['plain', 'parking_test:a change between the second look'],
    why: 'it sleeps through a wake-up that came before',
  },
  {
    name: 'a waiter expects the word without its own bit',
    from: 'std::memory_order_acq_rel) | kWaiting;',
    to: 'std::memory_order_acq_rel);',
    caughtBy: ['plain', 'parking_test:a waiter looks twice'],
    why: 'its first announcement does not let it sleep',
  },
  {
    name: 'a waiter announces itself with release instead of both',
    from: 'fetch_or(kWaiting, std::memory_order_acq_rel)',
    to: 'fetch_or(kWaiting, std::memory_order_release)',
    caughtBy: ['thread', 'parking_order_test'],
    why: 'it may not see what the waker published',
  },
  {
    name: 'a waiter announces itself with acquire instead of both',
    from: 'fetch_or(kWaiting, std::memory_order_acq_rel)',
    to: 'fetch_or(kWaiting, std::memory_order_acquire)',
    caughtBy: ['thread', 'parking_order_test'],
    why: 'the waker may not see what it did before',
  },
  {
    name: 'a waker writes with acquire instead of both',
    from: 'state + (state & kWaiting), std::memory_order_acq_rel',
    to: 'state + (state & kWaiting), std::memory_order_acquire',
    caughtBy: ['thread', 'parking_order_test'],
    why: 'a waiter may not see what it published',
  },
  {
    name: 'a waker writes with release instead of both',
    from: 'state + (state & kWaiting), std::memory_order_acq_rel',
    to: 'state + (state & kWaiting), std::memory_order_release',
    caughtBy: ['thread', 'parking_order_test'],
    why: 'it may not see what the waiter did before',
  },
  {
    name: 'a waiter that was woken looks at the word with relaxed',
    from: 'state_.load(std::memory_order_acquire) != announced',
    to: 'state_.load(std::memory_order_relaxed) != announced',
    caughtBy: ['thread', 'parking_steps_test:what was written'],
    why: 'its next look may not see what it was woken for',
  },
];
