// Faults in the calls to the system.
const file = 'addon/platform/posix/file.cc';
const wake = 'addon/platform/posix/wake.cc';
const thread = 'addon/platform/posix/thread.cc';

export const mutants = [
  {
    name: 'a file is inherited by children',
    file,
    from: 'O_CLOEXEC | O_NOCTTY | O_NONBLOCK',
    to: 'O_NOCTTY | O_NONBLOCK',
    caughtBy: ['plain', 'file_test'],
    why: 'Rule 8',
  },
  {
    name: 'a duplicate is inherited by children',
    file,
    from: 'F_DUPFD_CLOEXEC',
    to: 'F_DUPFD',
    caughtBy: ['plain', 'file_test'],
    why: 'Rule 8',
  },
  {
    name: 'the wake pipe is inherited by children',
    file: wake,
    from: '::pipe2(ends, O_CLOEXEC | O_NONBLOCK)',
    to: '::pipe2(ends, O_NONBLOCK)',
    caughtBy: ['plain', 'wake_test'],
    why: 'Rule 8',
  },
  {
    name: 'a descriptor is closed twice',
    file,
    from: '  descriptor_ = -1;\n  owned_ = false;\n}',
    to: '}',
    caughtBy: ['plain', 'file_test'],
    why: 'it may be somebody else by then',
  },
  {
    name: "a caller's descriptor is closed",
    file,
    from: 'if (owned_) ::close(descriptor_);',
    to: '::close(descriptor_);',
    caughtBy: ['plain', 'file_test'],
    why: 'Rule 8',
  },
  {
    name: 'a wait that is interrupted ends',
    file: wake,
    from: 'if (errno != EINTR) return errno;',
    to: 'return errno;',
    caughtBy: ['plain', 'wake_test'],
    why: 'EINTR is normal (Rule 9)',
  },
  {
    name: 'what is there to read hides the signal',
    file: wake,
    from: 'if (watched[1].revents != 0) return ECANCELED;',
    to: 'if (watched[0].revents == 0) return ECANCELED;',
    caughtBy: ['plain', 'wake_test'],
    why: 'a busy pipe cannot be stopped',
  },
  {
    name: 'a full wake pipe keeps its writer waiting',
    file: wake,
    from: '::pipe2(ends, O_CLOEXEC | O_NONBLOCK)',
    to: '::pipe2(ends, O_CLOEXEC)',
    caughtBy: ['plain', 'wake_test:its two'],
    why: 'cancel never blocks',
  },
  {
    name: "the thread takes the application's signals",
    file: thread,
    from: '    const AllSignalsBlocked blocked;\n',
    to: '',
    caughtBy: ['plain', 'thread_test'],
    why: 'signals belong to threads that expect them',
  },
];
