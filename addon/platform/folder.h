// What is in a folder, by its names. UTF-8, as every path here.
#pragma once

#include <string>
#include <vector>

namespace slipring::platform {

// Any thread. Adds the names that are in there but those of the folder itself and of what it is in, in no order.
// Returns 0 or an errno.
[[nodiscard]] int list_folder(const std::string& folder, std::vector<std::string>& names);

// A path as the folder that it is in, and its name there.
struct PathParts {
  std::string folder;
  std::string name;
};

// Any thread.
[[nodiscard]] PathParts parts_of(const std::string& path);
// Any thread. Without symbolic links, where there are any; empty when nothing is there.
[[nodiscard]] std::string real_path(const std::string& path);

}  // namespace slipring::platform
