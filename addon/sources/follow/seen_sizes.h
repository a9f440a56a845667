// How long a file was each time that somebody looked: when it is shorter than before it was cut, and what had not been
// read by then is lost. What was written and cut between two looks, nobody knows of.
//
// One thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>

namespace slipring {

class SeenSizes {
 public:
  void see(int64_t size) noexcept {
    if (size < last_) {
      if (cut_at_ < 0) {
        cut_at_ = last_;
      } else {
        gone_since_ += last_;
      }
    }
    last_ = size;
  }

  // Whether it was cut since it was begun.
  [[nodiscard]] bool cut() const noexcept { return cut_at_ >= 0; }

  // It is read from its start now, and was read up to `position`. Returns how many bytes are known to be lost.
  int64_t begin(int64_t position) noexcept {
    const int64_t lost = std::max(cut_at_ - position, int64_t{0}) + gone_since_;
    *this = {};
    return lost;
  }

 private:
  int64_t last_ = 0;
  int64_t cut_at_ = -1;     // how long it was before the first cut
  int64_t gone_since_ = 0;  // what was seen between that one and the last
};

}  // namespace slipring
