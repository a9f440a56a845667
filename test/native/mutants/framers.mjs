// Faults in how the ends of records are found.
export const file = 'addon/core/framing/delimiter.cc';
const delimiter = file;
const fixedSize = 'addon/core/framing/fixed_size.h';
const prefix = 'addon/core/framing/length_prefix.cc';
const frame = 'addon/core/framing/frame.cc';
const slip = 'addon/core/framing/slip.cc';
const cobs = 'addon/core/framing/cobs.cc';

const faults = [
  {
    name: 'delimiters: one that begins in what was seen is overlooked',
    file: delimiter,
    from: 'data + (seen - std::min(seen, size_ - 1))',
    to: 'data + seen',
    caughtBy: ['plain', 'framing_test:records between delimiters'],
    why: 'two records would be one',
  },
  {
    name: 'delimiters: one letter is enough',
    file: delimiter,
    from: 'size_ == 1 || std::memcmp(found + 1, delimiter_.data() + 1, size_ - 1) == 0',
    to: 'true',
    caughtBy: ['plain', 'framing_test:records between delimiters'],
    why: 'records would end where they do not',
  },
  {
    name: 'delimiters: a try that failed hides what begins in it',
    file: delimiter,
    from: 'begin = found + 1;',
    to: 'begin = found + size_;',
    caughtBy: ['plain', 'framing_test:records between delimiters'],
    why: 'a delimiter with letters twice is overlooked',
  },
  {
    name: 'delimiters: the carriage return of the line before counts',
    file: delimiter,
    from: 'takes_return_ && stop > record && stop[-1]',
    to: 'takes_return_ && stop > data && stop[-1]',
    caughtBy: ['plain', 'framing_test:records between delimiters'],
    why: 'an empty record would end before it begins',
  },
  {
    name: 'sizes: a record may be one byte short',
    file: fixedSize,
    from: 'bytes.size() - consumed >= size_ &&',
    to: 'bytes.size() - consumed + 1 >= size_ &&',
    caughtBy: ['address', 'framing_test:records of one size'],
    why: 'it would end with a byte of what was there before',
  },
  {
    name: 'sizes: a table that is full takes one more',
    file: fixedSize,
    from: ' && !ends.full()',
    to: '',
    caughtBy: ['address', 'framing_test:records of one size'],
    why: 'it would be written where others are',
  },
  {
    name: 'prefixes: a number is read the other way round',
    file: prefix,
    from: 'prefix_.is_big_endian ? big_endian(load<uint32_t>(at))',
    to: '!prefix_.is_big_endian ? big_endian(load<uint32_t>(at))',
    caughtBy: ['plain', 'framing_test:records that begin with their length'],
    why: 'all lengths would be wrong',
  },
  {
    name: 'prefixes: a length that does not count its prefix is not seen',
    file: prefix,
    from: 'size < head || size - head > prefix_.longest',
    to: 'size > head && size - head > prefix_.longest',
    caughtBy: ['plain', 'framing_test:a length that does not count'],
    why: 'the next record would begin in the middle of this one',
  },
  {
    name: 'prefixes: one that is longer than it may be is found when it is there',
    file: prefix,
    from: 'if (framed.too_long || bytes',
    to: 'if (bytes',
    caughtBy: ['plain', 'framing_loss_test:prefixes'],
    why: 'it is what the user has limited',
  },
  {
    name: 'frames: an empty one is a record',
    file: frame,
    from: 'if (length && !frame.empty()) {',
    to: 'if (length) {',
    caughtBy: ['plain', 'framing_test:frames hold'],
    why: 'some senders begin with the byte that ends them',
  },
  {
    name: 'frames: the end of a frame is looked for where it was not',
    file: frame,
    from: 'std::size_t from = seen;',
    to: 'std::size_t from = seen + 1;',
    caughtBy: ['plain', 'framing_loss_test:damaged frames'],
    why: 'two frames would be one',
  },
  {
    name: 'frames: one that is too long when it is decoded is handed on',
    file: frame,
    from: 'framed.too_long = length.value_or(0) > longest_;',
    to: 'framed.too_long = false;',
    caughtBy: ['plain', 'framing_loss_test:an error says'],
    why: 'it is what the user has limited',
  },
  {
    name: 'SLIP: any byte may be escaped',
    file: slip,
    from: 'if (escaped != kEscapedEnd && escaped != kEscapedEscape) return std::nullopt;',
    to: '',
    caughtBy: ['plain', 'framing_loss_test:damaged frames'],
    why: 'a damaged frame would be handed on',
  },
  {
    name: 'SLIP: an escape at the end of a frame takes what is behind it',
    file: slip,
    from: 'if (frame.size() - plain < 2) return std::nullopt;',
    to: 'if (frame.size() - plain < 2) return length;',
    caughtBy: ['plain', 'framing_loss_test:damaged frames'],
    why: 'a damaged frame would be handed on',
  },
  {
    name: 'COBS: a block may be longer than its frame',
    file: cobs,
    from: 'block > frame.size() - i - 1',
    to: 'block > frame.size() - i + 250',
    caughtBy: ['plain', 'framing_loss_test:damaged frames'],
    why: 'it would take bytes of the next frame',
  },
  {
    name: 'COBS: a full block has a zero behind it',
    file: cobs,
    from: ' && block != kFullBlock',
    to: '',
    caughtBy: ['plain', 'framing_test:frames hold'],
    why: 'long frames would have zeros that nobody sent',
  },
];

export const mutants = faults.map(({ name, ...fault }) => ({ name: `framing: ${name}`, ...fault }));
