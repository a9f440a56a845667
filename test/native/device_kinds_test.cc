// The device source on descriptors that have no file type, and on files that the kernel makes up: none is read before
// there is something, and every wait can be ended (Rule 1).
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <string>
#include <vector>

#include "descriptors.h"
#include "platform/file.h"
#include "source_rig.h"
#include "sources/registry.h"
#include "support.h"

using slipring::kDeviceSource;
using slipring::platform::File;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::TemporaryFolder;
using slipring::test::TestThread;

namespace {

Options of(const File& file) { return Options().integer("fd", file.descriptor()); }

struct Kind {
  const char* name;
  std::function<int(bool blocks)> make;
  std::function<void(int descriptor)> happen;
  std::size_t least;  // bytes that one event has
};

int timer(bool blocks) { return ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | (blocks ? 0 : TFD_NONBLOCK)); }

void expire(int descriptor) {
  const itimerspec soon = {.it_interval = {}, .it_value = {.tv_sec = 0, .tv_nsec = 1}};
  REQUIRE(::timerfd_settime(descriptor, 0, &soon, nullptr) == 0);
}

sigset_t only(int signal) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, signal);
  return signals;
}

int signals(bool blocks) {
  const sigset_t caught = only(SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &caught, nullptr);
  return ::signalfd(-1, &caught, SFD_CLOEXEC | (blocks ? 0 : SFD_NONBLOCK));
}

std::vector<Kind> kinds(const TemporaryFolder& folder) {
  const std::string path = folder.path();
  const auto touch = [path](int) { ::close(::open((path + "/new").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)); };
  const auto watch = [path](bool blocks) {
    const int descriptor = ::inotify_init1(IN_CLOEXEC | (blocks ? 0 : IN_NONBLOCK));
    REQUIRE(::inotify_add_watch(descriptor, path.c_str(), IN_OPEN) > 0);
    return descriptor;
  };
  const auto notify = [path](bool blocks) {
    const unsigned flags = FAN_CLASS_NOTIF | FAN_CLOEXEC | FAN_REPORT_FID | (blocks ? 0u : FAN_NONBLOCK);
    const int descriptor = ::fanotify_init(flags, O_RDONLY);
    REQUIRE(::fanotify_mark(descriptor, FAN_MARK_ADD, FAN_OPEN | FAN_EVENT_ON_CHILD, AT_FDCWD, path.c_str()) == 0);
    return descriptor;
  };
  return {
      {"timerfd", timer, expire, 8},
      {"eventfd", [](bool blocks) { return ::eventfd(0, EFD_CLOEXEC | (blocks ? 0 : EFD_NONBLOCK)); },
       [](int descriptor) { REQUIRE(::eventfd_write(descriptor, 1) == 0); }, 8},
      {"inotify", watch, touch, sizeof(inotify_event)},
      {"fanotify", notify, touch, sizeof(fanotify_event_metadata)},
      {"signalfd", signals, [](int) { ::kill(::getpid(), SIGUSR1); }, sizeof(signalfd_siginfo)},
  };
}

}  // namespace

TEST_CASE("what has no file type gives each event and ends with a cancel in either mode") {
  const TemporaryFolder folder;
  for (const Kind& kind : kinds(folder)) {
    for (const bool blocks : {true, false}) {
      CAPTURE(kind.name);
      CAPTURE(blocks);
      const File file(kind.make(blocks), true);
      REQUIRE(file.descriptor() >= 0);
      OpenSource source(kDeviceSource, of(file));
      REQUIRE(source.status == 0);
      source.read(4096);
      CHECK(source.result == SLIPRING_NOTHING);
      kind.happen(file.descriptor());
      CHECK(source.wait_and_read(4096).size() >= kind.least);
      while (source.result != SLIPRING_NOTHING) source.read(4096);  // an open has more than one
      TestThread reader([&] { source.wait_and_read(4096); });
      REQUIRE(reader.falls_asleep());
      source.cancel();
      reader.join();
      CHECK(source.error.number == ECANCELED);
    }
  }
}

TEST_CASE("a file that the kernel makes up is read to its end") {
  OpenSource by_path(kDeviceSource, Options().text("path", "/proc/self/mountinfo"));
  CHECK_FALSE(by_path.read_all(4096).empty());
  CHECK(by_path.result == SLIPRING_END);
  const File file(::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC), true);
  OpenSource by_descriptor(kDeviceSource, of(file));
  CHECK_FALSE(by_descriptor.read_all(4096).empty());
  CHECK(by_descriptor.result == SLIPRING_END);
}
