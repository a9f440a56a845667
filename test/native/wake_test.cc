#include "platform/wake.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <signal.h>

#include <cerrno>
#include <memory>

#include "descriptors.h"
#include "support.h"

using slipring::platform::File;
using slipring::platform::Wake;
using slipring::test::closes_on_exec;
using slipring::test::DescriptorLimit;
using slipring::test::Hint;
using slipring::test::open_descriptors;
using slipring::test::opened_since;
using slipring::test::Pipe;
using slipring::test::Tally;
using slipring::test::TestThread;

namespace {

Tally* interruptions = nullptr;

}  // namespace

TEST_CASE("its two descriptors close on exec and never block and are closed with it") {
  const auto before = open_descriptors();
  {
    Wake wake;
    REQUIRE(wake.open() == 0);
    const auto opened = opened_since(before);
    CHECK(opened.size() == 2);
    for (const int descriptor : opened) {
      CHECK(closes_on_exec(descriptor));
      CHECK((::fcntl(descriptor, F_GETFL) & O_NONBLOCK) != 0);
    }
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a descriptor with something to read needs no waiting") {
  Pipe pipe;
  Wake wake;
  REQUIRE(wake.open() == 0);
  REQUIRE(pipe.write("x"));
  CHECK(wake.wait_readable(File(pipe.read_end, false)) == 0);
}

TEST_CASE("a descriptor at its end or in trouble needs no waiting either") {
  Pipe pipe;
  Wake wake;
  REQUIRE(wake.open() == 0);
  pipe.close_write_end();
  CHECK(wake.wait_readable(File(pipe.read_end, false)) == 0);
  const int closed = ::dup(pipe.read_end);
  ::close(closed);
  CHECK(wake.wait_readable(File(closed, false)) == 0);
}

TEST_CASE("a signal ends every later wait whether or not there is something to read") {
  Pipe pipe;
  Wake wake;
  REQUIRE(wake.open() == 0);
  wake.signal();
  for (int i = 0; i < 3; ++i) CHECK(wake.wait_readable(File(pipe.read_end, false)) == ECANCELED);
  REQUIRE(pipe.write("x"));
  CHECK(wake.wait_readable(File(pipe.read_end, false)) == ECANCELED);
}

TEST_CASE("signalling very often does not block") {
  Pipe pipe;
  Wake wake;
  REQUIRE(wake.open() == 0);
  for (int i = 0; i < 70000; ++i) wake.signal();  // a pipe holds 65,536 bytes
  CHECK(wake.wait_readable(File(pipe.read_end, false)) == ECANCELED);
}

TEST_CASE("a wait that blocks ends with the first byte") {
  Pipe pipe;
  Wake wake;
  REQUIRE(wake.open() == 0);
  int result = -1;
  TestThread waiter([&] { result = wake.wait_readable(File(pipe.read_end, false)); });
  REQUIRE(waiter.falls_asleep());
  REQUIRE(pipe.write("x"));
  waiter.join();
  CHECK(result == 0);
}

TEST_CASE("a wait that blocks ends with a signal from another thread") {
  Pipe pipe;
  Wake wake;
  REQUIRE(wake.open() == 0);
  int result = -1;
  TestThread waiter([&] { result = wake.wait_readable(File(pipe.read_end, false)); });
  REQUIRE(waiter.falls_asleep());
  wake.signal();
  waiter.join();
  CHECK(result == ECANCELED);
}

TEST_CASE("a wait that the system interrupts goes on") {
  Tally handled;
  interruptions = &handled;
  struct sigaction before{};
  struct sigaction action{};
  action.sa_handler = [](int) { interruptions->add(); };
  REQUIRE(::sigaction(SIGUSR1, &action, &before) == 0);
  Pipe pipe;
  Wake wake;
  REQUIRE(wake.open() == 0);
  int result = -1;
  Hint returned;
  TestThread waiter([&] {
    result = wake.wait_readable(File(pipe.read_end, false));
    returned.give();
  });
  for (uint64_t i = 1; i <= 3; ++i) {
    REQUIRE(waiter.falls_asleep());
    REQUIRE(::pthread_kill(waiter.native_handle(), SIGUSR1) == 0);
    handled.await(i);
  }
  REQUIRE(waiter.falls_asleep());
  CHECK_FALSE(returned.given());
  wake.signal();
  waiter.join();
  CHECK(result == ECANCELED);
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_CASE("a wake that could not be opened says why and can be signalled all the same") {
  const auto before = open_descriptors();
  Wake wake;
  for (const rlim_t room : {0, 1}) {
    const DescriptorLimit limit(room);
    CHECK(wake.open() == EMFILE);
  }
  wake.signal();
  CHECK(open_descriptors() == before);
}
