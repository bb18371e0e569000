// iproute2's names for routing tables, protocols, scopes, realms, DS fields and interface groups: read from the texts of
// its files, over the names that iproute2 itself knows. Each table is read at its first use. Used by machine_routes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace holdfast::config {

class Machine;

enum class NameTable : std::uint8_t { Tables, Protocols, Scopes, Realms, DsFields, Groups };

/// What iproute2 calls the file: "rt_tables", …
std::string_view file_of(NameTable table);

/// What `ip` knows without any file; nothing for other names.
std::optional<std::uint32_t> builtin_route_name(NameTable table, const std::string& name);

/// Where such files lie.
struct RouteNameFolders {
  std::vector<std::string> shipped{"/usr/share/iproute2", "/usr/lib/iproute2"};  ///< the first that has the file counts
  std::string own = "/etc/iproute2";                                             ///< counts before them
};

class RouteNames {
 public:
  explicit RouteNames(const Machine& machine, RouteNameFolders folders = {});

  /// Nothing for a name that no file has.
  std::optional<std::uint32_t> find(NameTable table, const std::string& name);
  /// For messages: up to a few names of the table, and where they are kept.
  std::string examples(NameTable table);

 private:
  using Names = std::map<std::string, std::uint32_t, std::less<>>;
  const Names& names(NameTable table);

  const Machine& machine_;
  RouteNameFolders folders_;
  std::map<NameTable, Names> read_;
};

/// The lines `NUMBER NAME` of such a file: decimal or 0x…; # begins a comment, other lines are passed over.
void read_route_names(std::string_view text, std::map<std::string, std::uint32_t, std::less<>>& names);

}  // namespace holdfast::config
