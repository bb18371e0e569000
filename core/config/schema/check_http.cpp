// HTTP_GET and SSL_GET with their urls (behaviour.md e.4).
#include <algorithm>
#include <array>

#include "core/config/schema/lvs_rows.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

using U = HttpUrlDraft;
using H = HttpDraft;

constexpr std::array<std::string_view, 24> kRegexOptions{"allow_empty_class", "alt_bsux",
                                                         "auto_callout",      "caseless",
                                                         "dollar_endonly",    "dotall",
                                                         "dupnames",          "extended",
                                                         "firstline",         "match_unset_backref",
                                                         "multiline",         "never_ucp",
                                                         "never_utf",         "no_auto_capture",
                                                         "no_auto_possess",   "no_dotstar_anchor",
                                                         "no_start_optimize", "ucp",
                                                         "ungreedy",          "utf",
                                                         "never_backslash_c", "alt_circumflex",
                                                         "alt_verbnames",     "use_offset_limit"};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

void read_path(U& url, const Node& node, Context& context) {
  const std::string* path = mandatory_word(node, 1, "a path", context.diagnostics);
  if (path == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  url.path = path->starts_with('/') ? *path : "/" + *path;
  url.path_given = true;
}

void write_path(const U& url, std::vector<Node>& lines) {
  lines.push_back(made_node("path", {url.path}));
}

void read_digest(U& url, const Node& node, Context& context) {
  const std::string* word = mandatory_word(node, 1, "32 hexadecimal digits", context.diagnostics);
  if (word == nullptr) return;
  remark_surplus(node, 2, context.diagnostics);
  if (url.digest) {
    context.diagnostics.error(location_of(node, 1), fmt::format("Digest '{}' is a duplicate - ignoring", *word),
                              "one line digest in a url");
    return;
  }
  if (word->size() != 32) {
    context.diagnostics.error(
        location_of(node, 1),
        fmt::format("digest '{}' character length should be 32 rather than {}", *word, word->size()),
        "32 hexadecimal digits");
    return;
  }
  std::array<std::uint8_t, 16> digest{};
  for (std::size_t at = 0; at < digest.size(); ++at) {
    const int high = hex_digit((*word)[at * 2]), low = hex_digit((*word)[at * 2 + 1]);
    if (high < 0 || low < 0) {
      context.diagnostics.error(location_of(node, 1),
                                fmt::format("Unable to interpret hex digit in '{}' at offset {}/{}",
                                            word->substr(at * 2, 2), at * 2, at * 2 + 1),
                                "32 hexadecimal digits");
      return;
    }
    digest[at] = static_cast<std::uint8_t>(high << 4 | low);
  }
  url.digest = digest;
}

void write_digest(const U& url, std::vector<Node>& lines) {
  if (!url.digest) return;
  std::string text;
  for (const std::uint8_t octet : *url.digest) text += fmt::format("{:02x}", octet);
  lines.push_back(made_node("digest", {std::move(text)}));
}

/// Three digits 100..599 at the front, which are taken off; nothing for anything else.
std::optional<int> take_status(std::string_view& text) {
  if (text.size() < 3 || text[0] < '1' || text[0] > '5') return std::nullopt;
  int value = 0;
  for (const char c : text.substr(0, 3)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(3);
  return value;
}

std::optional<std::pair<int, int>> status_range(std::string_view text) {
  const auto first = take_status(text);
  if (!first) return std::nullopt;
  if (text.empty()) return std::pair(*first, *first);
  if (!text.starts_with('-')) return std::nullopt;
  text.remove_prefix(1);
  const auto last = take_status(text);
  if (!last || !text.empty() || *last < *first) return std::nullopt;
  return std::pair(*first, *last);
}

void read_status_codes(U& url, const Node& node, Context& context) {
  if (mandatory_word(node, 1, "codes 100..599 or ranges of them", context.diagnostics) == nullptr) return;
  std::vector<std::pair<int, int>> codes;
  for (std::size_t at = 1; at < node.words.size(); ++at) {
    if (const auto range = status_range(node.words[at])) {
      codes.push_back(*range);
    } else {
      context.diagnostics.error(location_of(node, at), fmt::format("Invalid HTTP_GET status code '{}'", node.words[at]),
                                "codes 100..599 or ranges of them");
    }
  }
  if (!codes.empty()) url.status_codes = std::move(codes);
}

void write_status_codes(const U& url, std::vector<Node>& lines) {
  std::vector<std::string> words;
  for (const auto& [first, last] : url.status_codes) {
    words.push_back(first == last ? std::to_string(first) : fmt::format("{}-{}", first, last));
  }
  lines.push_back(made_node("status_code", std::move(words)));
}

void note_regex_line(U& url, const Node& node) {
  if (url.regex_at.line == 0) url.regex_at = node.at;
}

void read_regex_options(U& url, const Node& node, Context& context) {
  note_regex_line(url, node);
  mandatory_word(node, 1, "names of options of PCRE2", context.diagnostics);
  for (std::size_t at = 1; at < node.words.size(); ++at) {
    if (std::find(kRegexOptions.begin(), kRegexOptions.end(), node.words[at]) != kRegexOptions.end()) {
      url.given_regex.options.push_back(node.words[at]);
      continue;
    }
    context.diagnostics.add({Severity::Warning, ErrorClass::None, location_of(node, at),
                             fmt::format("Unknown regex option {} - ignoring", node.words[at]),
                             "names of options of PCRE2",
                             std::string(nearest(node.words[at], {kRegexOptions.begin(), kRegexOptions.end()}))});
  }
  std::vector<std::string>& options = url.given_regex.options;
  std::sort(options.begin(), options.end());
  options.erase(std::unique(options.begin(), options.end()), options.end());
}

void write_regex_options(const U& url, std::vector<Node>& lines) {
  if (!url.given_regex.options.empty()) lines.push_back(made_node("regex_options", url.given_regex.options));
}

/// A regex_* line with `count` integers.
Row<U> regex_numbers(std::string keyword, std::vector<std::size_t HttpRegex::*> members, Shape shape, std::string doc) {
  const auto read = [members](U& url, const Node& node, Context& context) {
    note_regex_line(url, node);
    remark_surplus(node, members.size() + 1, context.diagnostics);
    std::vector<std::int64_t> values;
    for (std::size_t at = 0; at < members.size(); ++at) {
      const auto value = parse_integer(node, at + 1, 0, kMostUnsigned, context.diagnostics);
      if (!value) return;
      values.push_back(*value);
    }
    if (values.size() == 2 && values[0] > values[1]) {
      context.diagnostics.error(location_of(node, 1), "regex_stack start is larger than its maximum", "START MAX");
      return;
    }
    for (std::size_t at = 0; at < members.size(); ++at) {
      url.given_regex.*members[at] = static_cast<std::size_t>(values[at]);
    }
  };
  const auto write = [members, keyword](const U& url, std::vector<Node>& lines) {
    if (url.given_regex.*members.back() == 0) return;
    std::vector<std::string> words;
    for (const auto member : members) words.push_back(std::to_string(url.given_regex.*member));
    lines.push_back(made_node(keyword, std::move(words)));
  };
  return special<U>(keyword, std::move(shape), read, write, std::move(doc), "2.0.7");
}

std::vector<Row<U>> url_rows() {
  const auto read_regex = [](U& url, const Node& node, Context& context) {
    note_regex_line(url, node);
    if (auto pattern = Word{"a regular expression"}.parse(node, context.diagnostics)) {
      url.given_regex.pattern = *std::move(pattern);
    }
  };
  const auto write_regex = [](const U& url, std::vector<Node>& lines) {
    if (!url.given_regex.pattern.empty()) lines.push_back(made_node("regex", {url.given_regex.pattern}));
  };
  const auto read_no_match = [](U& url, const Node& node, Context& context) {
    note_regex_line(url, node);
    url.given_regex.must_not_match = Flag{}.parse(node, context.diagnostics).value_or(false);
  };
  const auto write_no_match = [](const U& url, std::vector<Node>& lines) {
    if (url.given_regex.must_not_match) lines.push_back(made_node("regex_no_match"));
  };
  return {
      special<U>("path", Word{"a path"}, read_path, write_path, "What is asked for.", "0.5.3"),
      special<U>("digest", Word{"32 hexadecimal digits"}, read_digest, write_digest, "MD5 of the body.", "0.5.3"),
      special<U>("status_code", "codes 100..599 or ranges of them", read_status_codes, write_status_codes,
                 "Status codes that are good; by default 200-299.", "0.7.6"),
      field<U>("virtualhost", &HttpUrl::virtualhost, Text{"url virtualhost"}, "Name in the Host header.", "1.3.6"),
      special<U>("regex", Word{"a regular expression"}, read_regex, write_regex, "What the body must match (PCRE2).",
                 "2.0.7"),
      special<U>("regex_no_match", Flag{}, read_no_match, write_no_match, "The body must not match.", "2.0.7"),
      special<U>("regex_options", "names of options of PCRE2", read_regex_options, write_regex_options,
                 "How the expression is read.", "2.0.7"),
      regex_numbers("regex_min_offset", {&HttpRegex::min_offset}, Integer{0, kMostUnsigned},
                    "First octet where a match may start.")
          .in("octets"),
      regex_numbers("regex_max_offset", {&HttpRegex::max_offset}, Integer{0, kMostUnsigned},
                    "One past the last octet where it may start; 0 = unlimited.")
          .in("octets"),
      regex_numbers("regex_stack", {&HttpRegex::stack_start, &HttpRegex::stack_max}, "two integers",
                    "First and greatest size of the matcher's stack, octets.")
          .in("octets"),
  };
}

/// What the lines of a url mean together.
void finish_url(U& url, Context& context) {
  if (!url.path_given) {
    context.diagnostics.warning(url.at, "HTTP/SSL_GET checker url has no path - using /");
  }
  if (!url.given_regex.pattern.empty()) {
    url.regex = std::move(url.given_regex);
  } else if (url.regex_at.line != 0) {
    context.diagnostics.remark(url.regex_at, "regex options are set but no regex - ignoring them");
  }
}

template <bool tls>
void read_url(H& http, const Node& node, Context& context) {
  U url;
  url.at = node.at;
  read_lines(tls ? ssl_url_schema() : http_url_schema(), node.children, url, context);
  finish_url(url, context);
  http.url_drafts.push_back(std::move(url));
}

template <bool tls>
void write_urls(const H& http, std::vector<Node>& lines) {
  for (U url : http.url_drafts) {
    Node node = made_node("url");
    node.block = true;
    if (url.regex) url.given_regex = *url.regex;
    node.children = write_lines(tls ? ssl_url_schema() : http_url_schema(), url);
    lines.push_back(std::move(node));
  }
}

struct ProtocolVersion {
  using Value = HttpProtocol;
  std::optional<Value> parse(const Node& node, Diagnostics& diagnostics) const {
    const std::string* word = mandatory_word(node, 1, describe(), diagnostics);
    if (word == nullptr) return std::nullopt;
    remark_surplus(node, 2, diagnostics);
    if (*word == "1.0") return HttpProtocol::V10;
    if (*word == "1.0C" || *word == "1.0c") return HttpProtocol::V10Close;
    if (*word == "1.1") return HttpProtocol::V11;
    if (*word == "1.1C" || *word == "1.1c") return HttpProtocol::V11Close;
    diagnostics.error(location_of(node, 1), fmt::format("Invalid http_protocol version {}", *word), describe());
    return std::nullopt;
  }
  std::vector<std::string> format(Value value) const {
    constexpr std::array kWords{"1.0", "1.0C", "1.1", "1.1C"};
    return {kWords[static_cast<std::size_t>(value)]};
  }
  std::string describe() const { return "1.0, 1.0C, 1.1 or 1.1C"; }
  Form form() const { return {Form::Kind::Choice, false, {}, {}, {}, {"1.0", "1.0C", "1.1", "1.1C"}}; }
};

void read_nb_get_retry(H& http, const Node& node, Context& context) {
  context.diagnostics.warning(node.at, "nb_get_retry is deprecated - please use 'retry'");
  if (const auto value = Integer{0, kMostUnsigned}.parse(node, context.diagnostics)) {
    http.retry = static_cast<std::uint32_t>(*value);
  }
}

template <bool tls>
std::vector<Row<H>> http_rows() {
  std::vector<Row<H>> rows = endpoint_rows<H>();
  append<H>(rows,
            {
                special<H>("nb_get_retry", Integer{0, kMostUnsigned}, read_nb_get_retry, {}, "Older spelling of retry.",
                           "0.5.3"),
                field<H>("virtualhost", &H::virtualhost, Text{"HTTP/SSL_GET virtualhost"},
                         "Default of the urls' virtualhost.", "1.3.6"),
                field<H>("http_protocol", &HttpCheck::protocol, ProtocolVersion{}, "Version asked with.", "2.0.17"),
                field<H>("enable_sni", &HttpCheck::enable_sni, Boolean{}, "Send the host's name in TLS.", "1.4.3"),
                field<H>("sni_name", &HttpCheck::sni_name, Text{"HTTP/SSL_GET sni_name"},
                         "That name; by default the virtualhost.", "2.4.4"),
                field<H>("fast_recovery", &HttpCheck::fast_recovery, Boolean{},
                         "A server that is down is asked all urls at once.", "2.0.17"),
                as_block(special<H>("url", "a block", read_url<tls>, write_urls<tls>, "One page.", "0.5.3")),
            });
  return rows;
}

}  // namespace

const Schema<HttpUrlDraft>& http_url_schema() {
  static const Schema<U> schema{"url", "One page that is fetched and compared.", url_rows()};
  return schema;
}

const Schema<HttpUrlDraft>& ssl_url_schema() {
  static const Schema<U> schema = [] {
    std::vector<Row<U>> rows = url_rows();
    rows.push_back(field<U>("tls_compliant", &U::given_tls_compliant, Boolean{},
                            "The end of the body must be announced by TLS.", "2.2.8"));
    return Schema<U>{"url", "One page that is fetched over TLS and compared.", std::move(rows)};
  }();
  return schema;
}

const Schema<HttpDraft>& http_get_schema() {
  static const Schema<H> schema{"HTTP_GET", "Up while pages are served as they should be.", http_rows<false>()};
  return schema;
}

const Schema<HttpDraft>& ssl_get_schema() {
  static const Schema<H> schema = [] {
    std::vector<Row<H>> rows = http_rows<true>();
    rows.push_back(
        field<H>("tls_compliant", &H::tls_compliant, Boolean{}, "Default of the urls' tls_compliant.", "2.2.8"));
    rows.push_back(field<H>("tls_verify", &HttpCheck::tls_verify, Boolean{},
                            "The certificate must be good for the name (only in Holdfast).", "holdfast"));
    return Schema<H>{"SSL_GET", "Up while pages are served over TLS as they should be.", std::move(rows)};
  }();
  return schema;
}

}  // namespace holdfast::config
