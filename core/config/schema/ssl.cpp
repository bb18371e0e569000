// The root block SSL: what SSL_GET shows a server that asks for a certificate.
#include "core/config/schema/lvs_rows.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

const Schema<TlsClient>& ssl_schema() {
  using T = TlsClient;
  static const Schema<T> schema{"SSL",
                                "What SSL_GET shows a server that asks for a certificate.",
                                {field<T>("password", &T::password, Text{"SSL password"}, "Of the key.", "0.5.3"),
                                 field<T>("ca", &T::ca, Text{"SSL cafile"}, "File with authorities.", "0.5.3"),
                                 field<T>("certificate", &T::certificate, Text{"SSL certfile"}, "File.", "0.5.3"),
                                 field<T>("key", &T::key, Text{"SSL keyfile"}, "File.", "0.5.3")}};
  return schema;
}

}  // namespace holdfast::config
