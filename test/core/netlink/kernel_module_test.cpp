// Whether a module comes depends on the kernel; the VM tries it (test/support/ipvs_tool.cpp, command "open").
#include "core/netlink/kernel_module.h"

#include <catch2/catch.hpp>
#include <string>

using namespace holdfast::netlink;

TEST_CASE("asking_for_what_no_kernel_has_ends_and_harms_nothing") {
  request_module("");
  request_module("holdfast_none");
  request_module(std::string(5000, 'x'));
  request_match("holdfast_none");
  SUCCEED();
}
