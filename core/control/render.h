// What keepalivedctl prints: the messages of control.proto as aligned text for people or JSON for programs. Pure.
#pragma once

#include <string>

#include "proto/control.pb.h"

namespace holdfast::control {

enum class Colour { None, Ansi };
/// Times are local.
std::string text(const proto::DaemonStatus& status, Colour colour);
/// One line, newline included.
std::string text(const proto::Happening& event, Colour colour);

enum class Layout { Indented, OneLine };
/// By protobuf's printer: names as in control.proto, every field present except `optional` ones. Ends in a newline.
std::string json(const google::protobuf::Message& message, Layout layout);

}  // namespace holdfast::control
