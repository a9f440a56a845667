// Who reads: the consumer may, in the producer thread's place.
#include <chrono>
#include <thread>

#include "core/clock.h"
#include "core/pump/pump.h"

namespace slipring {

namespace {

// While the consumer reads by itself, the producer thread keeps out of its way, until it has not for this long.
constexpr auto kRest = std::chrono::milliseconds(50);

// When the consumer has read this often, each time so soon after the last and so much, or half a slot, there is more
// than messages: then a thread that copies while the other one works is quicker. Terminals give less at a time.
constexpr uint64_t kFloodNs = 200'000;
constexpr uint32_t kFloodReads = 8;

}  // namespace

// Producer thread, when there is data. Leaves it to a consumer that has promised to read, as long as it does; if it
// does not, the thread reads on until there is nothing.
void Pump::rest() {
  std::unique_lock<std::mutex> lock(rest_mutex_);
  while (help_promised_) {
    const uint64_t reads = helped_.load(std::memory_order_relaxed);  // a hint: nothing depends on its order
    rest_over_.wait_for(lock, kRest, [&] { return !help_promised_; });
    const bool helps = help_promised_ && helped_.load(std::memory_order_relaxed) != reads;
    keeps_out_.store(helps, std::memory_order_relaxed);
    if (!helps) return;
  }
}

// Consumer thread.
void Pump::promise_help() {
  const std::lock_guard<std::mutex> lock(rest_mutex_);
  help_promised_ = true;
  keeps_out_.store(true, std::memory_order_relaxed);
}

// Any thread.
void Pump::stop_helping() {
  {
    const std::lock_guard<std::mutex> lock(rest_mutex_);
    help_promised_ = false;
    keeps_out_.store(false, std::memory_order_relaxed);
  }
  rest_over_.notify_one();
}

// Consumer thread. Nobody else announces anything meanwhile: that is the producer's side.
Pump::Help Pump::help(std::span<std::byte> place) {
  const std::unique_lock<std::mutex> lock(reading_, std::try_to_lock);
  if (!lock.owns_lock()) {
    // Whoever reads may have been put off its processor, by the wake-up of this thread for example.
    std::this_thread::yield();
    return {.in_turn = false};
  }
  if (helpable_ == nullptr || finished_) return {.useful = false};
  // It would sleep on if we took the slot that it waits for, and kept it.
  if (channel_.producer_waits()) return {.was_needed = false};
  channel_.listen(false);
  // No chunk may pass those that are ready.
  Message message{.place = channel_.ready_count() > 0 ? std::span<std::byte>() : place};
  const Next first = step(helpable_, &message);
  const Next next = hand_on_held(helpable_, first);
  Help help{.message = message.length, .records = message.records, .published = channel_.ready_count() > 0};
  if (!help.published) channel_.listen(true);
  // What was read may have been all there is.
  note_unfinished();
  if (first == Next::kWaitForData) {
    help.useful = false;  // somebody else was quicker, or the source cannot promise not to wait
    return help;
  }
  const uint64_t now = monotonic_ns();
  help.read_at = now;
  in_a_row_ = now - helped_at_ns_ < kFloodNs && last_was_large_ ? in_a_row_ + 1 : 0;
  helped_at_ns_ = now;
  helped_.fetch_add(1, std::memory_order_relaxed);
  if ((next == Next::kRead || next == Next::kWaitForData) && in_a_row_ < kFloodReads) return help;
  // From here on the producer thread has to see to it.
  in_a_row_ = 0;
  if (next == Next::kFinish) source_.cancel(helpable_);
  help.useful = false;
  return help;
}

}  // namespace slipring
