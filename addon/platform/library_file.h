// The file of a shared library, before the system's loader sees it.
#pragma once

namespace slipring::platform {

// Whether the file is shorter than its headers say, as after a copy that broke off. The loader would map what is not
// there, and the process would end with SIGBUS. Only what is known of the format (ELF) can be cut short: about the rest
// the loader has its own words.
[[nodiscard]] bool is_cut_short(const char* path) noexcept;

}  // namespace slipring::platform
