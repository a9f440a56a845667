// Faults in the sources.
const pattern = 'addon/sources/pattern.h';
const fileSource = 'addon/sources/file.cc';
const patternSource = 'addon/sources/pattern.cc';

export const mutants = [
  {
    name: 'the upper half of the word number is ignored',
    file: pattern,
    from: 'static_cast<uint32_t>(word >> 32) * 0x85EBCA6Bu',
    to: '0u * static_cast<uint32_t>(word >> 32)',
    caughtBy: ['plain', 'pattern_test'],
    why: 'the pattern repeats after 16 GiB',
  },
  {
    name: 'a partial word is taken from its beginning',
    file: pattern,
    from: '(8 * (from % 4 + i))',
    to: '(8 * i)',
    caughtBy: ['plain', 'pattern_test'],
    why: 'bytes at odd offsets are others than at even ones',
  },
  {
    name: 'a partial word is longer than what is wanted',
    file: pattern,
    from: 'std::min(static_cast<std::size_t>(4 - offset % 4), into.size())',
    to: 'static_cast<std::size_t>(4 - offset % 4)',
    caughtBy: ['address', 'pattern_test'],
    why: 'bytes after the memory are overwritten',
  },
  {
    name: 'the pattern goes on one byte too early',
    file: patternSource,
    from: 'offset_ += length;',
    to: 'offset_ += length - 1;',
    caughtBy: ['plain', 'pattern_source_test'],
    why: 'a stream repeats a byte at every chunk',
  },
  {
    name: 'a cancel of the pattern wakes nobody',
    file: patternSource,
    from: '    cancelled_changed_.notify_all();\n',
    to: '',
    caughtBy: ['plain', 'pattern_source_test:a read that waits'],
    why: 'a slow stream stops when its turn comes and not at once',
  },
  {
    name: 'a cancel of a file is forgotten',
    file: fileSource,
    from: 'cancelled_.store(true, std::memory_order_release);',
    to: '',
    caughtBy: ['plain', 'file_source_test:after a cancel'],
    why: 'cancel is sticky: it may come just before the read',
  },
  {
    name: 'a cancel of a file wakes nobody',
    file: fileSource,
    from: 'if (!always_ready_) wake_.signal();',
    to: '',
    caughtBy: ['plain', 'file_source_wait_test:a read that waits ends with a cancel'],
    why: 'a blocked read never ends',
  },
  {
    name: 'a FIFO is read until the slot is full',
    file: fileSource,
    from: 'if (result.bytes == 0 || !always_ready_) break;',
    to: 'if (result.bytes == 0) break;',
    caughtBy: ['plain', 'file_source_wait_test:a FIFO gives'],
    why: 'what is there waits for what may never come',
  },
  {
    name: 'a read that another one was faster than fails',
    file: fileSource,
    from: 'if (!always_ready_ && (result.error == EAGAIN || result.error == EWOULDBLOCK)) continue;',
    to: '',
    caughtBy: ['plain', 'file_source_wait_test:two readers'],
    why: 'EAGAIN is normal (Rule 9)',
  },
  {
    name: 'a length is not counted down',
    file: fileSource,
    from: '    remaining_ -= static_cast<int64_t>(bytes);\n',
    to: '',
    caughtBy: ['plain', 'file_source_test:start and length'],
    why: 'the stream goes on to the end of the file',
  },
];
