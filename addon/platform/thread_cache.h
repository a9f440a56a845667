// Threads that are kept when their work has ended, for the next work: to start a thread, and to wait for its end, takes
// longer than to read a small file.
//
// Work is joined as a thread is: whoever waited for it knows that nothing of it is left, its body included. The thread
// itself waits for the next body in a place of its own, not for long, and is joined by the cache.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "platform/thread.h"

namespace slipring::platform {

class ThreadCache {
 public:
  ThreadCache();
  ~ThreadCache();  // closed, or never used
  ThreadCache(const ThreadCache&) = delete;
  ThreadCache& operator=(const ThreadCache&) = delete;

  // The thread that the cache belongs to. Joins those that wait; who comes back from now on is not kept.
  void close();

 private:
  friend class CachedThread;
  struct Member;

  std::unique_ptr<Member> take();
  void put_back(std::unique_ptr<Member> member);

  std::vector<std::unique_ptr<Member>> idle_;
  bool closed_ = false;
};

// One piece of work, on a thread of the cache's if one waits, on a new one if not. As Thread, but that all is called by
// the thread that the cache belongs to.
class CachedThread {
 public:
  explicit CachedThread(std::shared_ptr<ThreadCache> cache);
  ~CachedThread();
  CachedThread(const CachedThread&) = delete;
  CachedThread& operator=(const CachedThread&) = delete;

  // Once. Returns 0 or an errno.
  [[nodiscard]] int start(std::unique_ptr<Thread::Body> body);
  // Returns when the body is destroyed. `keep`: it has left the thread as it found it, so another may have that.
  void join(bool keep);
  // Waits no longer than that. Whether join() would return at once.
  [[nodiscard]] bool is_done_before(std::chrono::steady_clock::time_point deadline);
  void give_up();

 private:
  const std::shared_ptr<ThreadCache> cache_;
  std::unique_ptr<ThreadCache::Member> member_;
};

}  // namespace slipring::platform
