#include "platform/thread_cache.h"

#include <cassert>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <utility>

namespace slipring::platform {

namespace {

constexpr std::size_t kMostIdle = 8;
// Who reads one file after the other comes again sooner; after this no thread is left that does nothing.
constexpr auto kPatience = std::chrono::milliseconds(50);

// Where a thread waits for what to do, and is waited for. It lives as long as either of them.
class Place {
 public:
  // The owner's thread. False when the thread has left meanwhile, and must be joined; then `body` stays as it is.
  bool give(std::unique_ptr<Thread::Body>& body) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (left_) return false;
      body_ = std::move(body);
      busy_ = true;
    }
    changed_.notify_all();  // not under the lock, which the woken thread wants
    return true;
  }
  // The owner's thread.
  void wait_until_done() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return !busy_; });
  }
  // The owner's thread. Whether that came in time.
  bool is_done_before(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_until(lock, deadline, [&] { return !busy_; });
  }
  // The owner's thread. There is nothing more to do.
  void dismiss() {
    const std::lock_guard<std::mutex> lock(mutex_);
    dismissed_ = true;
    changed_.notify_all();
  }
  // Any thread.
  [[nodiscard]] bool left() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return left_;
  }

  // The thread itself.
  void work() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (changed_.wait_for(lock, kPatience, [&] { return body_ != nullptr || dismissed_; }) && body_ != nullptr) {
      std::unique_ptr<Thread::Body> body = std::move(body_);
      name_this_thread("slipring");
      lock.unlock();
      body->run();
      body.reset();
      lock.lock();
      name_this_thread("slipring-idle");
      busy_ = false;
      changed_.notify_all();
    }
    left_ = true;
  }

 private:
  std::mutex mutex_;  // all below is under it
  std::condition_variable changed_;
  std::unique_ptr<Thread::Body> body_;
  bool busy_ = false;
  bool dismissed_ = false;
  bool left_ = false;
};

class Worker final : public Thread::Body {
 public:
  explicit Worker(std::shared_ptr<Place> place) : place_(std::move(place)) {}
  void run() override { place_->work(); }

 private:
  const std::shared_ptr<Place> place_;
};

}  // namespace

struct ThreadCache::Member {
  std::shared_ptr<Place> place = std::make_shared<Place>();
  Thread thread;

  void end() {
    place->dismiss();
    thread.join();
  }
};

ThreadCache::ThreadCache() = default;
ThreadCache::~ThreadCache() { assert(idle_.empty()); }

// The one that came last: its stack is likely to be in the cache. Null when there is none.
std::unique_ptr<ThreadCache::Member> ThreadCache::take() {
  if (idle_.empty()) return nullptr;
  std::unique_ptr<Member> member = std::move(idle_.back());
  idle_.pop_back();
  return member;
}

void ThreadCache::put_back(std::unique_ptr<Member> member) {
  std::erase_if(idle_, [](const std::unique_ptr<Member>& idle) {
    const bool left = idle->place->left();
    if (left) idle->end();
    return left;
  });
  if (closed_ || idle_.size() == kMostIdle) {
    member->end();
  } else {
    idle_.push_back(std::move(member));
  }
}

void ThreadCache::close() {
  closed_ = true;
  for (const std::unique_ptr<Member>& member : idle_) member->end();
  idle_.clear();
}

CachedThread::CachedThread(std::shared_ptr<ThreadCache> cache) : cache_(std::move(cache)) {}
CachedThread::~CachedThread() { assert(member_ == nullptr); }

int CachedThread::start(std::unique_ptr<Thread::Body> body) {
  while (std::unique_ptr<ThreadCache::Member> member = cache_->take()) {
    if (member->place->give(body)) {
      member_ = std::move(member);
      return 0;
    }
    member->end();
  }
  auto member = std::make_unique<ThreadCache::Member>();
  member->place->give(body);  // before it could become impatient
  const int error = member->thread.start(std::make_unique<Worker>(member->place));
  if (error == 0) member_ = std::move(member);
  return error;
}

void CachedThread::join(bool keep) {
  if (member_ == nullptr) return;
  member_->place->wait_until_done();
  std::unique_ptr<ThreadCache::Member> member = std::move(member_);
  if (keep) {
    cache_->put_back(std::move(member));
  } else {
    member->end();
  }
}

bool CachedThread::is_done_before(std::chrono::steady_clock::time_point deadline) {
  return member_ == nullptr || member_->place->is_done_before(deadline);
}

void CachedThread::give_up() {
  if (member_ == nullptr) return;
  member_->place->dismiss();
  member_->thread.give_up();
  member_.reset();
}

}  // namespace slipring::platform
