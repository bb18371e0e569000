// Rows and codecs that the blocks of the checker's language share: the timing of virtual_server, real_server and checks,
// the endpoint of the checks that use the network, forwarding methods. Each is a template over the draft it fills.
#pragma once

#include <iterator>
#include <string>
#include <vector>

#include "core/config/schema.h"
#include "core/config/schema/lvs_draft.h"

namespace holdfast::config {

inline constexpr std::int64_t kMostUnsigned = 4294967295;
inline constexpr Duration kLongestDelay = seconds(1'000'000'000);
inline constexpr Duration kLongestConnect = microseconds(4'294'967'295);

/// An address of a server; keepalived's words when it is none.
struct ServerAddress {
  using Value = IpAddress;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const { return {value.text()}; }
  std::string describe() const { return "an IP address"; }
  Form form() const { return {Form::Kind::Address}; }
};

/// A word whose absence is an error of this line only (2.2.7 goes on).
struct Text {
  using Value = std::string;
  std::string_view what;  ///< "SMTP_CHECK helo name": said to be missing
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const { return {value}; }
  std::string describe() const { return "a word"; }
  Form form() const { return {Form::Kind::Word}; }
};

/// NAT|DR|TUN [type ipip|gue|gre [port N] [nocsum|csum|remcsum]].
struct Forwards {
  using Value = ForwardingMethod;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const;
  std::vector<std::string> format(const Value& value) const;
  std::string describe() const { return "NAT, DR or TUN [type ipip|gue|gre [port N] [nocsum|csum|remcsum]]"; }
  Form form() const { return {}; }
};

template <class S>
void append(std::vector<Row<S>>& rows, std::vector<Row<S>> more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// `least_retry`: 0 in a check, 1 above it (keywords.tsv).
template <class S>
std::vector<Row<S>> timing_rows(std::int64_t least_retry, const char* since) {
  using T = GivenTiming;
  return {
      field<S>("delay_loop", &T::delay_loop, Seconds{microseconds(1), kLongestDelay}, "Seconds between two checks.",
               since),
      field<S>("retry", &T::retry, Integer{least_retry, kMostUnsigned},
               "Further attempts before a failure counts; by default 1, DNS_CHECK 3, MISC_CHECK 0.", since),
      field<S>("delay_before_retry", &T::delay_before_retry, Seconds{Duration::zero(), kLongestDelay},
               "Seconds between attempts; by default 1, HTTP 3, DNS_CHECK delay_loop.", since),
      field<S>("warmup", &T::warmup, Seconds{Duration::zero(), kLongestDelay},
               "The first check happens within so many seconds; by default delay_loop.", since),
  };
}

/// The timing that only checks over the network have.
template <class S>
std::vector<Row<S>> network_timing_rows() {
  using T = GivenTiming;
  return {
      field<S>("connect_timeout", &T::connect_timeout, Seconds{microseconds(1), kLongestConnect},
               "Seconds that each step of a check may take; by default 5.", "2.0.13"),
      field<S>("check_deadline", &T::deadline, Seconds{milliseconds(1), kLongestConnect},
               "Seconds that one whole check may take; by default four times connect_timeout, at least 1 (only in "
               "Holdfast).",
               "holdfast"),
  };
}

/// What every check can say.
template <class S>
std::vector<Row<S>> check_rows() {
  std::vector<Row<S>> rows = timing_rows<S>(0, "1.3.7");
  rows.push_back(
      field<S>("alpha", &CheckDraft::alpha, Boolean{}, "The server is down until the first success.", "1.3.7"));
  rows.push_back(field<S>("log_all_failures", &CheckDraft::log_all_failures, Boolean{},
                          "Log each failed attempt, not only those that count.", "2.0.11"));
  return rows;
}

/// What every check over the network can say, with what every check can.
template <class S>
std::vector<Row<S>> endpoint_rows() {
  using D = CheckDraft;
  std::vector<Row<S>> rows{
      field<S>("connect_ip", &D::connect_ip, ServerAddress{}, "Whom to connect to; by default the real server.",
               "1.2.13"),
      field<S>("connect_port", &D::connect_port, Integer{1, 65535}, "Its port; by default the real server's.", "0.5.8"),
      field<S>("bindto", &D::bind_address, ServerAddress{}, "Source address.", "1.1.2"),
      field<S>("bind_port", &D::bind_port, Integer{1, 65535}, "Source port.", "1.2.13"),
      field<S>("bind_if", &D::bind_interface, Word{"an interface name", 15}, "Interface to go out by.", "1.3.7"),
      field<S>("fwmark", &D::fwmark, Integer{0, kMostUnsigned}, "Firewall mark of the check's packets.", "1.2.13"),
  };
  append(rows, network_timing_rows<S>());
  append(rows, check_rows<S>());
  return rows;
}

}  // namespace holdfast::config
