// The page of genhash: got with the same request, connection and parser as a check's, then described in keepalived 2.2.7's
// form. The digest is of the body as it was sent, chunks and all, as keepalived's is; a check accepts both (probes/http).
#pragma once

#include <string>

#include "checker/logic/probe.h"

namespace holdfast::checker {

struct PageRequest {
  HttpProbe http;
  config::CheckEndpoint endpoint;
};

struct Page {
  bool nothing_came = false;  ///< nothing, or nothing that is HTTP
  std::string failure;        ///< keepalived's words; "" = none
  std::string header, body, digest;
  Duration took{};
};

/// Waits for it; endpoint.connect_timeout for each step, four times that for the whole and at least a minute.
Page get_page(const PageRequest& request);

/// Lines for the terminal.
std::string describe_page(const PageRequest& request, const Page& page, bool verbose);

}  // namespace holdfast::checker
