#include "vrrp/object_wire.h"

#include "vrrp/wire.h"

namespace holdfast::vrrp {

const char* kind_word(ObjectKind kind) {
  return kind == ObjectKind::File ? "file" : "process";
}

std::string record_key(const ObjectKey& key) {
  return record_key(kind_word(key.kind), key.name);
}

proto::VrrpObjectRecord to_wire(const ObjectRecord& record) {
  proto::VrrpObjectRecord wire;
  wire.set_name(record.key.name);
  wire.set_identity(record.identity);
  wire.set_value(record.value);
  return wire;
}

Result<ObjectRecord> object_from_wire(ObjectKind kind, const std::string& key, const std::string& value) {
  proto::VrrpObjectRecord wire;
  if (!wire.ParseFromString(value)) return Error{"it cannot be parsed"};
  ObjectRecord record{{kind, wire.name()}, wire.identity(), wire.value()};
  if (record_key(record.key) != key) return Error{"it is not about what its key says"};
  return record;
}

}  // namespace holdfast::vrrp
