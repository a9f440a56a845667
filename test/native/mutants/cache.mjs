// Faults in what keeps a file that is read out of the page cache.
export const file = 'addon/sources/cache_trace.cc';
const linux = 'addon/platform/linux/page_cache.cc';

export const mutants = [
  {
    name: 'what is read is forgotten, whether it was cached before or not',
    from: 'if (!was_cached(begin)) platform::forget_cached',
    to: 'platform::forget_cached',
    caughtBy: ['plain', 'cache_trace_test:what was cached before stays'],
    why: 'the files of others are pushed out',
  },
  {
    name: 'a page counts as its neighbour does',
    from: 'was_cached(end) == was_cached(begin)) ++end',
    to: 'end % 2 == 1) ++end',
    caughtBy: ['plain', 'cache_trace_test:what was cached before stays'],
    why: 'a page of others is forgotten with those beside it',
  },
  {
    name: 'what the system has read ahead is taken for what others have cached',
    from: 'while (looked_ < page + kAhead && look_further()) {',
    to: 'while (looked_ < page + 256 && look_further()) {',
    caughtBy: ['plain', 'cache_trace_test:a file that was not cached'],
    why: 'all of the file stays',
  },
  {
    name: 'the file is longer than it is',
    from: 'if (pages <= looked_) return false;',
    to: 'if (pages + kStep <= looked_) return false;',
    caughtBy: ['plain', 'cache_trace_test:what comes to the file after'],
    why: 'what somebody appends is forgotten',
  },
  {
    name: 'a reader that goes elsewhere leaves what it had read',
    from: '    forget_before(looked_);\n    kept_',
    to: '    kept_',
    caughtBy: ['plain', 'cache_trace_test:a reader that begins again'],
    why: 'a trace stays',
  },
  {
    name: 'pages that are kept as a group are tried once',
    from: 'kept_ = std::max(kept_, page - std::min<uint64_t>(page, kOverlap));',
    to: 'kept_ = page;',
    caughtBy: ['plain', 'cache_trace_test:a file that was not cached'],
    why: 'the system forgets a group only as a whole',
  },
  {
    name: 'the kernel is not asked to keep what it reads out of its cache',
    file: linux,
    from: 'constexpr int kDontCache = 0x80;',
    to: 'constexpr int kDontCache = 0;',
    caughtBy: ['plain', 'cache_trace_test:a file that was not cached'],
    why: 'it stays there',
  },
  {
    name: 'the addresses of a file that was looked at stay taken',
    file: linux,
    from: 'if (begin_ != MAP_FAILED) ::munmap(begin_, size_);',
    to: '',
    caughtBy: ['plain', 'cache_trace_test:no addresses'],
    why: 'a long file takes up the address space',
  },
  {
    name: 'what the kernel forgets is read in pieces',
    file: 'addon/sources/uncached.h',
    from: 'return end > begin ? static_cast<std::size_t>(end - begin) : most;',
    to: 'return most;',
    caughtBy: ['plain', 'cache_trace_test:reads end where a group'],
    why: 'half of all is fetched from the disk twice',
  },
];
