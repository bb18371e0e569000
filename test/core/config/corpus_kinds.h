// What keepalived 2.2.7 complains of, sorted into kinds, so that its messages can be compared with ours although the
// words differ: a table of fragments, and the reading of the recordings in ../shared/corpus/keepalived-2.2.7. Used by
// corpus_test only.
#pragma once

#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace holdfast::config {

/// One way to say one kind of thing. `ours` empty = the same words as `theirs`.
struct KindWords {
  std::string_view kind, theirs, ours{};
};

inline const std::vector<KindWords>& kind_words() {
  static const std::vector<KindWords> table{
      {"missing word", "is missing a parameter after keyword", "is missing"},
      {"brace", "Unexpected '{' - ignoring"},
      {"brace", "Missing '{' at beginning of configuration block"},
      {"brace", "Extra '}' found"},
      {"brace", "Unknown keyword '}'", "Missing '}'"},
      {"brace", "missing '}'s or extra '{'s"},
      {"unknown keyword", "Unknown keyword '"},
      {"range", "outside range ["},
      {"range", "_interval '"},
      {"range", "Quorum ", "Quorum "},
      {"number", "invalid number '"},
      {"security", "scripts are being executed but script_security not enabled"},
      {"no script user", "Unable to set default user"},
      {"script not found", "since not found/accessible"},
      {"tracked thing unknown", "not found, ignoring..."},
      {"tracked thing unknown", "is defined only after this line"},
      {"auth_pass", "Truncating auth_pass to"},
      {"old retry", "nb_get_retry is deprecated"},
      {"no addresses", "No VIP specified"},
      {"mail", "empty notification_email block"},
      {"mail server", "Invalid smtp server"},
      {"no method", "no forwarding method set"},
      {"no protocol", "no protocol set"},
      {"no scheduler", "no scheduler set"},
      {"protocol of a mark", "protocol specified for fwmark"},
      {"nopreempt", "nopreempt will not work with initial state MASTER"},
      {"preempt_delay", "preempt delay will not work with"},
      {"own interface", "since own interface"},
      {"method", "routing method for virtual server"},
      {"group entry", "Invalid virtual server group IP address"},
      {"group entry", "has no entries - removing"},
      {"sync daemon", "Specifying lvs_sync_daemon_interface against a vrrp is deprecated"},
      {"sync daemon", "lvs_sync_daemon_interface has already been specified"},
      {"interface", "for vrrp_instance "},
      {"interface", "Non-existent interface specified"},
      {"group size", "has only 1 virtual router(s)"},
      {"group size", "has no virtual router(s)"},
      {"group size", "no matching virtual router found"},
      {"group member", "specified in sync group"},
      {"no VRID", "the virtual router id must be set"},
      {"iptables", "iptables not supported, using nftables instead"},
      {"include", "Config files missing"},
      {"include", "No config files matched"},
      {"ports", "ports don't match"},
      {"no real servers", "has no real servers"},
      {"twice", "is duplicated - removing second rs"},
      {"authentication", "does not support authentication"},
      {"strict role", "State MASTER must match being address owner"},
      {"unicast", "A unicast keyword has been specified without any unicast peers"},
      {"no name", "vrrp_instance must have a name"},
      {"range", "persistence_timeout invalid"},
      {"persistence", "persistence_granularity specified"},
      {"route tracking", "cannot track route default with no interface specified"},
      {"address", "VRRP parsed invalid IP"},
      {"address", "Invalid address prefix len"},
      {"address", "Invalid virtual server IP address"},
      {"address", "Invalid bindto address"},
      {"no script", "No script set for vrrp_script"},
      {"no script", "No script path has been specified for MISC_CHECKER"},
      {"scheduler", "Invalid lvs_scheduler"},
      {"family", "MUST be of the same family"},
      {"address", "malformed unicast peer address"},
      {"address", "malformed src address"},
      {"state", "unknown state '"},
      {"track option", "unknown track script option", "unknown track option"},
      {"old gw", "\"gw\" for routes is deprecated"},
  };
  return table;
}

/// Something that was complained of. `subject` is what stands before the words of the kind; without a line, it tells
/// whom they are about.
struct Complaint {
  std::uint32_t line = 0;
  std::string kind, subject, text;

  bool operator<(const Complaint& other) const {
    return std::tie(line, kind, subject) < std::tie(other.line, other.kind, other.subject);
  }
};

/// Nothing when the words are of no kind of the table.
inline std::optional<Complaint> complaint_of(std::uint32_t line, const std::string& text, bool ours) {
  for (const KindWords& words : kind_words()) {
    const std::string_view fragment = ours && !words.ours.empty() ? words.ours : words.theirs;
    const std::size_t at = text.find(fragment);
    if (at != std::string::npos) return Complaint{line, std::string(words.kind), text.substr(0, at), text};
  }
  return std::nullopt;
}

/// The lines of a recording behind its heading.
inline std::vector<std::string> recorded_messages(const std::string& path) {
  std::vector<std::string> messages;
  std::ifstream recording(path);
  std::string line;
  bool begun = false;
  while (std::getline(recording, line)) {
    if (begun) messages.push_back(line);
    begun = begun || line.starts_with("--- stderr");
  }
  return messages;
}

/// "(FILE: Line N) text" and "(Line N) text" taken apart; line 0 without such a heading.
inline std::pair<std::uint32_t, std::string> split_heading(const std::string& message) {
  const std::size_t at = message.find("Line ");
  const std::size_t end = message.find(") ");
  if (message.empty() || message.front() != '(' || at == std::string::npos || end < at) return {0, message};
  return {static_cast<std::uint32_t>(std::stoul(message.substr(at + 5))), message.substr(end + 2)};
}

}  // namespace holdfast::config
