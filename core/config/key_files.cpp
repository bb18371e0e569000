#include "core/config/key_files.h"

#include <fmt/format.h>

#include "core/config/codec.h"

namespace holdfast::config {

namespace {

constexpr std::string_view kPrefix = "file:";
constexpr std::size_t kKeyWord = 2;
constexpr std::size_t kLongestFile = 4096;

std::string hex_word(std::string_view octets) {
  std::string text = "hex:";
  for (const char octet : octets) text += fmt::format("{:02x}", static_cast<unsigned char>(octet));
  return text;
}

void resolve_line(const FileSystem& files, Node& line, Diagnostics& diagnostics) {
  if (line.words.size() <= kKeyWord || line.words[0] != "key" || !line.words[kKeyWord].starts_with(kPrefix)) return;
  const std::string path = line.words[kKeyWord].substr(kPrefix.size());
  const bool regular = files.inspect(path).regular;
  Result<std::string> content = regular ? files.read(path) : Result<std::string>(Error{"not a regular file"});
  if (!content || content->size() > kLongestFile) {
    diagnostics.error(location_of(line, kKeyWord),
                      fmt::format("cannot read auth_hmac key file '{}': {}", path,
                                  content ? "it is too long" : content.error().message),
                      "a file with the 32 to 64 octets of the key");
    return;
  }
  if (content->ends_with('\n')) content->pop_back();
  line.words[kKeyWord] = hex_word(*content);
}

}  // namespace

void resolve_key_files(const FileSystem& files, Tree& tree, Diagnostics& diagnostics) {
  for (Node& root : tree.roots) {
    if (root.words.front() != "vrrp_instance") continue;
    for (Node& block : root.children) {
      if (block.words.front() != "auth_hmac") continue;
      for (Node& line : block.children) resolve_line(files, line, diagnostics);
    }
  }
}

}  // namespace holdfast::config
