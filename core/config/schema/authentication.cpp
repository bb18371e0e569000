// authentication and auth_hmac of a vrrp_instance.
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using I = InstanceDraft;

void read_auth_type(I& instance, const Node& node, Context& context) {
  const auto type = Choice{{"PASS", "AH"}}.parse(node, context.diagnostics);
  if (!type) return;
  instance.authentication = *type == "AH" ? Authentication::Ah : Authentication::Pass;
}

void write_auth_type(const I& instance, std::vector<Node>& lines) {
  lines.push_back(made_node("auth_type", {instance.authentication == Authentication::Ah ? "AH" : "PASS"}));
}

void read_auth_pass(I& instance, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "a password of up to 8 octets", context.diagnostics);
  if (word == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  if (word->size() > 8)
    context.diagnostics.warning(location_of(node, 1), "Truncating auth_pass to 8 characters",
                                "8 octets or less, the same on every router: VRRP version 2 sends no more");
  instance.auth_pass = word->substr(0, 8);
}

void write_auth_pass(const I& instance, std::vector<Node>& lines) {
  if (!instance.auth_pass.empty()) lines.push_back(made_node("auth_pass", {instance.auth_pass}));
}

void read_hmac_key(Unused&, const Node& node, Context& context) {
  parse_integer(node, 1, 1, 255, context.diagnostics);
  mandatory_word(node, 2, "a key, hex:DIGITS or file:PATH", context.diagnostics);
}

}  // namespace

const Schema<InstanceDraft>& authentication_schema() {
  static const Schema<I> schema{"authentication",
                                "Password of VRRP version 2 (RFC 2338 section 5.3.6).",
                                {special<I>("auth_type", Choice{{"PASS", "AH"}}, read_auth_type, write_auth_type,
                                            "Kind of authentication.", "0.5.3"),
                                 special<I>("auth_pass", Word{"a password of up to 8 octets"}, read_auth_pass,
                                            write_auth_pass, "The password.", "0.5.3")}};
  return schema;
}

const Schema<Unused>& auth_hmac_schema() {
  using U = Unused;
  static const Schema<U> schema{
      "auth_hmac",
      "Keys of adverts' message authentication.",
      {not_yet(special<U>("key", Shape{"a number 1..255, then the key", {Form::Kind::Words, false, "1", "255"}},
                          read_hmac_key, {}, "One key.", "2.4.0")),
       validated<U>("active_key", Integer{1, 255}, "Key that we send with.", "2.4.0"),
       validated<U>("time_window", Integer{1, 300}, "Largest age of an advert, seconds.", "2.4.0").in("s"),
       validated<U>("anti_replay", Choice{{"time", "monotonic"}}, "How repeated adverts are found.", "2.4.0"),
       validated<U>("mode", Choice{{"enforce", "permissive", "receive-only"}}, "What to do with others.", "2.4.0")}};
  return schema;
}

}  // namespace holdfast::config
