// What core says to its children, as messages of proto/supervision.proto. Pure; process.cpp sends them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/watchdog/command_line.h"
#include "core/watchdog/configuration.h"
#include "core/watchdog/logic/effects.h"
#include "core/watchdog/logic/records.h"
#include "core/watchdog/paths.h"
#include "proto/supervision.pb.h"

namespace holdfast::watchdog {

/// Of the tree that a child runs: it travels as text.
std::string digest_octets(std::uint64_t digest);

/// "Keepalived_vrrp", "Keepalived_healthcheckers" (behaviour.md b.4).
const char* ident_of(Role role);
/// What the command line and core decided for a child; `cookie` and the rendezvous socket, if it is `open`, are for its way back.
proto::Settings settings_of(Role role, const CommandLine& options, const Paths& paths, const std::string& cookie,
                            bool open);
/// Configuration, what the predecessor left, and start.
std::vector<proto::Envelope> beginning(const SendBeginning& effect, const Part& part, const proto::Settings& settings,
                                       const RecordStore& records);
proto::Envelope envelope_of(const SendPrepare& effect, const Part& part);
proto::Envelope envelope_of(const SendCommit& effect);
proto::Envelope envelope_of(const SendAbandon& effect);
proto::Envelope envelope_of(const SendPing& effect);
proto::Envelope envelope_of(const SendStop& effect);

/// The instance that this record of vrrp is about, as the checker is told; nothing for another record or an unreadable one.
std::optional<proto::VrrpInstanceEvent> instance_event(const config::Config& config, const std::string& key,
                                                       const std::string& value);

}  // namespace holdfast::watchdog
