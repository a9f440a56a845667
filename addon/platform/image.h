// The addon's own image in memory (Rule 5).
#pragma once

namespace slipring::platform {

// Keeps the image mapped until the process ends, also when Node unloads the addon. Any thread, any number of times.
void pin_image() noexcept;

}  // namespace slipring::platform
