#include "vrrp/logic/authentication.h"

#include <catch2/catch.hpp>

namespace holdfast::vrrp {

TEST_CASE("a password is cut to eight octets and padded with zeros") {
  CHECK(authentication_data("1111") == AuthenticationData{'1', '1', '1', '1', 0, 0, 0, 0});
  CHECK(authentication_data("0123456789") == authentication_data("01234567"));
}

TEST_CASE("authentication is accepted only with our type and our password") {
  Advertisement advert;
  advert.authentication_type = 1;
  advert.authentication = authentication_data("1111");
  using config::Authentication;
  CHECK(check_authentication(advert, Authentication::Pass, "1111") == AuthenticationVerdict::Accepted);
  CHECK(check_authentication(advert, Authentication::Pass, "1112") == AuthenticationVerdict::WrongPassword);
  CHECK(check_authentication(advert, Authentication::Pass, "111") == AuthenticationVerdict::WrongPassword);
  CHECK(check_authentication(advert, Authentication::None, "") == AuthenticationVerdict::TypeMismatch);
  advert.authentication_type = 3;
  CHECK(check_authentication(advert, Authentication::Pass, "1111") == AuthenticationVerdict::UnknownType);
}

TEST_CASE("without authentication the data does not matter") {
  Advertisement advert;
  advert.authentication = authentication_data("garbage");
  CHECK(check_authentication(advert, config::Authentication::None, "") == AuthenticationVerdict::Accepted);
}

}  // namespace holdfast::vrrp
