#include "node/source_options.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdint>

namespace slipring {

SourceOptions::SourceOptions(const Napi::Object& options) {
  // Own names only: what somebody has added to Object.prototype is no option.
  napi_value own = nullptr;
  if (napi_get_all_property_names(options.Env(), options, napi_key_own_only, napi_key_skip_symbols,
                                  napi_key_numbers_to_strings, &own) != napi_ok) {
    return;
  }
  const Napi::Array names(options.Env(), own);
  const uint32_t count = names.Length();
  texts_.reserve(std::size_t{2} * count);  // a name, and perhaps a text, each
  items_.reserve(count);
  for (uint32_t i = 0; i < count; ++i) {
    const Napi::Value name = names.Get(i);
    if (name.IsEmpty()) return;
    const Napi::Value value = options.Get(name);
    if (value.IsEmpty()) return;
    slipring_option item{};
    item.name = texts_.emplace_back(name.As<Napi::String>().Utf8Value()).c_str();
    if (value.IsBuffer()) {
      const auto bytes = value.As<Napi::Buffer<char>>();
      const std::string& text = texts_.emplace_back(bytes.Data(), bytes.Length());
      item.text = text.c_str();
      item.text_size = text.size();
    } else if (value.IsExternal()) {
      const void* const address = value.As<Napi::External<void>>().Data();
      item.integer = static_cast<int64_t>(std::bit_cast<intptr_t>(address));
    } else {
      item.integer = value.As<Napi::Number>().Int64Value();
    }
    items_.push_back(item);
  }
  keep_descriptor();
  complete_ = true;
}

// Of a descriptor that the source is to duplicate: before the thread comes to that, it may be closed, and its number be
// that of another file (Rule 8). So the source duplicates one that is nobody else's.
void SourceOptions::keep_descriptor() noexcept {
  const slipring_option* const wanted = find("duplicate");
  slipring_option* const descriptor = find("fd");
  if (wanted == nullptr || wanted->integer == 0 || descriptor == nullptr) return;
  const int error = kept_.open_duplicate(static_cast<int>(descriptor->integer));
  if (error == 0) descriptor->integer = kept_.descriptor();
  if (error == EBADF) descriptor->integer = -1;  // the source will say so, whatever has the number by then
}

slipring_option* SourceOptions::find(std::string_view name) noexcept {
  const auto found = std::find_if(items_.begin(), items_.end(), [&](const auto& item) { return name == item.name; });
  return found != items_.end() ? &*found : nullptr;
}

}  // namespace slipring
