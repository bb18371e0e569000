// One request to the kernel, put together with libnl. For the message files of this folder only.
#pragma once

#include <cstring>
#include <linux/rtnetlink.h>
#include <memory>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <string>

#include "core/base/assert.h"
#include "core/base/bytes.h"

namespace holdfast::netlink {

class Builder {
 public:
  /// `room`: octets that the whole message may take.
  Builder(int type, int flags, std::uint32_t sequence, std::size_t room = 4096)
      : message_(nlmsg_alloc_size(room), nlmsg_free) {
    ASSERT(message_ != nullptr);
    ASSERT(nlmsg_put(message_.get(), 0, sequence, type, 0, flags | NLM_F_REQUEST) != nullptr);
  }
  template <class Header>
  void header(const Header& header) {
    // nlmsg_append takes a pointer to what it only reads.
    ASSERT(nlmsg_append(message_.get(), const_cast<Header*>(&header), sizeof header, NLMSG_ALIGNTO) == 0);
  }
  void put(int type, ByteView value) {
    ASSERT(nla_put(message_.get(), type, static_cast<int>(value.size()), value.data()) == 0);
  }
  void put_text(int type, const std::string& text) { ASSERT(nla_put_string(message_.get(), type, text.c_str()) == 0); }
  void put_u32(int type, std::uint32_t value) { ASSERT(nla_put_u32(message_.get(), type, value) == 0); }
  void put_u16(int type, std::uint16_t value) { ASSERT(nla_put_u16(message_.get(), type, value) == 0); }
  void put_u8(int type, std::uint8_t value) { ASSERT(nla_put_u8(message_.get(), type, value) == 0); }
  /// In network order.
  void put_big_u64(int type, std::uint64_t value) {
    ByteWriter octets;
    octets.u64(value);
    put(type, octets.bytes());
  }
  /// What `fill` puts stands inside the attribute.
  template <class Fill>
  void nest(int type, Fill fill) {
    nlattr* nested = nla_nest_start(message_.get(), type);
    ASSERT(nested != nullptr);
    fill();
    nla_nest_end(message_.get(), nested);
  }
  /// A hop of RTA_MULTIPATH: a header of its own, and what `fill` puts behind it.
  template <class Fill>
  void hop(rtnexthop header, Fill fill) {
    void* place = nlmsg_reserve(message_.get(), sizeof header, NLMSG_ALIGNTO);
    ASSERT(place != nullptr);
    fill();
    const auto* end = static_cast<const char*>(nlmsg_tail(nlmsg_hdr(message_.get())));
    header.rtnh_len = static_cast<unsigned short>(end - static_cast<const char*>(place));
    std::memcpy(place, &header, sizeof header);
  }
  Bytes take() const {
    const nlmsghdr* header = nlmsg_hdr(message_.get());
    const auto* first = reinterpret_cast<const std::uint8_t*>(header);
    Bytes bytes(first, first + header->nlmsg_len);
    bytes.resize(NLMSG_ALIGN(header->nlmsg_len));
    return bytes;
  }

 private:
  std::unique_ptr<nl_msg, decltype(&nlmsg_free)> message_;
};

}  // namespace holdfast::netlink
