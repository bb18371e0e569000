// The request of HTTP_GET and SSL_GET, octet for octet as keepalived 2.2.7 sends it (behaviour.md e.4; read off the wire).
#pragma once

#include <string>

#include "checker/logic/probe.h"

namespace holdfast::checker {

/// Host is the url's virtualhost, else "ADDRESS:PORT" ("[ADDRESS]:PORT" for IPv6), the port always named. Everything but
/// HTTP/1.0 asks the server to close.
std::string http_request(const HttpProbe& probe, const config::CheckEndpoint& endpoint);

}  // namespace holdfast::checker
