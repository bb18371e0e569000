// Generic netlink as plain values: requests are built attribute by attribute, answers are cut into attributes, and nobody else
// looks at raw bytes. Every length is checked; a message that does not fit its own header is dropped and counted. A family
// gives these bytes their meaning (ipvs_wrapper/io/ipvs_messages).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/netlink/message.h"
#include "core/netlink/socket.h"

namespace holdfast::netlink {

enum class Answer { OnlyRefusals, Always, Dump };

struct GenericHeader {
  std::uint16_t family = 0;  ///< the number that the kernel gave to the family
  std::uint8_t command = 0;
  std::uint8_t version = 0;
  Answer answer = Answer::Always;
  std::uint32_t sequence = 0;
  bool operator==(const GenericHeader&) const = default;
};

/// One request under construction. Up to 4 KiB; more is a broken contract.
class GenericRequest {
 public:
  explicit GenericRequest(const GenericHeader& header);
  GenericRequest(GenericRequest&&) noexcept;
  ~GenericRequest();

  void put(int attribute, ByteView value);
  void put_text(int attribute, const std::string& text);  ///< with its terminating zero
  void put_u8(int attribute, std::uint8_t value);
  void put_u16(int attribute, std::uint16_t value);  ///< host order, as the two below
  void put_u32(int attribute, std::uint32_t value);
  void begin_nested(int attribute);
  void end_nested();
  /// The finished message, padded, behind what `batch` holds already.
  void append_to(Bytes& batch) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The attributes of a message or of a nested attribute, as views into the datagram. The last of several of one type counts.
class Attributes {
 public:
  /// Nothing when an attribute reaches beyond the end or is shorter than its own header.
  static std::optional<Attributes> parse(ByteView payload);

  bool has(int attribute) const { return bytes(attribute).has_value(); }
  std::optional<ByteView> bytes(int attribute) const;
  /// Host order; nothing when it is absent or of another length.
  std::optional<std::uint8_t> u8(int attribute) const;
  std::optional<std::uint16_t> u16(int attribute) const;
  std::optional<std::uint32_t> u32(int attribute) const;
  std::optional<std::uint64_t> u64(int attribute) const;
  /// Up to the first zero.
  std::optional<std::string> text(int attribute) const;
  std::optional<Attributes> nested(int attribute) const;

 private:
  template <class Number>
  std::optional<Number> number(int attribute) const;

  std::vector<std::pair<int, ByteView>> found_;
};

/// An answer of a family; the attributes are views into the datagram.
struct GenericAnswer {
  std::uint16_t family = 0;
  std::uint8_t command = 0;
  Attributes attributes;
};

struct GenericReceived {
  std::uint32_t sequence = 0;
  bool interrupted = false;  ///< NLM_F_DUMP_INTR: the dump is not of one moment
  std::variant<GenericAnswer, Acknowledgement, DumpEnd, OtherMessage> body;
};

struct GenericBatch {
  std::vector<GenericReceived> messages;
  unsigned malformed = 0;  ///< messages dropped
};

GenericBatch parse_generic(ByteView datagram);

// ---- the family of families --------------------------------------------------------------------------------------------

/// Asks for the number of a family by its name; kernels with modules load the module that has the alias
/// net-pf-16-proto-16-family-NAME before they answer, whatever capabilities the caller has.
Bytes family_request(const std::string& name, std::uint32_t sequence);
/// The number in the answer to it.
std::optional<std::uint16_t> family_number(const GenericAnswer& answer);
/// Both, over `socket`; ENOENT when the kernel has no such family.
Result<std::uint16_t> resolve_family(Socket& socket, const std::string& name, std::uint32_t sequence,
                                     Duration patience);

}  // namespace holdfast::netlink
