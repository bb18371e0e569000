#include "vrrp/logic/hmac.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/base/assert.h"

namespace holdfast::vrrp {

namespace {

template <std::size_t size>
std::array<std::uint8_t, size> keyed_hash(const EVP_MD* hash, ByteView key, ByteView text) {
  std::array<std::uint8_t, size> digest{};
  unsigned length = size;
  const auto* done =
      HMAC(hash, key.data(), static_cast<int>(key.size()), text.data(), text.size(), digest.data(), &length);
  ASSERT(done != nullptr && length == size);
  return digest;
}

}  // namespace

std::array<std::uint8_t, 16> hmac_md5(ByteView key, ByteView text) {
  return keyed_hash<16>(EVP_md5(), key, text);
}

std::array<std::uint8_t, 32> hmac_sha256(ByteView key, ByteView text) {
  return keyed_hash<32>(EVP_sha256(), key, text);
}

void warm_up_hashes() {
  const std::array<std::uint8_t, 1> nothing{};
  hmac_md5(nothing, nothing);
  hmac_sha256(nothing, nothing);
}

bool same_digest(ByteView a, ByteView b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace holdfast::vrrp
