#include "core/config/settle_check.h"

#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
CheckTiming timing_of(const std::string& kind, const std::string& check, const std::string& real = "",
                      const std::string& server = "", const std::string& globals = "") {
  const std::string needs = kind == "HTTP_GET" ? "\nurl {\n path /\n}" : kind == "MISC_CHECK" ? "\nmisc_path /c" : "";
  return only_check(load_text("global_defs {\n" + globals + "\n}\n" +
                              service(server, kind + " {\n" + check + needs + "\n}\n" + real)))
      .timing;
}
}  // namespace

TEST_CASE("defaults are those of the kind (behaviour.md e.3)") {
  const CheckTiming tcp = timing_of("TCP_CHECK", "");
  CHECK(tcp.retry == 1);
  CHECK(tcp.delay_loop == seconds(60));
  CHECK(tcp.warmup == seconds(60));
  CHECK(tcp.delay_before_retry == seconds(1));
  CHECK(timing_of("HTTP_GET", "").delay_before_retry == seconds(3));
  CHECK(timing_of("HTTP_GET", "").retry == 1);
  CHECK(timing_of("DNS_CHECK", "").retry == 3);
  CHECK(timing_of("DNS_CHECK", "delay_loop 7").delay_before_retry == seconds(7));
  CHECK(timing_of("MISC_CHECK", "").retry == 0);
  CHECK(timing_of("UDP_CHECK", "").retry == 1);
}

TEST_CASE("the check's word counts before the real server's, that before the virtual server's") {
  CHECK(timing_of("TCP_CHECK", "", "", "retry 3").retry == 3);
  CHECK(timing_of("TCP_CHECK", "", "retry 4", "retry 3").retry == 4);
  CHECK(timing_of("TCP_CHECK", "retry 0", "retry 4", "retry 3").retry == 0);
  CHECK(timing_of("HTTP_GET", "", "", "delay_before_retry 2").delay_before_retry == seconds(2));
  CHECK(timing_of("TCP_CHECK", "", "delay_loop 5", "delay_loop 6").warmup == seconds(5));
  CHECK(timing_of("TCP_CHECK", "warmup 0", "delay_loop 5").warmup == Duration::zero());
  CHECK(timing_of("TCP_CHECK", "", "", "alpha").alpha);
  CHECK_FALSE(timing_of("TCP_CHECK", "", "alpha no", "alpha").alpha);
  CHECK(timing_of("TCP_CHECK", "alpha", "alpha no", "alpha").alpha);
  CHECK(timing_of("TCP_CHECK", "", "", "", "checker_log_all_failures").log_all_failures);
  CHECK_FALSE(timing_of("TCP_CHECK", "log_all_failures no", "", "", "checker_log_all_failures").log_all_failures);
}

TEST_CASE("a whole check may take four steps, at least a second, or what is said") {
  CHECK(timing_of("TCP_CHECK", "").deadline == seconds(20));
  CHECK(timing_of("TCP_CHECK", "connect_timeout 0.1").deadline == seconds(1));
  CHECK(timing_of("TCP_CHECK", "", "", "", "check_deadline 9").deadline == seconds(9));
  CHECK(timing_of("TCP_CHECK", "", "", "check_deadline 8", "check_deadline 9").deadline == seconds(8));
  CHECK(timing_of("TCP_CHECK", "check_deadline 0.5", "", "check_deadline 8").deadline == milliseconds(500));
}
