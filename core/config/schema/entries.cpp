#include "core/config/schema/entries.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/base/text.h"
#include "core/config/schema/option_table.h"

namespace holdfast::config {

namespace {

/// What differs between the lists of tracked things.
struct TrackFacts {
  const char *path, *doc, *first, *named, *since, *weight_since, *weight;
  int limit;  ///< of the weight
};

const TrackFacts& facts(TrackKind kind) {
  static const std::array<TrackFacts, 5> all{{
      {"track_interface_entry", "A line of track_interface.", "(interface)", "an interface name", "1.0.1", "1.1.13",
       "0", 253},
      {"track_script_entry", "A line of track_script.", "(script)", "the name of a vrrp_script", "1.1.13", "1.1.13",
       "weight of the vrrp_script", 253},
      {"track_file_entry", "A line of track_file.", "(name)", "the name of a track_file", "2.0.0", "2.0.0",
       "weight of the object", 254},
      {"track_process_entry", "A line of track_process.", "(name)", "the name of a vrrp_track_process", "2.0.11",
       "2.0.11", "weight of the object", 254},
      {"track_bfd_entry", "A line of track_bfd.", "(name)", "the name of a bfd_instance", "2.0.0", "2.0.0",
       "weight of the object", 253},
  }};
  return all[static_cast<std::size_t>(kind)];
}

std::vector<Option> track_options(TrackKind kind) {
  const TrackFacts& fact = facts(kind);
  const std::string reversed = kind == TrackKind::Interface ? "off" : "setting of the object";
  std::vector<Option> options{documented(fact.first, fact.named, "What is tracked.", fact.since).by_default("required"),
                              option("weight", Integer{-fact.limit, fact.limit},
                                     "Added to the priority; 0 = down is a fault.", fact.weight_since)
                                  .in("prio")
                                  .by_default(fact.weight),
                              option("reverse", Flag{}, "Up and down change places.", "2.0.18").by_default(reversed)};
  if (kind != TrackKind::Interface) {
    options.push_back(option("noreverse", Flag{}, "They do not.", "2.0.18").by_default(reversed));
  }
  return options;
}

}  // namespace

const OptionTable& track_table(TrackKind kind) {
  static const std::array<OptionTable, 5> tables{{
      {facts(TrackKind::Interface).path, facts(TrackKind::Interface).doc, track_options(TrackKind::Interface)},
      {facts(TrackKind::Script).path, facts(TrackKind::Script).doc, track_options(TrackKind::Script)},
      {facts(TrackKind::File).path, facts(TrackKind::File).doc, track_options(TrackKind::File)},
      {facts(TrackKind::Process).path, facts(TrackKind::Process).doc, track_options(TrackKind::Process)},
      {facts(TrackKind::Bfd).path, facts(TrackKind::Bfd).doc, track_options(TrackKind::Bfd)},
  }};
  return tables[static_cast<std::size_t>(kind)];
}

TrackEntry read_track_entry(const Node& node, TrackKind kind, Diagnostics& diagnostics) {
  const int limit = kind == TrackKind::Interface ? 254 : facts(kind).limit;  // there 254 is taken and clamped
  TrackEntry entry{node.words.front(), {}, {}};
  for (std::size_t at = 1; at < node.words.size(); ++at) {
    const std::string& word = node.words[at];
    const bool weighted = entry.weight.has_value();
    if (word == "weight" && at + 1 == node.words.size()) {
      diagnostics.error(location_of(node, at), fmt::format("weight of {} has no value - ignoring", entry.name),
                        "weight N");
    } else if ((word == "weight") == weighted && (weighted || word.ends_with("reverse"))) {
      diagnostics.warning(location_of(node, at),
                          fmt::format("'{}' of {} is not used here - ignoring", word, entry.name),
                          weighted ? "one weight" : "weight N before it");
      if (weighted) ++at;
    } else if (word == "weight") {
      if (const auto weight = parse_integer(node, ++at, -limit, limit, diagnostics))
        entry.weight = static_cast<int>(*weight);
    } else if (word == "reverse" || word == "noreverse") {
      entry.reverse = word == "reverse";
    } else {
      diagnostics.error(location_of(node, at),
                        fmt::format("unknown track option '{}' for {} - ignoring", word, entry.name),
                        "weight N, reverse or noreverse", std::string(nearest(word, track_table(kind).words())));
      break;
    }
  }
  return entry;
}

Node write_track_entry(const TrackEntry& entry) {
  Node node = made_node(entry.name);
  if (entry.weight) {
    node.words.emplace_back("weight");
    node.words.push_back(std::to_string(*entry.weight));
  }
  if (entry.reverse && entry.weight) node.words.emplace_back(*entry.reverse ? "reverse" : "noreverse");
  return node;
}

bool has_errors_since(const Diagnostics& diagnostics, std::size_t first) {
  const std::vector<Diagnostic>& all = diagnostics.list();
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(),
                     [](const Diagnostic& diagnostic) { return diagnostic.severity >= Severity::Error; });
}

void check_no_blocks(const Node& list, Diagnostics& diagnostics) {
  for (const Node& line : list.children) {
    if (line.block)
      diagnostics.error(line.at, "Unexpected '{' - ignoring", fmt::format("no block in {}", list.words.front()));
  }
}

}  // namespace holdfast::config
