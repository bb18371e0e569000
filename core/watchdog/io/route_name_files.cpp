#include "core/watchdog/io/route_name_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <system_error>

namespace holdfast::watchdog {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostOctets = std::size_t{1} << 20;
constexpr std::size_t kMostFiles = 256;

/// Only of a regular file: a FIFO would never end.
std::optional<std::string> text_of(const fs::path& path) {
  std::error_code failed;
  if (!fs::is_regular_file(path, failed)) return std::nullopt;
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string text(kMostOctets, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

/// The names of the *.conf of a folder, in order.
std::set<std::string> parts_of(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code failed;
  fs::directory_iterator entry(folder, failed), end;
  for (; !failed && entry != end && names.size() < kMostFiles; entry.increment(failed)) {
    const fs::path name = entry->path().filename();
    if (name.extension() == ".conf") names.insert(name.string());
  }
  return names;
}

void add_main(const std::string& table, const config::RouteNameFolders& folders, std::vector<std::string>& texts) {
  std::vector<std::string> order{folders.own};
  order.insert(order.end(), folders.shipped.begin(), folders.shipped.end());
  for (const std::string& folder : order) {
    if (auto text = text_of(fs::path(folder) / table)) return texts.push_back(*std::move(text));
  }
}

}  // namespace

std::vector<std::string> read_route_name_files(const std::string& table, const config::RouteNameFolders& folders) {
  std::vector<std::string> texts;
  add_main(table, folders, texts);
  const auto add = [&](const fs::path& path) {
    if (auto text = text_of(path)) texts.push_back(*std::move(text));
  };
  const fs::path own = fs::path(folders.own) / (table + ".d");
  const std::set<std::string> own_parts = parts_of(own);
  for (const std::string& folder : folders.shipped) {
    const fs::path shipped = fs::path(folder) / (table + ".d");
    for (const std::string& name : parts_of(shipped)) {
      if (!own_parts.contains(name)) add(shipped / name);
    }
  }
  for (const std::string& name : own_parts) add(own / name);
  return texts;
}

}  // namespace holdfast::watchdog
