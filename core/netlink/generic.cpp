#include "core/netlink/generic.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <linux/genetlink.h>
#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "core/base/assert.h"

namespace holdfast::netlink {

namespace {

constexpr std::size_t largest_request = 4096;

int flags_of(Answer answer) {
  switch (answer) {
    case Answer::Dump:
      return NLM_F_REQUEST | NLM_F_DUMP;
    case Answer::Always:
      return NLM_F_REQUEST | NLM_F_ACK;
    default:
      return NLM_F_REQUEST;
  }
}

ByteView payload_of(const nlmsghdr* header) {
  return {static_cast<const std::uint8_t*>(nlmsg_data(header)), static_cast<std::size_t>(nlmsg_datalen(header))};
}

// The number that begins an answer: NLMSG_ERROR and NLMSG_DONE carry a negative errno.
std::optional<int> error_in(ByteView payload) {
  int error = 0;
  if (payload.size() < sizeof error) return std::nullopt;
  std::memcpy(&error, payload.data(), sizeof error);
  return error > 0 || error < -4095 ? std::nullopt : std::optional<int>(-error);
}

using Body = decltype(GenericReceived::body);

std::optional<Body> parse_answer(const nlmsghdr* header) {
  const ByteView payload = payload_of(header);
  if (payload.size() < GENL_HDRLEN) return std::nullopt;
  std::optional<Attributes> attributes = Attributes::parse(payload.subspan(GENL_HDRLEN));
  if (!attributes) return std::nullopt;
  return GenericAnswer{header->nlmsg_type, payload[0], std::move(*attributes)};
}

std::optional<Body> parse_body(const nlmsghdr* header) {
  const ByteView payload = payload_of(header);
  switch (header->nlmsg_type) {
    case NLMSG_ERROR:
      if (payload.size() < sizeof(nlmsgerr) || !error_in(payload)) return std::nullopt;
      return Acknowledgement{*error_in(payload)};
    case NLMSG_DONE:
      return DumpEnd{error_in(payload).value_or(0)};
    case NLMSG_NOOP:
    case NLMSG_OVERRUN:
      return OtherMessage{};
    default:
      return parse_answer(header);
  }
}

}  // namespace

// ---- building ----------------------------------------------------------------------------------------------------------

struct GenericRequest::Impl {
  std::unique_ptr<nl_msg, decltype(&nlmsg_free)> message{nlmsg_alloc_size(largest_request), nlmsg_free};
  std::vector<nlattr*> open;
};

GenericRequest::GenericRequest(const GenericHeader& header) : impl_(std::make_unique<Impl>()) {
  ASSERT(impl_->message != nullptr);
  ASSERT(genlmsg_put(impl_->message.get(), 0, header.sequence, header.family, 0, flags_of(header.answer),
                     header.command, header.version) != nullptr);
}
GenericRequest::GenericRequest(GenericRequest&&) noexcept = default;
GenericRequest::~GenericRequest() = default;

void GenericRequest::put(int attribute, ByteView value) {
  ASSERT(nla_put(impl_->message.get(), attribute, static_cast<int>(value.size()), value.data()) == 0);
}

void GenericRequest::put_text(int attribute, const std::string& text) {
  ASSERT(nla_put_string(impl_->message.get(), attribute, text.c_str()) == 0);
}

void GenericRequest::put_u8(int attribute, std::uint8_t value) {
  ASSERT(nla_put_u8(impl_->message.get(), attribute, value) == 0);
}

void GenericRequest::put_u16(int attribute, std::uint16_t value) {
  ASSERT(nla_put_u16(impl_->message.get(), attribute, value) == 0);
}

void GenericRequest::put_u32(int attribute, std::uint32_t value) {
  ASSERT(nla_put_u32(impl_->message.get(), attribute, value) == 0);
}

// libnl marks nested attributes since 3.5; kernels before that convention ignore the mark, and IPVS never looks at it.
void GenericRequest::begin_nested(int attribute) {
  nlattr* nested = nla_nest_start(impl_->message.get(), attribute);
  ASSERT(nested != nullptr);
  impl_->open.push_back(nested);
}

void GenericRequest::end_nested() {
  ASSERT(!impl_->open.empty());
  nla_nest_end(impl_->message.get(), impl_->open.back());
  impl_->open.pop_back();
}

void GenericRequest::append_to(Bytes& batch) const {
  ASSERT(impl_->open.empty());
  const nlmsghdr* header = nlmsg_hdr(impl_->message.get());
  const auto* first = reinterpret_cast<const std::uint8_t*>(header);
  batch.insert(batch.end(), first, first + header->nlmsg_len);
  batch.resize(batch.size() + NLMSG_ALIGN(header->nlmsg_len) - header->nlmsg_len);
}

// ---- parsing -----------------------------------------------------------------------------------------------------------

std::optional<Attributes> Attributes::parse(ByteView payload) {
  Attributes attributes;
  // libnl wants writable memory, aligned; it writes nothing.
  auto* at = reinterpret_cast<nlattr*>(const_cast<std::uint8_t*>(payload.data()));
  int remaining = static_cast<int>(payload.size());
  while (nla_ok(at, remaining) != 0) {
    attributes.found_.emplace_back(
        nla_type(at), ByteView(static_cast<const std::uint8_t*>(nla_data(at)), static_cast<std::size_t>(nla_len(at))));
    at = nla_next(at, &remaining);
  }
  if (remaining > 0) return std::nullopt;
  return attributes;
}

std::optional<ByteView> Attributes::bytes(int attribute) const {
  const auto found = std::find_if(found_.rbegin(), found_.rend(), [&](const auto& a) { return a.first == attribute; });
  if (found == found_.rend()) return std::nullopt;
  return found->second;
}

template <class Number>
std::optional<Number> Attributes::number(int attribute) const {
  const std::optional<ByteView> value = bytes(attribute);
  Number number = 0;
  if (!value || value->size() != sizeof number) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof number);
  return number;
}

