#include "core/ipc/utf8.h"

#include <google/protobuf/descriptor.h>
#include <vector>

#include "core/base/text.h"

namespace holdfast {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void clean_text(Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (!field.is_repeated())
    return reflection.SetString(&message, &field, as_utf8(reflection.GetString(message, &field)));
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    reflection.SetRepeatedString(&message, &field, i, as_utf8(reflection.GetRepeatedString(message, &field, i)));
  }
}

void clean_messages(Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  if (!field.is_repeated()) return make_utf8(*reflection.MutableMessage(&message, &field));
  for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
    make_utf8(*reflection.MutableRepeatedMessage(&message, &field, i));
  }
}

}  // namespace

void make_utf8(Message& message) {
  std::vector<const FieldDescriptor*> present;
  message.GetReflection()->ListFields(message, &present);
  for (const FieldDescriptor* field : present) {
    if (field->type() == FieldDescriptor::TYPE_STRING) clean_text(message, *field);
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) clean_messages(message, *field);
  }
}

}  // namespace holdfast
