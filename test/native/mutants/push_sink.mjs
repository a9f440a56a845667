// Faults in the sink of a source that pushes, in the plugin behind it, and in what becomes of what was lost.
const sink = 'addon/sources/push/sink.cc';
const plugin = 'addon/sources/plugin/plugin.cc';
const reading = 'addon/core/pump/read.cc';
const channel = 'addon/core/ring/channel.cc';

const faults = [
  {
    name: 'bytes are joined over what was lost',
    file: sink,
    from: 'entry->is_chunk == 0 && !entry->follows_loss() &&',
    to: 'entry->is_chunk == 0 &&',
    caughtBy: ['plain', 'push_sink_test:bytes are not joined over'],
    why: 'nobody learns where something is missing',
  },
  {
    name: 'bytes are joined with a chunk behind them',
    file: sink,
    from: 'entry != nullptr && entry->is_chunk == 0 &&',
    to: 'entry != nullptr &&',
    caughtBy: ['plain', 'push_sink_test:a chunk is joined with nothing'],
    why: 'it is no chunk of its own any more',
  },
  {
    name: 'bytes are joined with a chunk before them',
    file: sink,
    from: 'while (!is_chunk && entry',
    to: 'while (entry',
    caughtBy: ['plain', 'push_sink_test:a chunk is joined with nothing'],
    why: 'it is no chunk of its own any more',
  },
  {
    name: 'bytes are joined beyond the size',
    file: sink,
    from: 'entry->length <= into.size() - length);',
    to: 'length <= into.size());',
    caughtBy: ['address', 'push_sink_test:bytes are joined up to'],
    why: 'bytes after the slot are overwritten',
  },
  {
    name: 'the end is looked at after the ring',
    file: sink,
    from: `  const bool finished = finished_.load(std::memory_order_seq_cst);
  if (ring_.front() != nullptr) return carry(into, chunk);`,
    to: `  if (ring_.front() != nullptr) return carry(into, chunk);
  const bool finished = finished_.load(std::memory_order_seq_cst);`,
    caughtBy: ['plain', 'push_sink_steps_test:what is committed before the end'],
    why: 'what was committed just before it is lost',
  },
  {
    name: 'a cancel does not wake an acquire that waits',
    file: sink,
    from: '  room_.wake();\n  gate_->producer().wake();',
    to: '  gate_->producer().wake();',
    caughtBy: ['plain', 'push_sink_wait_test:a cancel ends'],
    why: 'close waits for it for ever',
  },
  {
    name: 'a cancel wakes an acquire before it says so',
    file: sink,
    from: `  cancelled_.store(true, std::memory_order_seq_cst);  // pairs with has_news() and wait_for_room()
  room_.wake();`,
    to: `  room_.wake();
  cancelled_.store(true, std::memory_order_seq_cst);`,
    caughtBy: ['plain', 'push_sink_steps_test:an acquire that waits has seen the cancel'],
    why: 'it goes on to wait, and close waits for it for ever',
  },
  {
    name: 'a cancel leaves the gate open',
    file: sink,
    from: '  gate_->shut();\n  cancelled_',
    to: '  cancelled_',
    caughtBy: ['plain', 'push_sink_wait_test:a cancel is for good'],
    why: 'a source that was cancelled goes on',
  },
  {
    name: 'what is committed after a cancel is sent',
    file: sink,
    from: '!gate->is_shut() && self.put(length, about)',
    to: 'self.put(length, about)',
    caughtBy: ['plain', 'push_sink_wait_test:a cancel is for good'],
    why: 'the source believes that it arrived',
  },
  {
    name: 'a commit that comes late keeps what was acquired',
    file: sink,
    from: `  const bool is_urgent = !is_put || self.ring_.half_full();
  gate->leave(PushGate::Room::kNone);`,
    to: `  const bool is_urgent = !is_put || self.ring_.half_full();
  gate->leave(is_put ? PushGate::Room::kNone : PushGate::Room::kAcquired);`,
    caughtBy: ['plain', 'push_sink_wait_test:a commit after a cancel'],
    why: 'the memory is never freed, for every source that was cancelled between acquire and commit',
  },
  {
    name: 'strict does not end the stream',
    file: sink,
    from: `    gate_->shut();
    finished_.store(true, std::memory_order_seq_cst);  // pairs with read() and has_news()
  }
  return nullptr;`,
    to: `  }
  return nullptr;`,
    caughtBy: ['plain', 'push_sink_test:strict ends'],
    why: 'more comes after what is missing',
  },
  {
    name: 'an acquire within start waits for its own thread',
    file: sink,
    from: 'if (std::this_thread::get_id() == producer_) {',
    to: 'if (false) {',
    caughtBy: ['plain', 'push_sink_wait_test:a source that waits on the host'],
    why: 'both wait for ever',
  },
  {
    name: 'a commit of more than was acquired is believed',
    file: sink,
    from: 'if (length > ring_.reserved() || (about',
    to: 'if ((about',
    caughtBy: ['plain', 'push_sink_test:whatever a source may not do'],
    why: 'it has written over what is not its own',
  },
  {
    name: 'what was refused wakes nobody',
    file: sink,
    from: '  if (has_ended) gate->producer().wake();\n',
    to: '  static_cast<void>(has_ended);\n',
    caughtBy: ['plain', 'push_sink_wait_test:an end, a failure'],
    why: 'the error comes with the next chunk, or never',
  },
  {
    name: 'the end wakes nobody',
    file: sink,
    from: `  gate->leave(PushGate::Room::kNone);
  gate->producer().wake();
}`,
    to: `  gate->leave(PushGate::Room::kNone);
}`,
    caughtBy: ['plain', 'push_sink_wait_test:an end, a failure'],
    why: "'end' never comes",
  },
  {
    name: 'memory that a source has is freed with the sink',
    file: sink,
    from: 'if (gate_->close() == PushGate::Room::kAcquired) ring_.abandon();',
    to: 'gate_->close();',
    caughtBy: ['address', 'push_sink_wait_test:what was acquired and never'],
    why: 'it may still be written to',
  },
  {
    name: 'a plugin is started when it is opened',
    file: plugin,
    from: '    is_open_ = true;\n    return 0;',
    to: '    is_open_ = true;\n    return pushes() ? start(error) : 0;',
    caughtBy: ['plain', 'plugin_push_test:a plugin starts once'],
    why: 'it cannot be cancelled by then',
  },
  {
    name: 'a plugin is started for every read',
    file: plugin,
    from: '    started_ = true;\n',
    to: '',
    caughtBy: ['plain', 'plugin_push_test:a plugin starts once'],
    why: 'it would begin twice',
  },
  {
    name: 'a plugin that was cancelled is started',
    file: plugin,
    from: 'if (started_ || cancelled()) return 0;',
    to: 'if (started_) return 0;',
    caughtBy: ['plain', 'plugin_push_test:a plugin that was cancelled before'],
    why: 'it begins what nobody wants any more',
  },
  {
    name: 'a plugin is closed without a cancel',
    file: plugin,
    from: '    if (pushes()) cancel();\n',
    to: '',
    caughtBy: ['plain', 'plugin_push_test:a plugin that pushes is cancelled'],
    why: 'close waits for a thread that nobody told to stop',
  },
  {
    name: 'chunks that were lost move no position',
    file: channel,
    from: '  end_.chunks += chunks;\n',
    to: '',
    caughtBy: ['plain', 'pump_lost_test:a chunk that says'],
    why: "there is no 'gap'",
  },
  {
    name: 'chunks that were lost are not counted as dropped',
    file: channel,
    from: '  counters_.dropped_chunks.add(chunks);\n',
    to: '',
    caughtBy: ['plain', 'pump_lost_test:what was lost is counted as'],
    why: 'stats() would not add up',
  },
  {
    name: 'strict goes on when a source has lost something',
    file: reading,
    from: '  if (lost && overflow_ == Overflow::kStrict) return end_with(Outcome::Kind::kOverflowed);\n',
    to: '  static_cast<void>(lost);\n',
    caughtBy: ['plain', "pump_lost_test:with 'strict' what was lost"],
    why: 'it is what the user chose between',
  },
  {
    name: "records that are lost are another source's chunks",
    file: 'addon/core/pump/losses.cc',
    from: '  if (are_records) return false;\n',
    to: '',
    caughtBy: ['plain', 'pump_lost_test:records that were lost'],
    why: "there would be a 'gap' for what the consumer finds by itself",
  },
];

export const mutants = faults.map(({ name, ...fault }) => ({ name: `push: ${name}`, ...fault }));
