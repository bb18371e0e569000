#include "vrrp/logic/authentication.h"

#include <algorithm>

namespace holdfast::vrrp {

namespace {

bool same(const AuthenticationData& a, const AuthenticationData& b) {
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

}  // namespace

AuthenticationData authentication_data(std::string_view password) {
  AuthenticationData data{};
  std::ranges::copy(password.substr(0, data.size()), data.begin());
  return data;
}

AuthenticationVerdict check_authentication(const Advertisement& advert, config::Authentication ours,
                                           std::string_view password) {
  if (advert.authentication_type > static_cast<std::uint8_t>(config::Authentication::Ah)) {
    return AuthenticationVerdict::UnknownType;
  }
  if (advert.authentication_type != static_cast<std::uint8_t>(ours)) return AuthenticationVerdict::TypeMismatch;
  if (ours == config::Authentication::Pass && !same(advert.authentication, authentication_data(password))) {
    return AuthenticationVerdict::WrongPassword;
  }
  return AuthenticationVerdict::Accepted;
}

}  // namespace holdfast::vrrp
