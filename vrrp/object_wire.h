// What is remembered of tracked files and processes ↔ proto/vrrp_records.proto. Part of wire.h.
#pragma once

#include <string>

#include "core/base/result.h"
#include "proto/vrrp_records.pb.h"
#include "vrrp/logic/effects.h"

namespace holdfast::vrrp {

/// "file" or "process": the kind in the key of the record.
const char* kind_word(ObjectKind kind);
std::string record_key(const ObjectKey& key);
proto::VrrpObjectRecord to_wire(const ObjectRecord& record);
/// An error for a record that cannot be parsed or is not about what its key says.
Result<ObjectRecord> object_from_wire(ObjectKind kind, const std::string& key, const std::string& value);

}  // namespace holdfast::vrrp
