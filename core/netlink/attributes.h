// The attributes of a message of the kernel, each length checked. For the message files of this folder only.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/ip_address.h"

namespace holdfast::netlink {

/// Up to attribute number `Last`; what is beyond is left out.
template <int Last>
class AttributeTable {
 public:
  /// Behind a fixed header of so many octets.
  bool parse(nlmsghdr* header, std::size_t fixed) {
    return nlmsg_parse(header, static_cast<int>(fixed), table_.data(), Last, nullptr) >= 0;
  }
  bool parse(ByteView attributes) {
    auto* first = reinterpret_cast<nlattr*>(const_cast<std::uint8_t*>(attributes.data()));  // libnl writes nothing
    return nla_parse(table_.data(), Last, first, static_cast<int>(attributes.size()), nullptr) >= 0;
  }
  bool has(int type) const { return table_[static_cast<std::size_t>(type)] != nullptr; }
  ByteView bytes(int type) const {
    const nlattr* attribute = table_[static_cast<std::size_t>(type)];
    if (attribute == nullptr) return {};
    return {static_cast<const std::uint8_t*>(nla_data(attribute)), static_cast<std::size_t>(nla_len(attribute))};
  }
  /// Nothing when it is missing, or has another size.
  template <class Number>
  std::optional<Number> number(int type) const {
    const ByteView value = bytes(type);
    Number number = 0;
    if (value.size() != sizeof number) return std::nullopt;
    std::memcpy(&number, value.data(), sizeof number);
    return number;
  }
  std::string text(int type) const {
    const ByteView value = bytes(type);
    return {value.begin(), std::find(value.begin(), value.end(), std::uint8_t{0})};
  }
  /// Nothing when it is missing or of another family.
  std::optional<IpAddress> address(int type, Family family) const {
    const auto address = IpAddress::from_bytes(bytes(type));
    return address && address->family() == family ? address : std::nullopt;
  }

 private:
  std::array<nlattr*, Last + 1> table_{};
};

}  // namespace holdfast::netlink
