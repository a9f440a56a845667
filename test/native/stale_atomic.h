// An atomic that is as weak as the C++ memory model allows.
//
// One thread plays several actors in turn. Every store is kept, and a load returns any of the values that its actor may
// still see, chosen by a seed: a store that is ordered by nothing may stay unseen for ever. x86 never shows a relaxed
// store in the place of a release, and a race of two loads only by luck; this shows both, in any build, and the same
// seed shows it again. Modelled is what IndexRing uses.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace slipring::test {

class Model {
 public:
  // For each variable, the oldest entry of its history that may still be read.
  using View = std::array<std::size_t, 8>;

  explicit Model(uint32_t seed) : random_(seed) { current_ = this; }
  ~Model() { current_ = nullptr; }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  static Model& current() { return *current_; }

  // From now on every load and store is this actor's.
  void play(std::size_t actor) { actor_ = actor; }

  std::size_t random_below(std::size_t limit) { return random_() % limit; }
  std::size_t new_variable() { return variables_++; }
  View& view() { return views_.at(actor_); }

  // Any entry from the oldest visible one on, but half of the time the newest, so that something moves.
  std::size_t choose(std::size_t oldest, std::size_t newest) {
    return random_below(2) == 0 ? newest : oldest + random_below(newest - oldest + 1);
  }

 private:
  static inline Model* current_ = nullptr;

  std::mt19937 random_;
  std::size_t actor_ = 0;
  std::size_t variables_ = 0;
  std::array<View, 3> views_{};
};

template <class T>
class StaleAtomic {
 public:
  StaleAtomic(T value) : history_{{value, {}}} {}

  void store(T value, std::memory_order order) {
    Model::View& view = Model::current().view();
    view.at(variable_) = history_.size();
    // A release passes on everything its actor has seen, a relaxed store nothing.
    history_.push_back({value, order == std::memory_order_release ? view : Model::View{}});
  }

  // Reads the newest value whatever its actor has seen, as every read-modify-write does, and never fails without a
  // reason.
  bool compare_exchange_weak(T& expected, T desired, std::memory_order success, std::memory_order = {}) {
    Model::View& view = Model::current().view();
    const Entry newest = history_.back();
    view.at(variable_) = history_.size() - 1;
    if (newest.value != expected) {
      expected = newest.value;
      return false;
    }
    // What an earlier release passed on goes on with it: it belongs to that release's sequence.
    Model::View passed_on = newest.passed_on;
    view.at(variable_) = history_.size();
    if (success == std::memory_order_release) {
      for (std::size_t i = 0; i < view.size(); ++i) passed_on.at(i) = std::max(passed_on.at(i), view.at(i));
    }
    history_.push_back({desired, passed_on});
    return true;
  }

  T load(std::memory_order order) const {
    Model::View& view = Model::current().view();
    const std::size_t chosen = Model::current().choose(view.at(variable_), history_.size() - 1);
    view.at(variable_) = chosen;
    const Entry& entry = history_.at(chosen);
    if (order == std::memory_order_acquire) {
      for (std::size_t i = 0; i < view.size(); ++i) view.at(i) = std::max(view.at(i), entry.passed_on.at(i));
    }
    return entry.value;
  }

 private:
  struct Entry {
    T value;
    Model::View passed_on;
  };

  const std::size_t variable_ = Model::current().new_variable();
  std::vector<Entry> history_;
};

}  // namespace slipring::test
