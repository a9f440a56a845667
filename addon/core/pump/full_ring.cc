// What meets a full ring.
#include <cstring>
#include <new>

#include "core/pump/pump.h"

namespace slipring {

// Producer's side. A slot for what was read while none was free. Nothing when there is none.
std::optional<uint32_t> Pump::make_room(std::span<const std::byte> content) {
  std::optional<uint32_t> index = channel_.try_acquire();
  // When the consumer itself holds every slot, there is no older chunk to drop.
  if (!index && overflow_ == Overflow::kDropOldest) index = channel_.reclaim_oldest();
  if (index) std::memcpy(channel_.slot(*index).data, content.data(), content.size());
  return index;
}

// Producer's side. Empty when there is no memory.
std::span<std::byte> Pump::scratch() {
  if (scratch_ == nullptr) scratch_.reset(new (std::nothrow) std::byte[slot_size_]);
  return {scratch_.get(), scratch_ != nullptr ? slot_size_ : 0};
}

}  // namespace slipring
