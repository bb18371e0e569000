#include "core/watchdog/test_report.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "core/base/text.h"

namespace holdfast::watchdog {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;

const char* word(config::Severity severity) {
  switch (severity) {
    case config::Severity::Note:
      return "note";
    case config::Severity::Warning:
      return "warning";
    case config::Severity::Error:
      return "error";
    case config::Severity::Fatal:
      return "fatal";
  }
  return "error";
}

const char* word(config::ErrorClass error_class) {
  switch (error_class) {
    case config::ErrorClass::None:
      return "none";
    case config::ErrorClass::General:
      return "general";
    case config::ErrorClass::FatalError:
      return "fatal";
    case config::ErrorClass::ScriptSecurity:
      return "script-security";
    case config::ErrorClass::Include:
      return "include";
    case config::ErrorClass::GivenUp:
      return "given-up";
  }
  return "general";
}

void set(Struct& object, const char* key, const std::string& value) {
  (*object.mutable_fields())[key].set_string_value(as_utf8(value));
}

void set_place(Struct& object, const config::Location& at, const std::vector<std::string>& files) {
  const bool known = at.line > 0 && at.file < files.size();
  set(object, "file", known ? files[at.file] : std::string());
  (*object.mutable_fields())["line"].set_number_value(known ? at.line : 0);
  (*object.mutable_fields())["column"].set_number_value(known ? at.column : 0);
}

Struct object_of(const config::Diagnostic& diagnostic, const config::Loaded& loaded) {
  Struct object;
  set_place(object, loaded.definition_uses.resolve(diagnostic.at), loaded.tree.files);
  set(object, "severity", word(diagnostic.severity));
  set(object, "code", word(diagnostic.error_class));
  set(object, "message", diagnostic.text);
  if (!diagnostic.expected.empty()) set(object, "expected", diagnostic.expected);
  // how to mend it: the keyword that was meant, else what was expected
  set(object, "hint", diagnostic.hint.empty() ? diagnostic.expected : diagnostic.hint);
  for (const config::DefinitionUse& use : loaded.definition_uses.at(diagnostic.at)) {
    ListValue& uses = *(*object.mutable_fields())["definitions"].mutable_list_value();
    Struct& definition = *uses.add_values()->mutable_struct_value();
    set(definition, "name", use.name);
    set_place(definition, use.defined_at, loaded.tree.files);
  }
  return object;
}

}  // namespace

std::string json_report(const config::Loaded& loaded) {
  std::string text = "[";
  for (const config::Diagnostic& diagnostic : loaded.diagnostics.list()) {
    std::string object;
    if (!google::protobuf::util::MessageToJsonString(object_of(diagnostic, loaded), &object).ok()) continue;
    text += text.size() == 1 ? "\n  " : ",\n  ";
    text += object;
  }
  return text + (text.size() == 1 ? "]\n" : "\n]\n");
}

}  // namespace holdfast::watchdog
