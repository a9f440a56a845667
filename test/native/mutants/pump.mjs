// Faults in the producer loop.
export const file = 'addon/core/pump.cc';

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
    from: `  channel_.stop();
  const std::lock_guard<std::mutex> lock(cancel_mutex_);
`,
    to: '  channel_.stop();\n',
    caughtBy: ['thread', 'pump_stop_test'],
    why: 'a stop may cancel what is being freed',
  },
  {
    name: 'the source is cancelled before the stream is being stopped',
    from: `  channel_.stop();
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
    from: '    if (channel_.stopping()) break;\n',
    to: '',
    caughtBy: ['plain', 'pump_stop_test:a stop during a read'],
    why: 'a cancelled read would be an error of the stream',
  },
  {
    name: 'a stop looks like the end',
    from: '  outcome.kind = Outcome::Kind::kStopped;\n',
    to: '',
    caughtBy: ['plain', 'pump_stop_test'],
    why: "'end' would come for data that is not complete",
  },
  {
    name: 'a failed read looks like the end',
    from: 'length == 0 ? Outcome::Kind::kEnded : Outcome::Kind::kFailed',
    to: 'Outcome::Kind::kEnded',
    caughtBy: ['plain', 'pump_test'],
    why: "'end' would come for data that is not complete",
  },
  {
    name: 'the end is announced before the source is closed',
    from: `  source_.close(self);
  channel_.finish(outcome);`,
    to: `  channel_.finish(outcome);
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
    from: `    channel_.finish(outcome);
    return;`,
    to: '    channel_.finish(outcome);',
    caughtBy: ['plain', 'pump_test'],
    why: 'there is no such source',
  },
  {
    name: 'a read finds what the last one left in the error',
    from: '    outcome.error = no_error();\n    const',
    to: '    const',
    caughtBy: ['plain', 'pump_test'],
    why: 'the header promises a cleared one',
  },
  {
    name: 'a chunk keeps no time of its own',
    from: 'slot.timestamp = chunk.timestamp;',
    to: 'slot.timestamp = 0;',
    caughtBy: ['plain', 'pump_test'],
    why: 'a source knows better when its data was there',
  },
  {
    name: 'a stop does not ask what was lost last',
    from: '    count_last_losses(self);\n',
    to: '',
    caughtBy: ['plain', 'pump_stop_test:what was lost while the thread waited'],
    why: 'a stream that was stopped while its ring was full does not know what it lost',
  },
];
