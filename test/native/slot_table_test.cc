#include "core/ring/slot_table.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>

#include "death.h"

using slipring::Slot;
using slipring::SlotState;
using slipring::SlotTable;
using slipring::test::aborts;

TEST_CASE("a table has as many slots as were asked for and each is the consumer's at first") {
  SlotTable table(3);
  CHECK(table.count() == 3);
  for (uint32_t i = 0; i < table.count(); ++i) {
    CHECK(table[i].state == SlotState::kLent);
    CHECK(table[i].data == nullptr);
    CHECK(table[i].size == 0);
    CHECK(table[i].length == 0);
  }
}

TEST_CASE("slots are distinct and stay where they are") {
  SlotTable table(4);
  for (uint32_t i = 0; i < 4; ++i) table[i].position.chunks = 10 + i;
  Slot* const second = &table[1];
  for (uint32_t i = 0; i < 4; ++i) CHECK(table[i].position.chunks == 10 + i);
  CHECK(second == &table[1]);
}

TEST_CASE("a slot's memory is where it was armed and as long") {
  std::array<std::byte, 24> memory{};
  Slot slot;
  slot.data = memory.data();
  slot.size = memory.size();
  slot.length = 5;
  CHECK(slot.memory().data() == memory.data());
  CHECK(slot.memory().size() == 24);
}

TEST_CASE("a slot goes round through all of its states") {
  Slot slot;
  for (int round = 0; round < 2; ++round) {
    slot.move_to(SlotState::kLent, SlotState::kFree);
    CHECK(slot.state == SlotState::kFree);
    slot.move_to(SlotState::kFree, SlotState::kFilling);
    CHECK(slot.state == SlotState::kFilling);
    slot.move_to(SlotState::kFilling, SlotState::kReady);
    CHECK(slot.state == SlotState::kReady);
    slot.move_to(SlotState::kReady, SlotState::kLent);
    CHECK(slot.state == SlotState::kLent);
  }
}

TEST_CASE("a slot that is not where its owner thinks aborts a build with asserts") {
  Slot slot;
  CHECK(aborts([&] { slot.move_to(SlotState::kFree, SlotState::kFilling); }));
  CHECK(aborts([&] { slot.move_to(SlotState::kReady, SlotState::kLent); }));
  CHECK_FALSE(aborts([&] { slot.move_to(SlotState::kLent, SlotState::kFree); }));
}

TEST_CASE("a slot that does not exist aborts a build with asserts") {
  SlotTable table(3);
  volatile uint32_t index = 3;  // the compiler shall not see what is wrong
  CHECK(aborts([&] { table[index].length = 1; }));
  index = UINT32_MAX;
  CHECK(aborts([&] { table[index].length = 1; }));
  index = 2;
  CHECK_FALSE(aborts([&] { table[index].length = 1; }));
}
