#include "core/config/source.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fnmatch.h>
#include <glob.h>
#include <memory>
#include <sys/stat.h>

namespace holdfast::config {

namespace {

constexpr std::size_t kMostAlternatives = 1000;

/// The '}' that closes the '{' at `open`, or npos.
std::size_t closing_brace(const std::string& text, std::size_t open) {
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == '{') ++depth;
    if (text[at] == '}' && --depth == 0) return at;
  }
  return std::string::npos;
}

std::vector<std::string> split_alternatives(const std::string& inside) {
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : inside) {
    if (c == '{') ++depth;
    if (c == '}') --depth;
    if (c == ',' && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

std::vector<std::string> expand_braces(const std::string& pattern) {
  std::vector<std::string> done;
  std::vector<std::string> open{pattern};
  while (!open.empty() && done.size() + open.size() < kMostAlternatives) {
    const std::string next = std::move(open.back());
    open.pop_back();
    const std::size_t from = next.find('{');
    const std::size_t to = from == std::string::npos ? from : closing_brace(next, from);
    const std::vector<std::string> parts =
        to == std::string::npos ? std::vector<std::string>{} : split_alternatives(next.substr(from + 1, to - from - 1));
    if (parts.size() < 2) {
      done.push_back(next);
      continue;
    }
    for (const std::string& part : parts) open.push_back(next.substr(0, from) + part + next.substr(to + 1));
  }
  return done;
}

FileSystem::Entry RealFileSystem::inspect(const std::string& path) const {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return {true, S_ISREG(status.st_mode), (status.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) != 0};
}

Result<std::string> RealFileSystem::read(const std::string& path) const {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "re"), &std::fclose);
  if (!file) return system_error("open " + path, errno);
  constexpr std::size_t kLargestFile = 512U << 20;
  std::string content;
  struct stat status {};
  if (::fstat(fileno(file.get()), &status) == 0 && S_ISREG(status.st_mode))
    content.reserve(std::min(static_cast<std::size_t>(status.st_size), kLargestFile));
  char buffer[65536];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get())) {
    if (content.size() + count > kLargestFile) return system_error("read " + path, EFBIG);
    content.append(buffer, count);
  }
  if (std::ferror(file.get()) != 0) return system_error("read " + path, errno);
  return content;
}

std::vector<std::string> RealFileSystem::glob(const std::string& pattern) const {
  glob_t found{};
  std::vector<std::string> names;
  if (::glob(pattern.c_str(), GLOB_BRACE, nullptr, &found) == 0) {
    for (std::size_t i = 0; i < found.gl_pathc; ++i) names.emplace_back(found.gl_pathv[i]);
  }
  ::globfree(&found);
  return names;
}

MemoryFileSystem& MemoryFileSystem::add(std::string path, std::string content, bool executable) {
  files_[std::move(path)] = {std::move(content), executable};
  return *this;
}

FileSystem::Entry MemoryFileSystem::inspect(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? Entry{} : Entry{true, true, found->second.executable};
}

Result<std::string> MemoryFileSystem::read(const std::string& path) const {
  const auto found = files_.find(path);
  if (found == files_.end()) return system_error("open " + path, ENOENT);
  return found->second.content;
}

std::vector<std::string> MemoryFileSystem::glob(const std::string& pattern) const {
  std::vector<std::string> names;
  for (const std::string& alternative : expand_braces(pattern)) {
    for (const auto& [path, file] : files_) {
      if (::fnmatch(alternative.c_str(), path.c_str(), FNM_PATHNAME) == 0) names.push_back(path);
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace holdfast::config
