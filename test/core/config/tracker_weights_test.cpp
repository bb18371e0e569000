#include "core/config/tracker_weights.h"

#include <catch2/catch.hpp>

#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

const std::string kDefinitions =
    "vrrp_script s {\n script /x\n weight -7 reverse\n}\nvrrp_track_file f {\n file /x\n}\ntrack_file g {\n file /x\n"
    " weight 4\n}\nvrrp_track_process p {\n process x\n weight 5\n}\nbfd_instance b {\n neighbor_ip 10.0.0.9\n"
    " weight 6\n}\n";

TrackerWeights::Weight weight(const std::string& list, std::vector<std::string> words) {
  static const Loaded loaded = load_text(kDefinitions);
  Node line;
  line.words = std::move(words);
  return TrackerWeights(loaded.tree).of(list, line);
}

}  // namespace

TEST_CASE("the tracker's own weight counts, else that of the definition, else the default") {
  CHECK(weight("track_script", {"s", "weight", "3"}).value == 3);
  CHECK(weight("track_script", {"s", "weight", "0"}).value == 0);
  CHECK(weight("track_script", {"s"}).value == -7);
  CHECK(weight("track_script", {"s", "reverse"}).value == -7);
  CHECK(weight("track_file", {"f"}).value == 1);
  CHECK(weight("track_file", {"g"}).value == 4);
  CHECK(weight("track_process", {"p"}).value == 5);
  CHECK(weight("track_bfd", {"b"}).value == 6);
  CHECK(weight("track_interface", {"eth0"}).value == 0);
  CHECK(weight("track_interface", {"eth0", "weight", "-5"}).value == -5);
  CHECK(weight("track_script", {"nobody"}).value == 0);
  CHECK(weight("track_script", {"s", "weight"}).value == 0);
}

TEST_CASE("who says the weight is known") {
  const TrackerWeights::Weight from_script = weight("track_script", {"s"});
  REQUIRE(from_script.definition != nullptr);
  CHECK(from_script.definition->at.line == 3);
  CHECK(weight("track_script", {"s", "weight", "3"}).definition == nullptr);
  CHECK(weight("track_file", {"f"}).definition == nullptr);
}
