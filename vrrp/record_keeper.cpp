#include "vrrp/record_keeper.h"

#include <utility>

#include "vrrp/object_wire.h"
#include "vrrp/wire.h"

namespace holdfast::vrrp {

void RecordKeeper::keep(const Effect& effect) {
  if (!keep_instance(effect) && !keep_statics(effect) && !remember(effect)) forget(effect);
}

void RecordKeeper::say_again(const std::vector<InstanceRecord>& records) {
  for (const InstanceRecord& record : records) say(record);
}

void RecordKeeper::say(const InstanceRecord& record) {
  if (auto bequest = bequest_of(record))
    link_.bequeath(std::move(*bequest), ChildLink::KeptBy::Process);
  else
    link_.revoke(record.instance);
  link_.upsert_record(record_key(kInstanceKind, record.instance), to_wire(record).SerializeAsString(),
                      ChildLink::KeptBy::Process);
}

bool RecordKeeper::keep_instance(const Effect& effect) {
  if (const auto* gone = std::get_if<ForgetInstance>(&effect)) {
    link_.revoke(gone->instance);
    link_.erase_record(record_key(kInstanceKind, gone->instance));
    return true;
  }
  const auto* instance = std::get_if<RememberInstance>(&effect);
  if (instance == nullptr) return false;
  say(instance->record);
  return true;
}

bool RecordKeeper::keep_statics(const Effect& effect) {
  const auto* statics = std::get_if<RememberStatics>(&effect);
  if (statics == nullptr) return false;
  const std::string key = record_key(kStaticKind, "");
  if (statics->record.empty()) {
    link_.revoke(kStaticKind);
    link_.erase_record(key);
  } else {
    link_.bequeath(bequest_of(statics->record));
    link_.upsert_record(key, to_wire(statics->record).SerializeAsString());
  }
  return true;
}

bool RecordKeeper::remember(const Effect& effect) {
  const auto upsert = [this](const std::string& key, const auto& record) {
    link_.upsert_record(key, to_wire(record).SerializeAsString());
    return true;
  };
  if (const auto* script = std::get_if<RememberScript>(&effect))
    return upsert(record_key(kScriptKind, script->record.script), script->record);
  if (const auto* object = std::get_if<RememberObject>(&effect))
    return upsert(record_key(object->record.key), object->record);
  if (const auto* base = std::get_if<RememberBase>(&effect))
    return upsert(record_key(kBaseKind, base->record.interface), base->record);
  if (const auto* promotion = std::get_if<RememberPromotion>(&effect))
    return upsert(record_key(kPromotionKind, promotion->record.interface), promotion->record);
  return false;
}

bool RecordKeeper::forget(const Effect& effect) {
  const auto erase = [this](const std::string& key) {
    link_.erase_record(key);
    return true;
  };
  if (const auto* script = std::get_if<ForgetScript>(&effect)) return erase(record_key(kScriptKind, script->script));
  if (const auto* object = std::get_if<ForgetObject>(&effect)) return erase(record_key(object->key));
  if (const auto* base = std::get_if<ForgetBase>(&effect)) return erase(record_key(kBaseKind, base->interface));
  if (const auto* promotion = std::get_if<ForgetPromotion>(&effect))
    return erase(record_key(kPromotionKind, promotion->interface));
  return false;
}

}  // namespace holdfast::vrrp
