#include "checker/logic/probes/http_request.h"

#include <fmt/format.h>

namespace holdfast::checker {

namespace {

std::string host_of(const HttpProbe& probe, const config::CheckEndpoint& endpoint) {
  if (!probe.url.virtualhost.empty()) return probe.url.virtualhost;
  const std::string address = endpoint.address.text();
  return endpoint.address.is_v4() ? fmt::format("{}:{}", address, endpoint.port)
                                  : fmt::format("[{}]:{}", address, endpoint.port);
}

}  // namespace

std::string http_request(const HttpProbe& probe, const config::CheckEndpoint& endpoint) {
  using config::HttpProtocol;
  const bool version_11 = probe.protocol == HttpProtocol::V11 || probe.protocol == HttpProtocol::V11Close;
  return fmt::format("GET {} HTTP/1.{}\r\nUser-Agent: KeepAliveClient\r\n{}Host: {}\r\n\r\n", probe.url.path,
                     version_11 ? 1 : 0, probe.protocol == HttpProtocol::V10 ? "" : "Connection: close\r\n",
                     host_of(probe, endpoint));
}

}  // namespace holdfast::checker
