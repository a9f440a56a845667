// The built-in sources by name. A new one is a file here and a line in registry.cc.
#pragma once

#include <string_view>

#include "slipring/source.h"

namespace slipring {

extern const slipring_source kDeviceSource;
extern const slipring_source kFileSource;
extern const slipring_source kFollowSource;
extern const slipring_source kPatternSource;
extern const slipring_source kPluginSource;
extern const slipring_source kUdpSource;

// Any thread. Null when there is no such source.
const slipring_source* find_source(std::string_view name) noexcept;

// Any thread. Whether a thread that has run the source is as it was before. Code of others may have changed anything,
// and datagrams are received by a thread that asks for its processor sooner than others.
bool leaves_its_thread_alone(const slipring_source& source) noexcept;

}  // namespace slipring
