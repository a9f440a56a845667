// The process's open descriptors, pipes and temporary files for the tests of what opens and closes them.
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>

namespace slipring::test {

// Every open descriptor. Asked one by one, because reading /proc/self/fd opens another.
inline std::set<int> open_descriptors() {
  std::set<int> open;
  for (int descriptor = 0; descriptor < 256; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) != -1) open.insert(descriptor);
  }
  return open;
}

inline bool is_open(int descriptor) { return ::fcntl(descriptor, F_GETFD) != -1; }
inline bool closes_on_exec(int descriptor) { return (::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0; }

// Those that were opened since `before`.
inline std::set<int> opened_since(const std::set<int>& before) {
  std::set<int> opened;
  for (const int descriptor : open_descriptors()) {
    if (!before.contains(descriptor)) opened.insert(descriptor);
  }
  return opened;
}

// While it lives the process can open `room` more descriptors, 0 or 1.
class DescriptorLimit {
 public:
  explicit DescriptorLimit(rlim_t room) {
    const int lowest_free = ::dup(0);
    ::close(lowest_free);
    if (::getrlimit(RLIMIT_NOFILE, &before_) != 0) ::abort();
    const rlimit low{static_cast<rlim_t>(lowest_free) + room, before_.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &low) != 0) ::abort();
  }
  ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  DescriptorLimit(const DescriptorLimit&) = delete;
  DescriptorLimit& operator=(const DescriptorLimit&) = delete;

 private:
  rlimit before_{};
};

// A pipe whose ends a child would inherit, as a caller's might.
struct Pipe {
  Pipe() {
    int ends[2] = {-1, -1};
    if (::pipe(ends) != 0) ::abort();
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    if (read_end != -1) ::close(read_end);
    close_write_end();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] bool write(const std::string& text) const {
    return ::write(write_end, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }
  void close_write_end() {
    if (write_end != -1) ::close(write_end);
    write_end = -1;
  }

  int read_end;
  int write_end;
};

// A folder that is gone with its files at the end of the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "slipring-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) ::abort();
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }

  [[nodiscard]] std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  [[nodiscard]] std::string fifo(const std::string& name) const {
    if (::mkfifo(path(name).c_str(), 0600) != 0) ::abort();
    return path(name);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace slipring::test
