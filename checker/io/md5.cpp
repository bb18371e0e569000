#include "checker/io/md5.h"

#include <array>
#include <openssl/evp.h>

#include "core/base/assert.h"

namespace holdfast::checker {

namespace {

class Md5 : public BodyDigest {
 public:
  Md5() : context_(EVP_MD_CTX_new()) {
    ASSERT(context_ != nullptr && EVP_DigestInit_ex(context_, EVP_md5(), nullptr) == 1);
  }
  ~Md5() override { EVP_MD_CTX_free(context_); }
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;

  void add(std::string_view octets) override { EVP_DigestUpdate(context_, octets.data(), octets.size()); }
  std::string finish() override {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_, digest.data(), &size);
    return {reinterpret_cast<const char*>(digest.data()), size};
  }

 private:
  EVP_MD_CTX* context_;
};

}  // namespace

std::unique_ptr<BodyDigest> make_md5() {
  return std::make_unique<Md5>();
}

}  // namespace holdfast::checker
