#include "vrrp/igmp_silence.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

namespace holdfast::vrrp {

TEST_CASE("the switch is read and written where it is; where there is none nothing is known") {
  const std::string path = "igmp_silence_test.switch";
  std::ofstream(path) << "1\n";
  const IgmpSilence silence(path);
  CHECK(silence.reports() == true);
  CHECK(silence.set_reports(false));
  CHECK(silence.reports() == false);
  std::remove(path.c_str());
  CHECK_FALSE(silence.reports());
  CHECK_FALSE(silence.set_reports(true));
}

}  // namespace holdfast::vrrp
