#include "ipvs_wrapper/logic/refusal.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>

#include "ipvs_wrapper/logic/describe.h"

namespace holdfast::ipvs {

namespace {

using Kind = Operation::Kind;

struct Command {
  const char* name;
  int number;  // IP_VS_BASE_CTL (1152) + n of <linux/ip_vs.h>
};

Command command_of(Kind kind) {
  switch (kind) {
    case Kind::AddService:
      return {"IP_VS_SO_SET_ADD", 1154};
    case Kind::EditService:
      return {"IP_VS_SO_SET_EDIT", 1155};
    case Kind::DeleteService:
      return {"IP_VS_SO_SET_DEL", 1156};
    case Kind::AddDestination:
      return {"IP_VS_SO_SET_ADDDEST", 1159};
    case Kind::DeleteDestination:
      return {"IP_VS_SO_SET_DELDEST", 1160};
    case Kind::EditDestination:
      return {"IP_VS_SO_SET_EDITDEST", 1161};
  }
  return {"unknown", 0};
}

bool of_service(Kind kind) {
  return kind == Kind::AddService || kind == Kind::EditService || kind == Kind::DeleteService;
}

std::string hint(const Operation& operation, int error) {
  if (error != ENOENT || !of_service(operation.kind)) return {};
  const ServiceSettings& settings = operation.service_settings;
  if (settings.persistence_engine.empty()) return fmt::format(" (no scheduler {})", settings.scheduler);
  return fmt::format(" (no scheduler {} or persistence engine {})", settings.scheduler, settings.persistence_engine);
}

}  // namespace

bool means_other_table(Kind kind, int error) {
  switch (kind) {
    case Kind::AddService:
      return error == EEXIST;
    case Kind::EditService:
    case Kind::DeleteService:
      return error == ESRCH;
    case Kind::AddDestination:
      return error == EEXIST || error == ESRCH;
    case Kind::EditDestination:
    case Kind::DeleteDestination:
      return error == ENOENT || error == ESRCH;
  }
  return false;
}

std::string refusal_line(const Operation& operation, int error) {
  const Command command = command_of(operation.kind);
  return fmt::format("IPVS cmd {}({}) error: {}({}): {}{}", command.name, command.number, std::strerror(error), error,
                     describe(operation), hint(operation, error));
}

}  // namespace holdfast::ipvs
