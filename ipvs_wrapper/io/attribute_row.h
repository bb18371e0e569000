// One row of a table of netlink attributes: how a field of a record is written and how it is read back. ipvs_messages.cpp keeps
// the tables; both directions walk the same rows, so a field cannot be known to one of them only.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <span>
#include <type_traits>

#include "core/netlink/generic.h"

namespace holdfast::ipvs {

enum class Use {
  Identity,  ///< names the entry: in every request
  Settings,  ///< in requests that add or edit
  Reading    ///< only the kernel sends it
};

template <class Record>
struct Row {
  int attribute = 0;
  Use use = Use::Settings;
  /// Whether a request for this record has the attribute at all.
  bool (*wanted)(const Record&) = nullptr;
  void (*put)(netlink::GenericRequest&, int attribute, const Record&) = nullptr;
  /// Called when the attribute is there; false = it makes no sense.
  bool (*take)(const netlink::Attributes&, int attribute, Record&) = nullptr;
};

enum class Order { Host, Network };

template <std::unsigned_integral Wire>
Wire reordered(Wire value, Order order) {
  if (order == Order::Host || std::endian::native == std::endian::big || sizeof(Wire) == 1) return value;
  Wire swapped = 0;
  for (std::size_t i = 0; i < sizeof(Wire); ++i) {
    swapped = static_cast<Wire>(static_cast<std::uint64_t>(swapped) << 8 |
                                ((static_cast<std::uint64_t>(value) >> (8 * i)) & 0xff));
  }
  return swapped;
}

template <std::unsigned_integral Wire>
void put_number(netlink::GenericRequest& request, int attribute, Wire value) {
  if constexpr (sizeof(Wire) == 1) request.put_u8(attribute, value);
  if constexpr (sizeof(Wire) == 2) request.put_u16(attribute, value);
  if constexpr (sizeof(Wire) == 4) request.put_u32(attribute, value);
}

template <std::unsigned_integral Wire>
std::optional<Wire> take_number(const netlink::Attributes& attributes, int attribute) {
  if constexpr (sizeof(Wire) == 1) return attributes.u8(attribute);
  if constexpr (sizeof(Wire) == 2) return attributes.u16(attribute);
  if constexpr (sizeof(Wire) == 4) return attributes.u32(attribute);
}

template <class Record>
bool always(const Record&) {
  return true;
}

/// A number; `field` gives a reference to it. A value that the field cannot hold makes no sense.
template <class Record, std::unsigned_integral Wire, Order order, auto field>
Row<Record> number(int attribute, Use use, bool (*wanted)(const Record&) = always<Record>) {
  return {attribute, use, wanted,
          [](netlink::GenericRequest& request, int type, const Record& record) {
            put_number<Wire>(request, type, reordered(static_cast<Wire>(field(record)), order));
          },
          [](const netlink::Attributes& attributes, int type, Record& record) {
            const std::optional<Wire> value = take_number<Wire>(attributes, type);
            if (!value) return false;
            auto& place = field(record);
            const Wire number = reordered(*value, order);
            place = static_cast<std::remove_reference_t<decltype(place)>>(number);
            return static_cast<Wire>(place) == number;
          }};
}

/// A text; more than the kernel's longest name is cut to what it refuses in any case.
template <class Record, auto field>
Row<Record> text(int attribute, Use use, bool (*wanted)(const Record&) = always<Record>) {
  return {attribute, use, wanted,
          [](netlink::GenericRequest& request, int type, const Record& record) {
            constexpr std::size_t kRefused = 64;
            request.put_text(type, field(record).substr(0, kRefused));
          },
          [](const netlink::Attributes& attributes, int type, Record& record) {
            field(record) = attributes.text(type).value_or("");
            return true;
          }};
}

template <class Record>
void put_rows(netlink::GenericRequest& request, std::span<const Row<Record>> rows, const Record& record,
              bool settings) {
  for (const Row<Record>& row : rows) {
    const bool asked = row.use == Use::Identity || (settings && row.use == Use::Settings);
    if (asked && row.wanted(record)) row.put(request, row.attribute, record);
  }
}

/// Rows are taken in the order of the table, those of Use::Reading if asked for; false when one makes no sense.
template <class Record>
bool take_rows(const netlink::Attributes& attributes, std::span<const Row<Record>> rows, Record& record, bool reading) {
  for (const Row<Record>& row : rows) {
    if (row.use == Use::Reading && !reading) continue;
    if (attributes.has(row.attribute) && !row.take(attributes, row.attribute, record)) return false;
  }
  return true;
}

}  // namespace holdfast::ipvs
