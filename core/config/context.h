// What reading one block needs to know of the others: the configuration so far (interpret.cpp reads
// settings and definitions before what uses them), the diagnostics, and which keywords were already said to be not honoured.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/config/config.h"
#include "core/config/diagnostic.h"
#include "core/config/node.h"
#include "core/config/schema/lvs_draft.h"

namespace holdfast::config {

struct InstanceDraft;
/// A vrrp_sync_group while it is read: its members are checked when all instances are known.
struct SyncGroupDraft : SyncGroup {
  struct Member {
    std::string name;
    Location at;
  };
  const Node* node = nullptr;
  std::vector<Member> given_members;
  bool members_given = false;  ///< a block group was read
};

struct Context {
  Context(Config& config_read, Diagnostics& all_diagnostics);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Config& config;
  Diagnostics& diagnostics;
  std::unordered_set<std::string> scripts{};          ///< names of vrrp_script so far
  std::unordered_set<std::string> instances{};        ///< names of vrrp_instance so far, also those that were dropped
  std::unordered_map<std::string, Location> named{};  ///< other named blocks, by "kind name"
  std::vector<std::unique_ptr<InstanceDraft>> drafts{};  ///< instances read so far, completed at the end
  std::vector<SyncGroupDraft> groups{};
  std::unordered_set<std::string> bfd_instances{};    ///< names of bfd_instance so far
  std::vector<bool> protocol_given{};                 ///< of each of config.virtual_servers
  std::vector<std::optional<Family>> family_given{};  ///< of each of them: ip_family
  std::vector<PendingFileCheck> file_checks{};
  std::vector<PendingBfdCheck> bfd_checks{};
  bool tls_client_read = false;             ///< a block SSL was read
  std::unordered_set<const void*> noted{};  ///< rows whose note has been given

  /// Once for each `row`: that this keyword is read but has no effect in this version.
  void note_not_honoured(const void* row, const Node& node);
  /// Once for each `row`: what to write today.
  void note_older_spelling(const void* row, const Node& node, const std::string& instead);
};

}  // namespace holdfast::config
