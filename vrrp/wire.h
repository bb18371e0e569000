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
inline constexpr const char* kBaseKind = "base";
inline constexpr const char* kPromotionKind = "promotion";
inline constexpr const char* kStaticKind = "static entries";

proto::VrrpInstanceRecord to_wire(const InstanceRecord& record);
proto::VrrpScriptRecord to_wire(const ScriptRecord& record);
proto::VrrpBaseRecord to_wire(const BaseRecord& record);
proto::VrrpPromotionRecord to_wire(const PromotionRecord& record);
proto::VrrpStaticRecord to_wire(const StaticRecord& record);
/// What core must undo if nobody comes back: only for an Active instance with addresses, routes or rules.
std::optional<proto::Bequest> bequest_of(const InstanceRecord& record);
/// Static entries stay until it is certain that nobody comes back.
proto::Bequest bequest_of(const StaticRecord& record);

/// An error for a record that cannot be trusted: unparsable, out of range, or not about what its key says.
Result<InstanceRecord> instance_from_wire(const std::string& key, const std::string& value);
Result<StaticRecord> statics_from_wire(const std::string& value);
Result<ScriptRecord> script_from_wire(const std::string& key, const std::string& value);
Result<BaseRecord> base_from_wire(const std::string& key, const std::string& value);
Result<PromotionRecord> promotion_from_wire(const std::string& key, const std::string& value);

/// Everything usable of what the predecessor left; `dropped` gets one line for each record that is not.
Past past_from_wire(const proto::Records& records, std::vector<std::string>& dropped);

}  // namespace holdfast::vrrp
