#include "platform/thread.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <functional>
#include <memory>
#include <string_view>
#include <thread>
#include <utility>

#include "death.h"
#include "support.h"

using slipring::platform::Thread;
using slipring::test::aborts;
using slipring::test::Hint;

namespace {

class Lambda final : public Thread::Body {
 public:
  explicit Lambda(std::function<void()> run, std::function<void()> destroyed = {})
      : run_(std::move(run)), destroyed_(std::move(destroyed)) {}
  ~Lambda() override {
    if (destroyed_) destroyed_();
  }
  void run() override { run_(); }

 private:
  std::function<void()> run_;
  std::function<void()> destroyed_;
};

}  // namespace

TEST_CASE("the body runs on another thread and join waits for it") {
  Thread thread;
  std::thread::id id;
  Hint may_go;
  REQUIRE(thread.start(std::make_unique<Lambda>([&] {
    may_go.await();
    id = std::this_thread::get_id();
  })) == 0);
  may_go.give();
  thread.join();
  CHECK(id != std::thread::id{});
  CHECK(id != std::this_thread::get_id());
}

TEST_CASE("a thread has a name that debuggers and top show") {
  Thread thread;
  char name[16] = {};
  REQUIRE(thread.start(std::make_unique<Lambda>([&] { pthread_getname_np(pthread_self(), name, sizeof name); })) == 0);
  thread.join();
  CHECK(std::string_view(name) == "slipring");
}

TEST_CASE("the body is destroyed on its thread after it ran and before join returns") {
  Thread thread;
  std::thread::id ran_on;
  std::thread::id destroyed_on;
  REQUIRE(thread.start(std::make_unique<Lambda>([&] { ran_on = std::this_thread::get_id(); },
                                                [&] {
                                                  CHECK(ran_on == std::this_thread::get_id());
                                                  destroyed_on = std::this_thread::get_id();
                                                })) == 0);
  thread.join();
  CHECK(destroyed_on != std::thread::id{});
  CHECK(destroyed_on == ran_on);
}

TEST_CASE("joining again or without a start does nothing") {
  Thread never;
  never.join();
  Thread thread;
  REQUIRE(thread.start(std::make_unique<Lambda>([] {})) == 0);
  thread.join();
  thread.join();
}

TEST_CASE("the new thread takes no signals and the starting one keeps its own mask") {
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  sigset_t inside;
  sigemptyset(&inside);
  Thread thread;
  REQUIRE(thread.start(std::make_unique<Lambda>([&] { pthread_sigmask(SIG_SETMASK, nullptr, &inside); })) == 0);
  thread.join();
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1, SIGPIPE, SIGWINCH}) {
    CAPTURE(signal);
    CHECK(sigismember(&inside, signal) == 1);
    CHECK(sigismember(&before, signal) == 0);
    CHECK(sigismember(&after, signal) == 0);
  }
}

TEST_CASE("a thread that was not joined aborts a build with asserts") {
  CHECK(aborts([] {
    Thread thread;
    static_cast<void>(thread.start(std::make_unique<Lambda>([] {})));
  }));
}

#if defined(__linux__) && !defined(SLIPRING_SANITIZED)
// Sanitizers need address space for themselves, so they cannot run in so little.
TEST_CASE("without memory for a stack start says so and destroys the body") {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit little{std::size_t{1} << 20, std::size_t{1} << 20};
    ::setrlimit(RLIMIT_AS, &little);
    bool destroyed = false;
    Thread thread;
    const int error = thread.start(std::make_unique<Lambda>([] {}, [&] { destroyed = true; }));
    thread.join();
    ::_exit(error == EAGAIN && destroyed ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
#endif
