#include "sources/follow/series.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

namespace slipring {

namespace {

constexpr std::array<std::string_view, 7> kCompressed = {".gz", ".bz2", ".xz", ".zst", ".lz4", ".Z", ".zip"};
constexpr std::string_view kSeparators = ".-_";

// A name with that many digits has a date in it, and not only a number that tells it from the neighbour's.
constexpr std::ptrdiff_t kDate = 6;

bool is_digit(char character) noexcept { return character >= '0' && character <= '9'; }

// What a rotation adds to a name, and nothing: digits, with what parts those of a date and a time.
bool is_mark(std::string_view text) noexcept {
  if (text.empty() || text == ".old") return true;
  bool after_digit = false;
  const auto fits = [&](char character) {
    // Behind a dot a Z is no zone: so ends what was compressed long ago.
    const bool is_letter = (character == 'T' || character == 'Z') && after_digit;
    after_digit = is_digit(character);
    return after_digit || is_letter || std::string_view(".-_:+").find(character) != std::string_view::npos;
  };
  return kSeparators.find(text[0]) != std::string_view::npos && std::ranges::all_of(text, std::ref(fits)) &&
         std::ranges::any_of(text, is_digit);
}

}  // namespace

bool Series::differ_in_date(std::string_view one, std::string_view other) noexcept {
  if (std::ranges::count_if(one, is_digit) < kDate) return false;
  return std::ranges::equal(one, other, [](char a, char b) { return a == b || (is_digit(a) && is_digit(b)); });
}

bool Series::has_compressed(std::string_view name) const noexcept {
  return std::ranges::any_of(kCompressed, [&](std::string_view end) {
    return name.ends_with(end) && has(name.substr(0, name.size() - end.size()));
  });
}

std::optional<uint32_t> Series::number_of(std::string_view name) const noexcept {
  constexpr std::size_t kMostDigits = 5;
  if (!name.starts_with(name_)) return std::nullopt;
  const std::string_view mark = name.substr(name_.size());
  if (mark.size() < 2 || mark.size() > kMostDigits + 1 || kSeparators.find(mark[0]) == std::string_view::npos) {
    return std::nullopt;
  }
  uint32_t number = 0;
  const char* const end = mark.data() + mark.size();
  const auto [stop, error] = std::from_chars(mark.data() + 1, end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

bool Series::has(std::string_view name) const noexcept {
  if (name.starts_with(name_) && is_mark(name.substr(name_.size()))) return true;
  const std::size_t dot = std::min(name_.rfind('.'), name_.size());
  const std::string_view stem = std::string_view(name_).substr(0, dot);
  const std::string_view ending = std::string_view(name_).substr(dot);
  const bool is_around =
      !stem.empty() && name.size() > name_.size() && name.starts_with(stem) && name.ends_with(ending);
  if (is_around && is_mark(name.substr(dot, name.size() - name_.size()))) return true;
  return differ_in_date(name_, name);
}

}  // namespace slipring
