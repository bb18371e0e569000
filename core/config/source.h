// The file system as the configuration sees it. A port: load() is handed one, so that tests and the fuzz target read
// from memory and nothing in core/config touches the machine by itself. Absent on purpose: writing, and any notion of a
// current directory (relative includes are joined to the including file's folder by the reader).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace holdfast::config {

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  struct Entry {
    bool exists = false;
    bool regular = false;
    bool executable = false;  ///< any of the three execute bits, which keepalived refuses (behaviour.md a.3)
  };

  virtual Entry inspect(const std::string& path) const = 0;
  /// The whole file; an error carries errno.
  virtual Result<std::string> read(const std::string& path) const = 0;
  /// Names that match a pattern with wildcards and {a,b} braces, sorted; a pattern without either matches itself if it
  /// exists.
  virtual std::vector<std::string> glob(const std::string& pattern) const = 0;
};

/// The machine's own: POSIX glob(3) with GLOB_BRACE.
class RealFileSystem : public FileSystem {
 public:
  Entry inspect(const std::string& path) const override;
  Result<std::string> read(const std::string& path) const override;
  std::vector<std::string> glob(const std::string& pattern) const override;
};

/// A small working file system in memory: for tests, the fuzz target, and configuration that arrives over a socket.
class MemoryFileSystem : public FileSystem {
 public:
  MemoryFileSystem& add(std::string path, std::string content, bool executable = false);

  Entry inspect(const std::string& path) const override;
  Result<std::string> read(const std::string& path) const override;
  std::vector<std::string> glob(const std::string& pattern) const override;

 private:
  struct File {
    std::string content;
    bool executable = false;
  };
  std::map<std::string, File> files_;
};

/// The alternatives of a pattern with (nested) {a,b} braces, at most 1000; "{x}" and an unbalanced brace stay as they
/// are.
std::vector<std::string> expand_braces(const std::string& pattern);

}  // namespace holdfast::config
