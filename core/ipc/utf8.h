// Replies to operators are UTF-8, as protobuf's `string` and JSON demand; what stands in configurations need not be.
#pragma once

#include <google/protobuf/message.h>

namespace holdfast {

/// Replaces in every `string` of the message, and of those inside it, what is not UTF-8 (core/base/text.h, as_utf8).
void make_utf8(google::protobuf::Message& message);

}  // namespace holdfast
