// Pages are asked for, huge ones or many, and the memory is the same whether the system gives them or not.
#include "platform/memory.h"

#include <doctest/doctest.h>
#ifdef __linux__
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>

using slipring::platform::advise_huge_pages;
using slipring::platform::fault_in;
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

TEST_CASE("pages that are asked for are there before they are touched and keep what is in them") {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  void* const mapped = ::mmap(nullptr, 4 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(mapped != MAP_FAILED);
  auto* const bytes = static_cast<unsigned char*>(mapped);
  bytes[7] = 0xa5;
  fault_in(bytes + 8, 2 * page);
  unsigned char resident[4] = {};
  REQUIRE(::mincore(mapped, 4 * page, resident) == 0);
  // Older kernels decline: see MADV_POPULATE_WRITE.
  const bool knows_how = ::madvise(mapped, page, 23) == 0;
  CHECK(((resident[1] & 1) != 0) == knows_how);
  CHECK(((resident[2] & 1) != 0) == knows_how);
  CHECK((resident[3] & 1) == 0);
  CHECK(bytes[7] == 0xa5);
  CHECK(bytes[8] == 0);
  ::munmap(mapped, 4 * page);
}

TEST_CASE("pages are asked for although some or very many are there already") {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  for (const std::size_t count : {std::size_t{3}, std::size_t{300}}) {
    CAPTURE(count);
    const std::size_t size = count * page;
    void* const mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    REQUIRE(mapped != MAP_FAILED);
    auto* const bytes = static_cast<unsigned char*>(mapped);
    for (std::size_t i = 0; i + 1 < count; i++) bytes[i * page] = 0xa5;
    fault_in(mapped, size);
    unsigned char last = 0;
    REQUIRE(::mincore(bytes + size - page, page, &last) == 0);
    CHECK(((last & 1) != 0) == (::madvise(mapped, page, 23) == 0));
    CHECK(bytes[0] == 0xa5);
    ::munmap(mapped, size);
  }
}

#endif
