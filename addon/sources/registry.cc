#include "sources/registry.h"

namespace slipring {

namespace {

struct Entry {
  std::string_view name;
  const slipring_source* source;
};

constexpr Entry kSources[] = {
    {.name = "device", .source = &kDeviceSource}, {.name = "file", .source = &kFileSource},
    {.name = "follow", .source = &kFollowSource}, {.name = "pattern", .source = &kPatternSource},
    {.name = "plugin", .source = &kPluginSource}, {.name = "udp", .source = &kUdpSource},
};

}  // namespace

const slipring_source* find_source(std::string_view name) noexcept {
  for (const Entry& entry : kSources) {
    if (entry.name == name) return entry.source;
  }
  return nullptr;
}

bool leaves_its_thread_alone(const slipring_source& source) noexcept {
  return &source != &kPluginSource && &source != &kUdpSource;
}

}  // namespace slipring
