// Faults in what the producer thread itself writes.
export const file = 'addon/core/pump/carry.cc';

export const mutants = [
  {
    name: 'what is carried is read where nothing is at hand',
    from: 'while (!slot.carried.last && at_hand_) {',
    to: 'while (!slot.carried.last) {',
    caughtBy: ['plain', 'pump_carry_test:carrying ends'],
    why: 'a write of the sink lasts until somebody sends something',
  },
  {
    name: 'it is carried to what might take a write for ever',
    from: '!at_hand_ || !outlet->takes_at_once()',
    to: '!at_hand_',
    caughtBy: ['plain', 'pump_carry_test:carrying ends'],
    why: 'nobody can end it (Rule 1)',
  },
  {
    name: 'carrying goes on after an error',
    from: 'if (slot.carried.error != 0 || monotonic_ns() >= until) break;',
    to: 'if (monotonic_ns() >= until) break;',
    caughtBy: ['plain', 'pump_carry_test:carrying ends'],
    why: 'something is missing in the middle of the file',
  },
  {
    name: 'carrying goes on as long as there is something',
    from: 'if (slot.carried.error != 0 || monotonic_ns() >= until) break;',
    to: 'if (slot.carried.error != 0) break;',
    caughtBy: ['plain', 'pump_carry_test:carrying comes back'],
    why: 'whoever pauses, unpipes or writes something waits for the end of the file',
  },
  {
    name: 'an end that came while it was carried is not told',
    from: '  slot.carried.last = slot.carried.last || next == Next::kFinish;\n',
    to: '',
    caughtBy: ['plain', 'pump_carry_test:what is carried is written in order'],
    why: 'the consumer has it carry on, and waits for ever',
  },
  {
    name: 'what a write leaves of what is carried is forgotten',
    from: 'while (!bytes.empty() && !channel_.stopping()) {',
    to: 'if (!bytes.empty() && !channel_.stopping()) {',
    caughtBy: ['plain', 'pump_carry_test:what a write leaves'],
    why: 'a part of a piece is missing in the file',
  },
  {
    name: 'what is carried is written on after a stop',
    from: 'while (!bytes.empty() && !channel_.stopping()) {',
    to: 'while (!bytes.empty()) {',
    caughtBy: ['plain', 'pump_carry_test:a stop ends it'],
    why: 'a thread that was given up may write to a file that somebody else has opened meanwhile (Rule 3)',
  },
  {
    name: 'what is carried is written for ever to what takes nothing',
    from: '    if (vain > kMostVain) return EIO;\n',
    to: '',
    caughtBy: ['plain', 'pump_carry_test:carrying ends'],
    why: 'the thread spins',
  },
  {
    name: 'what is to be tried again ends what is carried',
    from: 'if (result.error != 0 && result.error != EAGAIN) return result.error;',
    to: 'if (result.error != 0) return result.error;',
    caughtBy: ['plain', 'pump_carry_test:carrying ends'],
    why: 'Node takes EAGAIN for no error, and for nothing written: bytes are missing',
  },
  {
    name: 'what was carried to the end of a stop is not counted',
    from: '  publish(*filling_, slot.carried.read, {});\n',
    to: '  if (!channel_.stopping()) publish(*filling_, slot.carried.read, {});\n',
    caughtBy: ['plain', 'pump_carry_test:a stop ends it'],
    why: 'more was delivered than produced',
  },
];
