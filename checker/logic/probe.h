// A probe as a conversation: what to send and when the verdict is clear, with no socket and no clock. io/stream_probe and
// io/datagram_probe hold the connection and the deadlines and feed it; a test feeds it octet by octet.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "checker/logic/failure.h"
#include "core/config/schema/check.h"

namespace holdfast::checker {

/// What one run of a check asks of the network. For HTTP_GET one url: a check runs through its urls one probe each.
struct HttpProbe {
  config::HttpUrl url;
  config::HttpProtocol protocol = config::HttpProtocol::V10;
  bool tls = false;
  bool tls_verify = false;
  std::string sni;  ///< "" = none
  bool operator==(const HttpProbe&) const = default;
};
using ProbeKind =
    std::variant<config::TcpCheck, HttpProbe, config::SmtpCheck, config::DnsCheck, config::UdpCheck, config::PingCheck>;

struct ProbeSpec {
  ProbeKind kind;
  config::CheckEndpoint endpoint;
  Duration deadline = seconds(30);  ///< of the whole conversation; endpoint.connect_timeout bounds each step of it
  bool operator==(const ProbeSpec&) const = default;
};

/// How a probe, or a script, ended.
struct Verdict {
  Failure failure = Failure::None;
  std::string detail;  ///< what was seen, for log and status: "503", "rcode 2", "Connection refused"; printable
  bool up() const { return failure == Failure::None; }
  bool operator==(const Verdict&) const = default;
};

/// What a conversation wants next: octets to send (perhaps none), and the verdict when it is clear.
struct Step {
  std::string send;
  std::optional<Verdict> verdict;
};

/// Over a stream (TCP or TLS). Called until a Step has a verdict, never after.
class StreamConversation {
 public:
  virtual ~StreamConversation() = default;
  virtual Step on_connected() = 0;
  virtual Step on_data(std::string_view octets) = 0;
  /// The peer has sent all it will.
  virtual Step on_closed() = 0;
  /// The verdict if the time is up now: what was being waited for.
  virtual Verdict on_timeout() const = 0;
};

/// Over datagrams. `id` is random, so that an answer to an earlier probe is not taken for one to this.
class DatagramConversation {
 public:
  virtual ~DatagramConversation() = default;
  virtual std::string request() = 0;
  /// Nothing: not an answer to us, keep waiting.
  virtual std::optional<Verdict> on_datagram(std::string_view octets) = 0;
  virtual Verdict on_timeout() const = 0;
};

/// What logic/ may not have itself: an MD5; and the compiled patterns (checker/logic/probes/tools.h).
struct ConversationTools;

/// Null when the kind is not of that sort (PING_CHECK is of neither: checker/logic/probes/ping.h).
std::unique_ptr<StreamConversation> stream_conversation(const ProbeSpec& spec, ConversationTools& tools);
std::unique_ptr<DatagramConversation> datagram_conversation(const ProbeSpec& spec, std::uint16_t id);

}  // namespace holdfast::checker
