// The regex of a url (behaviour.md e.4, keywords.tsv url/regex*): PCRE2 with JIT, compiled once for all checks that have the
// same one. Matching is bounded by PCRE2's own match limit. Called by probes/http. Absent: captures.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/config/schema/check.h"

namespace holdfast::checker {

class CompiledRegex {
 public:
  /// An error says what PCRE2 thinks of the pattern, or which option is none of its words.
  static Result<std::shared_ptr<CompiledRegex>> compile(const config::HttpRegex& rule);
  ~CompiledRegex();
  CompiledRegex(const CompiledRegex&) = delete;
  CompiledRegex& operator=(const CompiledRegex&) = delete;

  /// Whether the body has a match that starts in [min_offset, max_offset). An error: the search was given up.
  Result<bool> matches(std::string_view body) const;
  const config::HttpRegex& rule() const { return rule_; }

 private:
  struct Impl;
  CompiledRegex(const config::HttpRegex& rule, std::unique_ptr<Impl> impl);

  config::HttpRegex rule_;
  std::unique_ptr<Impl> impl_;
};

/// Keeps what compiles; patterns that no probe uses go when the cache is full.
class RegexCache {
 public:
  Result<std::shared_ptr<CompiledRegex>> get(const config::HttpRegex& rule);
  std::size_t size() const { return kept_.size(); }

 private:
  std::vector<std::shared_ptr<CompiledRegex>> kept_;
  std::size_t limit_ = 64;
};

}  // namespace holdfast::checker
