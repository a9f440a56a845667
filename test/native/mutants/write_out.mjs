// Faults in what the producer thread writes itself.
export const file = 'addon/core/pump/write_out.cc';
const channel = 'addon/core/ring/channel.cc';

export const mutants = [
  {
    name: 'written: a thread that waits for a slot is not called',
    from: '  channel_.call_producer();\n',
    to: '',
    caughtBy: ['plain', 'pump_write_test:a thread that waits for a slot'],
    why: 'the file is never written, and the stream hangs',
  },
  {
    name: 'written: to be called is no reason to wake up',
    file: channel,
    from: 'called_.load(std::memory_order_relaxed) || ',
    to: '',
    caughtBy: ['plain', 'pump_write_test:a thread that waits for a slot'],
    why: 'the same, when no slot is free',
  },
  {
    name: 'written: the consumer cannot stop it',
    from: 'while ((taken & kAll) == 0) {',
    to: 'for (;;) {',
    caughtBy: ['plain', 'pump_write_test:the consumer can have what is being read'],
    why: 'whoever comes next gets nothing',
  },
  {
    name: 'written: it goes on although the source waits',
    from: '!flows() || ',
    to: '',
    caughtBy: ['plain', 'pump_write_test:what comes from a source that waits'],
    why: 'what the consumer writes besides would wait for the source',
  },
  {
    name: 'written: what was not taken comes behind what was ready',
    file: channel,
    from: 'uint32_t others = ready_.size();',
    to: 'uint32_t others = 0;',
    caughtBy: ['plain', 'pump_write_test:what a destination does not take'],
    why: 'bytes change their places',
  },
  {
    name: 'written: what was not taken comes whole',
    file: channel,
    from: 'std::memmove(slot.data, slot.data + without, slot.length);',
    to: '',
    caughtBy: ['plain', 'pump_write_test:what a destination does not take'],
    why: 'bytes come twice, and others never',
  },
  {
    name: 'written: it does not know where it begins',
    file: channel,
    from: 'slot.position.bytes += without;',
    to: '',
    caughtBy: ['plain', 'pump_write_test:what a destination does not take'],
    why: 'a gap is told that there is none',
  },
  {
    name: 'written: its slot is lost',
    file: channel,
    from: '{ kept_.push_back(index); }',
    to: '{ static_cast<void>(index); }',
    caughtBy: ['plain', 'pump_write_test:it takes no more slots than there are'],
    why: 'the thread runs out of slots, and the stream hangs',
  },
  {
    name: 'written: the end is not known to be one',
    file: 'addon/core/pump/pump.cc',
    from: '  flows_.store(false, std::memory_order_relaxed);  // a hint\n',
    to: '',
    caughtBy: ['plain', 'pump_write_test:nothing follows the end'],
    why: 'a destination is opened for a thread that has ended',
  },
  {
    name: 'written: the destination stays open after the end',
    file: 'addon/core/pump/pump.cc',
    from: '  end_writing();\n',
    to: '',
    caughtBy: ['plain', 'pump_write_test:what is read goes to the destination'],
    why: 'a descriptor for each file that was copied',
  },
];
