// A C++ class behind the table of source.h: header only, C++17, and nothing of it is compiled into slipring.
//
//   class Counter {
//    public:
//     explicit Counter(const slipring::Options& options);                          // open; throws to refuse
//     int64_t read(void* data, size_t size, slipring_chunk& chunk);                // throws to fail
//     void cancel() noexcept;
//   };
//   const slipring_source slipring_source_v1 = slipring::make_source<Counter>();
//
// The destructor is the table's close. Found when the class has them:
//
//   void start(const slipring::Sink& sink);  instead of read: the source pushes
//   void wait();                             throws to fail
//   int64_t descriptor() noexcept;
//   const char* name() noexcept;
//
// Each runs on the thread that source.h says. What it throws ends the stream with an error that says the same: nothing
// that is thrown crosses the interface. A `Failure` carries an errno and the call that failed, a std::system_error its
// code, a std::bad_alloc ENOMEM, any other std::exception its words.
#ifndef SLIPRING_SOURCE_HPP
#define SLIPRING_SOURCE_HPP

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

#include "slipring/source.h"

namespace slipring {

// Thrown by a source to fail as a system call does: JavaScript gets an Error with this errno's code, and this syscall.
class Failure : public std::exception {
 public:
  // `number` is an errno value. `text` adds what a person should know.
  Failure(int number, std::string syscall, std::string text = "")
      : number_(number), syscall_(std::move(syscall)), text_(std::move(text)) {}

  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] const std::string& syscall() const noexcept { return syscall_; }
  [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

 private:
  int number_;
  std::string syscall_;
  std::string text_;
};

// What the constructor gets. Valid only there.
class Options {
 public:
  explicit Options(const slipring_options& options) : options_(options) {}

  // The stream's `config` as JSON, empty when there is none.
  [[nodiscard]] std::string_view config() const noexcept { return text("config"); }

  // The address of the table, when it came as an External; else 0.
  [[nodiscard]] int64_t table() const noexcept {
    const slipring_option* const option = find("table");
    return option != nullptr ? option->integer : 0;
  }

 private:
  [[nodiscard]] const slipring_option* find(std::string_view name) const noexcept {
    const auto* item = reinterpret_cast<const unsigned char*>(options_.items);
    for (std::size_t i = 0; i < options_.count; ++i, item += options_.item_size) {
      const auto* const option = reinterpret_cast<const slipring_option*>(item);
      if (option->name == name) return option;
    }
    return nullptr;
  }
  [[nodiscard]] std::string_view text(std::string_view name) const noexcept {
    const slipring_option* const option = find(name);
    return option != nullptr && option->text != nullptr ? std::string_view(option->text, option->text_size)
                                                        : std::string_view();
  }

  const slipring_options& options_;
};

// Where a source that pushes puts its bytes: see slipring_sink. Copies are the same sink. One thread at a time.
class Sink {
 public:
  Sink() noexcept = default;  // of no stream: refuses everything
  explicit Sink(const slipring_sink& sink) noexcept : sink_(sink) {}

  // Room for `size` bytes, or null. `acquire` waits when the stream's overflow is 'block', `try_acquire` never.
  [[nodiscard]] void* acquire(std::size_t size) const noexcept {
    return sink_.acquire != nullptr ? sink_.acquire(&sink_, size) : nullptr;
  }
  [[nodiscard]] void* try_acquire(std::size_t size) const noexcept {
    return sink_.try_acquire != nullptr ? sink_.try_acquire(&sink_, size) : nullptr;
  }
  // Sends what was written there; with `about` as a chunk of its own. False when it was refused.
  bool commit(std::size_t length) const noexcept { return do_commit(length, nullptr); }
  bool commit(std::size_t length, const slipring_chunk& about) const noexcept { return do_commit(length, &about); }

  // As acquire, for bytes that lie elsewhere: copies and sends them. False when there was no room.
  bool push(const void* data, std::size_t size) const noexcept {
    void* const room = acquire(size);
    if (room == nullptr) return false;
    std::memcpy(room, data, size);
    return commit(size);
  }

  // The end of the stream, after all that was sent; a failure when there is an error.
  void finish() const noexcept { do_finish(nullptr); }
  void finish(const slipring_error& error) const noexcept { do_finish(&error); }

  [[nodiscard]] std::size_t max_size() const noexcept { return sink_.max_size; }

 private:
  bool do_commit(std::size_t length, const slipring_chunk* about) const noexcept {
    return sink_.commit != nullptr && sink_.commit(&sink_, length, about) == 0;
  }
  void do_finish(const slipring_error* error) const noexcept {
    if (sink_.finish != nullptr) sink_.finish(&sink_, error);
  }

