// The vrrp process's values ↔ the messages of proto/: records, last wills, script requests. No decisions.
#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"
#include "proto/supervision.pb.h"
#include "proto/vrrp_records.pb.h"
#include "vrrp/logic/engine.h"

namespace holdfast::vrrp {

std::string record_key(const std::string& kind, const std::string& name);
inline constexpr const char* kInstanceKind = "instance";
inline constexpr const char* kScriptKind = "script";

proto::VrrpInstanceRecord to_wire(const InstanceRecord& record);
proto::VrrpScriptRecord to_wire(const ScriptRecord& record);
/// What core must undo if nobody comes back: only for an Active instance with addresses.
std::optional<proto::Bequest> bequest_of(const InstanceRecord& record);

/// An error for a record that cannot be trusted: unparsable, out of range, or not about what its key says.
Result<InstanceRecord> instance_from_wire(const std::string& key, const std::string& value);
Result<ScriptRecord> script_from_wire(const std::string& key, const std::string& value);

/// Everything usable of what the predecessor left; `dropped` gets one line for each record that is not.
Past past_from_wire(const proto::Records& records, std::vector<std::string>& dropped);

}  // namespace holdfast::vrrp
