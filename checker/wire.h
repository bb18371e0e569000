// Records of the checker ↔ proto/checker_records.proto. What comes back may have been written by another version: an unreadable
// record is dropped, with the reason.
#pragma once

#include <string>
#include <vector>

#include "checker/logic/effects.h"
#include "core/base/result.h"
#include "proto/checker_records.pb.h"
#include "proto/supervision.pb.h"

namespace holdfast::checker {

/// "service/IDENTITY", "server/IDENTITY of the service/IDENTITY".
std::string service_record_key(const std::string& service);
std::string server_record_key(const std::string& service, const std::string& server);

proto::CheckedServiceRecord to_wire(const ServiceRecord& record);
proto::CheckedServerRecord to_wire(const ServerRecord& record);
Result<ServiceRecord> service_from_wire(const std::string& key, const std::string& value);
Result<ServerRecord> server_from_wire(const std::string& key, const std::string& value);

/// Lines for the log about what could not be read are appended to `dropped`.
Past past_from_wire(const proto::Records& records, std::vector<std::string>& dropped);

}  // namespace holdfast::checker
