#include "ipvs_wrapper/logic/refusal.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "test/ipvs_wrapper/logic/tables.h"

using namespace holdfast;
using namespace holdfast::ipvs;
using namespace holdfast::test;
using Kind = Operation::Kind;

TEST_CASE("there_already_or_gone_means_another_table") {
  CHECK(means_other_table(Kind::AddService, EEXIST));
  CHECK(means_other_table(Kind::DeleteService, ESRCH));
  CHECK(means_other_table(Kind::EditService, ESRCH));
  CHECK(means_other_table(Kind::AddDestination, EEXIST));
  CHECK(means_other_table(Kind::AddDestination, ESRCH));
  CHECK(means_other_table(Kind::EditDestination, ENOENT));
  CHECK(means_other_table(Kind::DeleteDestination, ENOENT));
}

TEST_CASE("a_missing_scheduler_is_an_error") {
  CHECK_FALSE(means_other_table(Kind::AddService, ENOENT));
  CHECK_FALSE(means_other_table(Kind::EditService, ENOENT));
  CHECK_FALSE(means_other_table(Kind::AddDestination, EINVAL));
  CHECK_FALSE(means_other_table(Kind::EditDestination, ENOBUFS));
}

TEST_CASE("the_line_has_keepalived_s_shape") {
  Operation operation{Kind::EditDestination, tcp("10.0.0.1"), {}, {ip("10.1.0.1"), 80}, {}};
  CHECK(refusal_line(operation, EINVAL) ==
        "IPVS cmd IP_VS_SO_SET_EDITDEST(1161) error: Invalid argument(22): "
        "edit destination [10.1.0.1]:tcp:80 of service [10.0.0.1]:tcp:80");
  operation.kind = Kind::AddService;
  operation.service_settings.scheduler = "best";
  CHECK(refusal_line(operation, ENOENT) ==
        "IPVS cmd IP_VS_SO_SET_ADD(1154) error: No such file or directory(2): add service [10.0.0.1]:tcp:80 "
        "(no scheduler best)");
}
