#include "core/config/load.h"

#include <fmt/format.h>

#include "core/config/grammar.h"
#include "core/config/key_files.h"
#include "core/config/macro.h"
#include "core/config/parser.h"

namespace holdfast::config {

namespace {

void fatal(Diagnostics& diagnostics, std::string text) {
  diagnostics.add({Severity::Fatal, ErrorClass::FatalError, {}, std::move(text), {}, {}});
}

/// Every file that `path` names; -f may be a glob (behaviour.md a.3).
std::vector<std::string> main_files(const FileSystem& files, const std::string& path, Diagnostics& diagnostics) {
  if (files.inspect(path).exists) return {path};
  std::vector<std::string> found = files.glob(path);
  if (found.size() > 1) {
    diagnostics.remark({}, fmt::format("WARNING, more than one file matches configuration file '{}', using all", path));
  }
  if (found.empty()) fatal(diagnostics, fmt::format("Unable to find configuration file {}", path));
  return found;
}

}  // namespace

Loaded load(const FileSystem& files, const std::string& path, const LoadOptions& options) {
  Loaded loaded;
  Parser parser(grammar(), loaded.tree, loaded.diagnostics);
  MacroReader reader(files, {options.config_id, options.all_include_checks, options.environment, options.random_seed},
                     parser, loaded);
  for (const std::string& file : main_files(files, path, loaded.diagnostics)) {
    const FileSystem::Entry entry = files.inspect(file);
    if (!entry.regular || entry.executable) {
      fatal(loaded.diagnostics, fmt::format("Configuration file '{}' is not a regular non-executable file", file));
    } else if (!reader.read(file)) {
      fatal(loaded.diagnostics, fmt::format("Unable to open configuration file {}", file));
    }
  }
  reader.finish();
  parser.finish();
  resolve_key_files(files, loaded.tree, loaded.diagnostics);
  loaded.config = interpret(loaded.tree, loaded.diagnostics);
  loaded.diagnostics.sort();
  return loaded;
}

}  // namespace holdfast::config
