// Whose descriptor it is: what the file source opens it closes, and what is the caller's stays open (Rule 8).
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <string>
#include <utility>

#include "descriptors.h"
#include "source_rig.h"
#include "sources/registry.h"

using slipring::kFileSource;
using slipring::test::closes_on_exec;
using slipring::test::DescriptorLimit;
using slipring::test::is_open;
using slipring::test::open_descriptors;
using slipring::test::opened_since;
using slipring::test::OpenSource;
using slipring::test::Options;
using slipring::test::Pipe;
using slipring::test::TemporaryFolder;

TEST_CASE("every descriptor that is opened closes on exec and is closed at the end") {
  const TemporaryFolder folder;
  const Pipe pipe;
  const std::string file = folder.file("file", "x");
  const std::string fifo = folder.fifo("fifo");
  const auto before = open_descriptors();
  const auto count_opened = [&](Options options) {
    OpenSource source(kFileSource, std::move(options));
    CHECK(source.status == 0);
    const auto opened = opened_since(before);
    for (const int descriptor : opened) CHECK(closes_on_exec(descriptor));
    return opened.size();
  };
  CHECK(count_opened(Options().text("path", file)) == 1);
  CHECK(count_opened(Options().text("path", fifo)) == 3);  // the FIFO, and the pipe that wakes its reader
  CHECK(count_opened(Options().integer("fd", pipe.read_end).integer("duplicate", 1)) == 3);
  CHECK(count_opened(Options().integer("fd", pipe.read_end).integer("owned", 0)) == 2);
  CHECK(open_descriptors() == before);
}

TEST_CASE("the descriptor of a stream is the one it was given or the one it opened") {
  const TemporaryFolder folder;
  const Pipe pipe;
  const auto before = open_descriptors();
  OpenSource by_path(kFileSource, Options().text("path", folder.file("file", "x")));
  CHECK(opened_since(before) == std::set<int>{by_path.descriptor()});
  OpenSource by_number(kFileSource, Options().integer("fd", pipe.read_end).integer("owned", 0));
  CHECK(by_number.descriptor() == pipe.read_end);
  OpenSource duplicate(kFileSource, Options().integer("fd", pipe.read_end).integer("duplicate", 1));
  CHECK(duplicate.descriptor() != pipe.read_end);
  CHECK_FALSE(before.contains(duplicate.descriptor()));
}

TEST_CASE("a descriptor is closed with its stream when it is owned which is the default") {
  Pipe pipe;
  for (const bool said : {false, true}) {
    const int given = ::dup(pipe.read_end);
    Options options = Options().integer("fd", given);
    if (said) options.integer("owned", 1);
    OpenSource source(kFileSource, options);
    CHECK(is_open(given));
    source.close();
    CHECK_FALSE(is_open(given));
  }
}

TEST_CASE("a descriptor that is not owned stays open") {
  const Pipe pipe;
  const auto before = open_descriptors();
  { OpenSource source(kFileSource, Options().integer("fd", pipe.read_end).integer("owned", 0)); }
  CHECK(open_descriptors() == before);
}

TEST_CASE("a duplicate is closed with its stream and the original stays open") {
  const Pipe pipe;
  const auto before = open_descriptors();
  for (const int64_t owned : {0, 1}) {
    {
      OpenSource source(kFileSource,
                        Options().integer("fd", pipe.read_end).integer("duplicate", 1).integer("owned", owned));
    }
    CHECK(open_descriptors() == before);
  }
}

TEST_CASE("a file that was opened for the caller stays open") {
  const TemporaryFolder folder;
  int descriptor = -1;
  {
    OpenSource source(kFileSource, Options().text("path", folder.file("file", "x")).integer("owned", 0));
    descriptor = source.descriptor();
  }
  CHECK(is_open(descriptor));
  CHECK(closes_on_exec(descriptor));
  ::close(descriptor);
}

TEST_CASE("an opening that fails leaves nothing open") {
  const TemporaryFolder folder;
  const std::string fifo = folder.fifo("fifo");
  const auto before = open_descriptors();
  { const OpenSource source(kFileSource, Options().text("path", folder.path("missing"))); }
  CHECK(open_descriptors() == before);

  // No room at all, and then room for the FIFO but not for the pipe that would wake its reader.
  for (const rlim_t room : {0, 1}) {
    for (const int64_t owned : {0, 1}) {
      const DescriptorLimit limit(room);
      const OpenSource source(kFileSource, Options().text("path", fifo).integer("owned", owned));
      CHECK(source.status == -1);
      CHECK(source.error.number == EMFILE);
      CHECK(std::string(source.error.syscall) == (room == 0 ? "open" : "pipe"));
    }
  }
  CHECK(open_descriptors() == before);
}

TEST_CASE("many streams after each other leave the descriptors as they were") {
  const TemporaryFolder folder;
  const std::string fifo = folder.fifo("fifo");
  const auto before = open_descriptors();
  for (int i = 0; i < 2000; ++i) {
    OpenSource source(kFileSource, Options().text("path", fifo));
    REQUIRE(source.status == 0);
    if (i % 2 == 0) source.cancel();
  }
  CHECK(open_descriptors() == before);
}
