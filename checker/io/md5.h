// MD5 of a body, by libcrypto: the digest of a url (behaviour.md e.4) and of genhash. Not for anything that must be secure.
#pragma once

#include <memory>

#include "checker/logic/probes/tools.h"

namespace holdfast::checker {

std::unique_ptr<BodyDigest> make_md5();

}  // namespace holdfast::checker
