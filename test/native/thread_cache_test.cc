#include "platform/thread_cache.h"

#include <doctest/doctest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "support.h"

using slipring::platform::CachedThread;
using slipring::platform::Thread;
using slipring::platform::ThreadCache;
using slipring::test::Hint;
using slipring::test::Watched;

namespace {

class Lambda final : public Thread::Body {
 public:
  explicit Lambda(std::function<void()> run) : run_(std::move(run)) {}
  void run() override { run_(); }

 private:
  std::function<void()> run_;
};

std::unique_ptr<Lambda> body(std::function<void()> run) { return std::make_unique<Lambda>(std::move(run)); }

// A cache that is closed at the end of a test.
struct Cache {
  Cache() = default;
  ~Cache() { cache->close(); }
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // The thread that ran something.
  std::thread::id run(bool keep) {
    CachedThread thread(cache);
    std::thread::id id;
    REQUIRE(thread.start(body([&] { id = std::this_thread::get_id(); })) == 0);
    thread.join(keep);
    return id;
  }

  std::shared_ptr<ThreadCache> cache = std::make_shared<ThreadCache>();
};

}  // namespace

TEST_CASE("a thread that was kept does the next work, and sees what was written before it") {
  Cache cache;
  Watched written = 0;
  const std::thread::id first = cache.run(true);
  CHECK(first != std::thread::id{});
  written = 1;
  CachedThread thread(cache.cache);
  std::thread::id second;
  REQUIRE(thread.start(body([&] {
    second = std::this_thread::get_id();
    written += 1;
  })) == 0);
  thread.join(true);
  CHECK(written == 2);
  // Where the machine is that slow, the first one has left.
  if (second != first) MESSAGE("the thread was not kept long enough");
  CHECK(second != std::this_thread::get_id());
}

TEST_CASE("a thread that nobody needed has left, and the next work is done all the same") {
  Cache cache;
  CachedThread first(cache.cache);
  std::string path;
  REQUIRE(first.start(body([&] { path = "/proc/self/task/" + std::to_string(::syscall(SYS_gettid)); })) == 0);
  first.join(true);
  while (::access(path.c_str(), F_OK) == 0) std::this_thread::yield();
  CachedThread second(cache.cache);
  Hint ran;
  REQUIRE(second.start(body([&] { ran.give(); })) == 0);
  second.join(true);
  CHECK(ran.given());
}

TEST_CASE("work has a thread of its own while other work is under way") {
  Cache cache;
  cache.run(true);
  CachedThread one(cache.cache);
  CachedThread other(cache.cache);
  Hint may_go;
  std::thread::id ids[2];
  REQUIRE(one.start(body([&] {
    ids[0] = std::this_thread::get_id();
    may_go.await();
  })) == 0);
  REQUIRE(other.start(body([&] { ids[1] = std::this_thread::get_id(); })) == 0);
  other.join(true);
  may_go.give();
  one.join(true);
  CHECK(ids[0] != ids[1]);
}

TEST_CASE("the body is destroyed when join returns, whether the thread is kept or not") {
  Cache cache;
  for (const bool keep : {true, false}) {
    const auto held = std::make_shared<int>(0);
    CachedThread thread(cache.cache);
    REQUIRE(thread.start(body([held] {})) == 0);
    thread.join(keep);
    CHECK(held.use_count() == 1);
    CHECK(thread.is_done_before({}));  // there is nothing to wait for
    thread.join(keep);
  }
}

TEST_CASE("more threads than are kept do their work, and end") {
  Cache cache;
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<CachedThread>> threads;
    Hint may_go;
    for (int i = 0; i < 20; ++i) {
      threads.push_back(std::make_unique<CachedThread>(cache.cache));
      REQUIRE(threads.back()->start(body([&] { may_go.await(); })) == 0);
    }
    may_go.give();
    for (const auto& thread : threads) thread->join(true);
  }
}

TEST_CASE("who does not want to wait for ever is told whether the work is done") {
  Cache cache;
  CachedThread thread(cache.cache);
  Hint may_go;
  REQUIRE(thread.start(body([&] { may_go.await(); })) == 0);
  CHECK_FALSE(thread.is_done_before(std::chrono::steady_clock::now() + std::chrono::milliseconds(5)));
  may_go.give();
  CHECK(thread.is_done_before(std::chrono::steady_clock::now() + std::chrono::minutes(1)));
  thread.join(true);
}

TEST_CASE("a thread that comes back to a closed cache ends") {
  const auto cache = std::make_shared<ThreadCache>();
  CachedThread thread(cache);
  Hint may_go;
  REQUIRE(thread.start(body([&] { may_go.await(); })) == 0);
  cache->close();
  may_go.give();
  thread.join(true);
}

TEST_CASE("a thread that was given up goes on, and ends by itself") {
  Hint may_go;
  Hint done;
  {
    Cache cache;
    CachedThread thread(cache.cache);
    REQUIRE(thread.start(body([&] {
      may_go.await();
      done.give();
    })) == 0);
    thread.give_up();
  }
  may_go.give();
  done.await();
}
