// Faults in what keeps threads for the next stream.
export const file = 'addon/platform/thread_cache.cc';

export const mutants = [
  {
    name: 'join does not wait',
    from: 'member_->place->wait_until_done();',
    to: '',
    caughtBy: ['plain', 'thread_cache_test:the body is destroyed'],
    why: 'Rule 3',
  },
  {
    name: 'work is given to a thread that has left',
    from: '    if (left_) return false;\n',
    to: '',
    caughtBy: ['plain', 'thread_cache_test:a thread that nobody needed'],
    why: 'nobody would do it',
  },
  {
    name: 'a new thread has to wait for its work',
    from: '  member->place->give(body);  // before it could become impatient\n  const int error = member->thread.start(std::make_unique<Worker>(member->place));\n',
    to: '  const int error = member->thread.start(std::make_unique<Worker>(member->place));\n',
    caughtBy: ['plain', 'thread_cache_test:a thread that was kept'],
    why: 'it is never done',
  },
  {
    name: 'a closed cache keeps threads',
    from: 'if (closed_ || idle_.size() == kMostIdle) {',
    to: 'if (idle_.size() == kMostIdle) {',
    caughtBy: ['plain', 'thread_cache_test:a thread that comes back to a closed cache'],
    why: 'Rule 3: nobody joins them',
  },
  {
    name: 'close does not join',
    from: '  for (const std::unique_ptr<Member>& member : idle_) member->end();\n',
    to: '',
    caughtBy: ['plain', 'thread_cache_test:a thread that was kept'],
    why: 'Rule 3',
  },
];
