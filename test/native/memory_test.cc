// Huge pages are asked for, and the memory is the same whether the system gives them or not.
#include "platform/memory.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

using slipring::platform::advise_huge_pages;
using slipring::platform::huge_page_size;

TEST_CASE("a huge page is a power of two of sensible size or there are none") {
  const std::size_t size = huge_page_size();
  CHECK((size & (size - 1)) == 0);
  if (size != 0) CHECK(size >= 65536);
  CHECK(size <= (std::size_t{4} << 20));
  CHECK(huge_page_size() == size);
}

TEST_CASE("memory that huge pages were asked for keeps what is written to it") {
  const std::size_t size = huge_page_size() != 0 ? huge_page_size() : 4096;
  const std::unique_ptr<void, decltype(&std::free)> memory(std::aligned_alloc(size, 2 * size), &std::free);
  REQUIRE(memory != nullptr);
  advise_huge_pages(memory.get(), 2 * size);
  std::memset(memory.get(), 0xa5, 2 * size);
  const auto* bytes = static_cast<const unsigned char*>(memory.get());
  for (std::size_t i = 0; i < 2 * size; i += 4096) REQUIRE(bytes[i] == 0xa5);
  CHECK(bytes[2 * size - 1] == 0xa5);
}

#ifdef __linux__

// The flags of the mapping that `address` is in, as the kernel lists them.
static std::string flags_of_mapping(const void* address) {
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream smaps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(smaps, line);) {
    unsigned long begin = 0;
    unsigned long end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx ", &begin, &end) == 2) inside = begin <= wanted && wanted < end;
    if (inside && line.starts_with("VmFlags:")) return line + " ";
  }
  return {};
}

TEST_CASE("the kernel knows of the memory that huge pages were asked for") {
  const std::size_t size = huge_page_size();
  if (size == 0) return;
  const std::unique_ptr<void, decltype(&std::free)> memory(std::aligned_alloc(size, 2 * size), &std::free);
  REQUIRE(memory != nullptr);
  REQUIRE(flags_of_mapping(memory.get()).find(" hg ") == std::string::npos);
  advise_huge_pages(memory.get(), size);
  const auto* begin = static_cast<const std::byte*>(memory.get());
  CHECK(flags_of_mapping(begin).find(" hg ") != std::string::npos);
  CHECK(flags_of_mapping(begin + size - 1).find(" hg ") != std::string::npos);
}

#endif