std::optional<std::uint8_t> Attributes::u8(int attribute) const {
  return number<std::uint8_t>(attribute);
}
std::optional<std::uint16_t> Attributes::u16(int attribute) const {
  return number<std::uint16_t>(attribute);
}
std::optional<std::uint32_t> Attributes::u32(int attribute) const {
  return number<std::uint32_t>(attribute);
}
std::optional<std::uint64_t> Attributes::u64(int attribute) const {
  return number<std::uint64_t>(attribute);
}

std::optional<std::string> Attributes::text(int attribute) const {
  const std::optional<ByteView> value = bytes(attribute);
  if (!value) return std::nullopt;
  return std::string(value->begin(), std::find(value->begin(), value->end(), std::uint8_t{0}));
}

std::optional<Attributes> Attributes::nested(int attribute) const {
  const std::optional<ByteView> value = bytes(attribute);
  if (!value) return std::nullopt;
  return parse(*value);
}

GenericBatch parse_generic(ByteView datagram) {
  GenericBatch batch;
  auto* header = reinterpret_cast<nlmsghdr*>(const_cast<std::uint8_t*>(datagram.data()));
  int remaining = static_cast<int>(datagram.size());
  for (; nlmsg_ok(header, remaining); header = nlmsg_next(header, &remaining)) {
    if (auto body = parse_body(header)) {
      batch.messages.push_back({header->nlmsg_seq, (header->nlmsg_flags & NLM_F_DUMP_INTR) != 0, std::move(*body)});
    } else {
      ++batch.malformed;
    }
  }
  if (remaining > 0) ++batch.malformed;
  return batch;
}

// ---- the family of families --------------------------------------------------------------------------------------------

Bytes family_request(const std::string& name, std::uint32_t sequence) {
  GenericRequest request({GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, Answer::OnlyRefusals, sequence});
  request.put_text(CTRL_ATTR_FAMILY_NAME, name);
  Bytes bytes;
  request.append_to(bytes);
  return bytes;
}

std::optional<std::uint16_t> family_number(const GenericAnswer& answer) {
  if (answer.family != GENL_ID_CTRL || answer.command != CTRL_CMD_NEWFAMILY) return std::nullopt;
  return answer.attributes.u16(CTRL_ATTR_FAMILY_ID);
}

Result<std::uint16_t> resolve_family(Socket& socket, const std::string& name, std::uint32_t sequence,
                                     Duration patience) {
  if (const Status sent = socket.send(family_request(name, sequence)); !sent) return sent.error();
  while (true) {
    const Result<ByteView> datagram = socket.receive(patience);
    if (!datagram) return datagram.error();
    for (const GenericReceived& received : parse_generic(*datagram).messages) {
      if (received.sequence != sequence) continue;
      const auto* refusal = std::get_if<Acknowledgement>(&received.body);
      if (refusal != nullptr && refusal->error != 0) return system_error("netlink family " + name, refusal->error);
      const auto* answer = std::get_if<GenericAnswer>(&received.body);
      const auto number = answer == nullptr ? std::nullopt : family_number(*answer);
      if (number) return *number;
    }
  }
}

}  // namespace holdfast::netlink
