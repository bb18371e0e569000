#include "checker/genhash.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fmt/format.h>
#include <getopt.h>
#include <optional>

#include "checker/genhash_page.h"
#include "core/base/ip_address.h"

namespace holdfast::checker {

namespace {

constexpr std::string_view usage =
    R"(Usage: genhash COMMAND [OPTIONS]
Commands:
   -s server-address -p port -u url
   -S -s server-address -p port -u url
   -h

Options:
Either long or short options are allowed.
   --use-ssl         -S       Use SSL connection to remote server.
   --use-sni         -I       Use SNI during SSL handshake (uses virtualhost setting; see -V).
   --server          -s       Use the specified remote server address.
   --port            -p       Use the specified remote server port.
   --url             -u       Use the specified remote server url.
   --use-virtualhost -V       Use the specified virtualhost in GET query.
   --verbose         -v       Use verbose mode output.
   --help            -h       Display this short inlined help screen.
   --fwmark          -m       Use the specified FW mark.
   --protocol        -P       Use the specified HTTP protocol - '1.0', 1.0c', '1.1'.
                                1.0c means 1.0 with 'Connection: close'
   --timeout         -t       Timeout in seconds
)";

constexpr option long_options[] = {{"use-ssl", no_argument, nullptr, 'S'},
                                   {"use-sni", no_argument, nullptr, 'I'},
                                   {"server", required_argument, nullptr, 's'},
                                   {"port", required_argument, nullptr, 'p'},
                                   {"url", required_argument, nullptr, 'u'},
                                   {"use-virtualhost", required_argument, nullptr, 'V'},
                                   {"verbose", no_argument, nullptr, 'v'},
                                   {"help", no_argument, nullptr, 'h'},
                                   {"fwmark", required_argument, nullptr, 'm'},
                                   {"protocol", required_argument, nullptr, 'P'},
                                   {"timeout", required_argument, nullptr, 't'},
                                   {"hash", required_argument, nullptr, 'H'},
                                   {nullptr, 0, nullptr, 0}};

struct Options {
  PageRequest page;
  bool server = false, port = false, url = false, sni = false, verbose = false;
};

template <class T>
bool parse_number(std::string_view text, T least, T most, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= least && value <= most;
}

bool parse_protocol(std::string_view text, config::HttpProtocol& protocol) {
  if (text == "1.0") protocol = config::HttpProtocol::V10;
  if (text == "1.0c" || text == "1.0C") protocol = config::HttpProtocol::V10Close;
  if (text == "1.1") protocol = config::HttpProtocol::V11;
  return text == "1.0" || text == "1.0c" || text == "1.0C" || text == "1.1";
}

/// What is wrong with it; "" is a complaint without words.
std::optional<std::string> take_option(int letter, const std::string& value, Options& options) {
  HttpProbe& http = options.page.http;
  config::CheckEndpoint& endpoint = options.page.endpoint;
  unsigned timeout = 0;
  switch (letter) {
    case 'S':
      http.tls = true;
      return {};
    case 'I':
      options.sni = true;
      return {};
    case 'v':
      options.verbose = true;
      return {};
    case 's': {
      const auto address = IpAddress::parse(value);
      if (!address) return "server should be an IP, not " + value;
      endpoint.address = *address;
      options.server = true;
      return {};
    }
    case 'p':
      options.port = true;
      if (parse_number<std::uint16_t>(value, 1, 65535, endpoint.port)) return {};
      return fmt::format("invalid port number '{}'", value);
    case 'u':
      options.url = true;
      http.url.path = value;
      return {};
    case 'V':
      http.url.virtualhost = value;
      return {};
    case 'm':
      if (parse_number<std::uint32_t>(value, 0, ~0U, endpoint.fwmark)) return {};
      return fmt::format("invalid fwmark '{}'", value);
    case 'P':
      if (parse_protocol(value, http.protocol)) return {};
      return fmt::format("invalid HTTP protocol version '{}'", value);
    case 't':
      if (!parse_number(value, 0U, 4294U, timeout)) return fmt::format("invalid timeout '{}'", value);
      endpoint.connect_timeout = seconds(timeout);
      return {};
    case 'H':  // before 2.2.3, when there was a choice
      if (value == "MD5") return {};
      return fmt::format("invalid hash '{}'", value);
    default:
      return "";
  }
}

/// What getopt_long() has just refused.
std::string refused_option(int letter, const std::vector<char*>& argv) {
  const std::string word = argv[static_cast<std::size_t>(optind - 1)];
  const bool is_long = word.starts_with("--") || optopt == 0;
  const std::string name = is_long ? word : fmt::format("-{}", static_cast<char>(optopt));
  return (letter == ':' ? "Missing parameter for option " : "Unknown option ") + name;
}

/// The same as take_option.
std::optional<std::string> take_options(const std::vector<std::string>& arguments, Options& options) {
  std::vector<std::string> words{"genhash"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  optind = 0;  // glibc: from the start
  opterr = 0;
  const int argc = static_cast<int>(words.size());
  for (int letter = 0;
       (letter = getopt_long(argc, argv.data(), ":SIs:p:u:V:vhm:P:t:H:", long_options, nullptr)) != -1;) {
    if (letter == ':' || letter == '?') return refused_option(letter, argv);
    if (auto complaint = take_option(letter, optarg != nullptr ? optarg : "", options)) return complaint;
  }
  if (optind < argc) {
    std::string surplus = "Unexpected argument(s):";
    for (int i = optind; i < argc; ++i) surplus += std::string(" ") + argv[static_cast<std::size_t>(i)];
    return surplus;
  }
  return options.server && options.port && options.url ? std::nullopt : std::optional<std::string>("");
}

}  // namespace

GenhashResult run_genhash(const std::vector<std::string>& arguments) {
  Options options;
  if (const auto complaint = take_options(arguments, options)) {
    return {1, {}, (complaint->empty() ? "" : *complaint + "\n") + std::string(usage)};
  }
  if (options.sni) options.page.http.sni = options.page.http.url.virtualhost;
  const Page page = get_page(options.page);
  GenhashResult result;
  (page.nothing_came ? result.standard_error : result.standard_output) =
      describe_page(options.page, page, options.verbose);
  return result;
}

int genhash(int argc, char** argv) {
  const GenhashResult result = run_genhash({argv + std::min(argc, 1), argv + argc});
  std::fputs(result.standard_error.c_str(), stderr);
  std::fwrite(result.standard_output.data(), 1, result.standard_output.size(), stdout);
  std::fflush(stdout);
  return result.exit_code;
}

}  // namespace holdfast::checker