  slipring_sink sink_{};
};

namespace detail {

template <std::size_t size>
void copy_text(char (&into)[size], std::string_view text) noexcept {
  std::size_t length = text.size() < size ? text.size() : size - 1;
  // Not in the middle of a character of UTF-8.
  while (length < text.size() && length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0u) == 0x80u) --length;
  std::memcpy(into, text.data(), length);
  into[length] = '\0';
}

inline void fill(slipring_error& error, int number, std::string_view syscall, std::string_view text) noexcept {
  error.number = number;
  copy_text(error.syscall, syscall);
  copy_text(error.text, text);
}

// In a catch block. `where` names the function that was called.
inline void describe_exception(slipring_error& error, const char* where) noexcept {
  try {
    throw;
  } catch (const Failure& failure) {
    fill(error, failure.number(), failure.syscall(), failure.what());
  } catch (const std::bad_alloc&) { fill(error, ENOMEM, where, ""); } catch (const std::system_error& failure) {
    const bool has_errno =
        failure.code().category() == std::generic_category() || failure.code().category() == std::system_category();
    fill(error, has_errno ? failure.code().value() : 0, where, failure.what());
  } catch (const std::exception& failure) { fill(error, 0, where, failure.what()); } catch (...) {
    fill(error, 0, where, "something was thrown that is no std::exception");
  }
}

// Runs `call`, which returns what the table's function returns; SLIPRING_FAILED when it throws.
template <class Call>
auto contain(slipring_error* error, const char* where, Call call) noexcept -> decltype(call()) {
  try {
    return call();
  } catch (...) {
    describe_exception(*error, where);
    return SLIPRING_FAILED;
  }
}

template <class Source, class = void>
struct pushes : std::false_type {};
template <class Source>
struct pushes<Source, std::void_t<decltype(std::declval<Source&>().start(std::declval<const Sink&>()))>>
    : std::true_type {};

template <class Source, class = void>
struct waits : std::false_type {};
template <class Source>
struct waits<Source, std::void_t<decltype(std::declval<Source&>().wait())>> : std::true_type {};

template <class Source, class = void>
struct has_descriptor : std::false_type {};
template <class Source>
struct has_descriptor<Source, std::void_t<decltype(std::declval<Source&>().descriptor())>> : std::true_type {};

template <class Source, class = void>
struct has_name : std::false_type {};
template <class Source>
struct has_name<Source, std::void_t<decltype(std::declval<Source&>().name())>> : std::true_type {};

template <class Source>
Source& of(void* self) noexcept {
  return *static_cast<Source*>(self);
}

}  // namespace detail

// The table of a class, for slipring_source_v1 or an External. `flags` are SLIPRING_SOURCE_...
template <class Source>
constexpr slipring_source make_source(uint32_t flags = 0) {
  using detail::contain;
  using detail::of;
  static_assert(noexcept(std::declval<Source&>().cancel()), "cancel() cannot report a failure: noexcept");
  slipring_source table{};
  table.struct_size = sizeof table;
  table.abi_version = SLIPRING_ABI_VERSION;
  table.flags = flags;
  table.open = [](const slipring_options* options, void** self, slipring_error* error) -> int32_t {
    return contain(error, "open", [&] {
      *self = new Source(Options(*options));
      return int32_t{0};
    });
  };
  table.cancel = [](void* self) { of<Source>(self).cancel(); };
  table.close = [](void* self) { delete static_cast<Source*>(self); };
  if constexpr (detail::pushes<Source>::value) {
    table.start = [](void* self, const slipring_sink* sink, slipring_error* error) -> int32_t {
      return contain(error, "start", [&] {
        of<Source>(self).start(Sink(*sink));
        return int32_t{0};
      });
    };
  } else {
    table.read = [](void* self, void* data, size_t size, slipring_chunk* chunk, slipring_error* error) -> int64_t {
      return contain(error, "read", [&] { return int64_t{of<Source>(self).read(data, size, *chunk)}; });
    };
  }
  if constexpr (detail::waits<Source>::value) {
    table.wait = [](void* self, slipring_error* error) -> int32_t {
      return contain(error, "wait", [&] {
        of<Source>(self).wait();
        return int32_t{0};
      });
    };
  }
  if constexpr (detail::has_descriptor<Source>::value) {
    static_assert(noexcept(std::declval<Source&>().descriptor()), "descriptor() cannot report a failure: noexcept");
    table.descriptor = [](void* self) { return int64_t{of<Source>(self).descriptor()}; };
  }
  if constexpr (detail::has_name<Source>::value) {
    static_assert(noexcept(std::declval<Source&>().name()), "name() cannot report a failure: noexcept");
    table.name = [](void* self) -> const char* { return of<Source>(self).name(); };
  }
  return table;
}

}  // namespace slipring

#endif
