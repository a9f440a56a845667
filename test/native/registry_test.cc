// The built-in sources by name, and the little that they share.
#include "sources/registry.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>

#include "scripted_source.h"
#include "sources/support.h"

using slipring::find_source;
using slipring::test::Options;

TEST_CASE("a source is found by its exact name") {
  CHECK(find_source("file") == &slipring::kFileSource);
  CHECK(find_source("pattern") == &slipring::kPatternSource);
  for (const char* name : {"", "fil", "files", "File", "pattern "}) CHECK(find_source(name) == nullptr);
}

TEST_CASE("every table is complete") {
  for (const char* name : {"file", "pattern"}) {
    CAPTURE(name);
    const slipring_source* source = find_source(name);
    REQUIRE(source != nullptr);
    CHECK(source->struct_size == sizeof(slipring_source));
    CHECK(source->abi_version == SLIPRING_ABI_VERSION);
    CHECK((source->open != nullptr));
    CHECK((source->read != nullptr));
    CHECK((source->cancel != nullptr));
    CHECK((source->close != nullptr));
    CHECK((source->start == nullptr));
  }
}

TEST_CASE("options are found by name and have a value when they are absent") {
  Options options = Options().text("path", "/x").integer("fd", 0).integer("start", -5);
  const slipring_options view = options.view();
  CHECK(std::string(slipring::text_option(view, "path")) == "/x");
  CHECK(slipring::text_option(view, "pat") == nullptr);
  CHECK(slipring::text_option(view, "fd") == nullptr);
  CHECK(slipring::integer_option(view, "fd", 7) == 0);
  CHECK(slipring::integer_option(view, "start", 7) == -5);
  CHECK(slipring::integer_option(view, "length", 7) == 7);
  CHECK(slipring::find_option(view, "") == nullptr);
}

TEST_CASE("a failure names the call and fits whatever the name's length") {
  slipring_error error{};
  CHECK(slipring::fail(&error, 5, "read") == -1);
  CHECK(error.number == 5);
  CHECK(std::string(error.syscall) == "read");
  std::memset(&error, 'x', sizeof error);
  CHECK(slipring::fail(&error, 6, "a_name_of_exactly_23_by") == -1);
  CHECK(std::string(error.syscall) == "a_name_of_exactly_23_by");
  CHECK(slipring::fail(&error, 6, "a_name_that_is_far_too_long_for_it") == -1);
  CHECK(std::string(error.syscall) == "a_name_that_is_far_too_");
  CHECK(error.text[0] == 'x');
}
