#define PCRE2_CODE_UNIT_WIDTH 8
#include "checker/logic/probes/regex.h"

#include <algorithm>
#include <array>
#include <optional>
#include <pcre2.h>
#include <utility>

namespace holdfast::checker {

namespace {

struct Option {
  std::string_view word;
  std::uint32_t flag;
};

// keywords.tsv url/regex_options: PCRE2's names in lower case.
constexpr std::array<Option, 24> options{{
    {"allow_empty_class", PCRE2_ALLOW_EMPTY_CLASS},
    {"alt_bsux", PCRE2_ALT_BSUX},
    {"alt_circumflex", PCRE2_ALT_CIRCUMFLEX},
    {"alt_verbnames", PCRE2_ALT_VERBNAMES},
    {"auto_callout", PCRE2_AUTO_CALLOUT},
    {"caseless", PCRE2_CASELESS},
    {"dollar_endonly", PCRE2_DOLLAR_ENDONLY},
    {"dotall", PCRE2_DOTALL},
    {"dupnames", PCRE2_DUPNAMES},
    {"extended", PCRE2_EXTENDED},
    {"firstline", PCRE2_FIRSTLINE},
    {"match_unset_backref", PCRE2_MATCH_UNSET_BACKREF},
    {"multiline", PCRE2_MULTILINE},
    {"never_backslash_c", PCRE2_NEVER_BACKSLASH_C},
    {"never_ucp", PCRE2_NEVER_UCP},
    {"never_utf", PCRE2_NEVER_UTF},
    {"no_auto_capture", PCRE2_NO_AUTO_CAPTURE},
    {"no_auto_possess", PCRE2_NO_AUTO_POSSESS},
    {"no_dotstar_anchor", PCRE2_NO_DOTSTAR_ANCHOR},
    {"no_start_optimize", PCRE2_NO_START_OPTIMIZE},
    {"ucp", PCRE2_UCP},
    {"ungreedy", PCRE2_UNGREEDY},
    {"use_offset_limit", PCRE2_USE_OFFSET_LIMIT},
    {"utf", PCRE2_UTF},
}};

std::optional<std::uint32_t> flag_of(std::string_view word) {
  const auto found = std::ranges::find(options, word, &Option::word);
  if (found == options.end()) return {};
  return found->flag;
}

Result<std::uint32_t> flags_of(const config::HttpRegex& rule) {
  std::uint32_t flags = rule.max_offset != 0 ? PCRE2_USE_OFFSET_LIMIT : 0;
  for (const std::string& word : rule.options) {
    const auto flag = flag_of(word);
    if (!flag) return Error{"unknown regex option '" + word + "'", 0};
    flags |= *flag;
  }
  // A body is not always what it says: octets that are no UTF-8 just do not match.
  if ((flags & PCRE2_UTF) != 0) flags |= PCRE2_MATCH_INVALID_UTF;
  return flags;
}

std::string message_of(int error) {
  std::array<PCRE2_UCHAR, 128> text{};
  if (pcre2_get_error_message(error, text.data(), text.size()) < 0) return "PCRE2 error " + std::to_string(error);
  return reinterpret_cast<const char*>(text.data());
}

template <auto destroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const {
    destroy(object);
  }
};

}  // namespace

struct CompiledRegex::Impl {
  std::unique_ptr<pcre2_code, Destroy<pcre2_code_free>> code;
  std::unique_ptr<pcre2_match_data, Destroy<pcre2_match_data_free>> data;
  std::unique_ptr<pcre2_match_context, Destroy<pcre2_match_context_free>> context;
  std::unique_ptr<pcre2_jit_stack, Destroy<pcre2_jit_stack_free>> stack;
};

CompiledRegex::CompiledRegex(const config::HttpRegex& rule, std::unique_ptr<Impl> impl)
    : rule_(rule), impl_(std::move(impl)) {}

CompiledRegex::~CompiledRegex() = default;

Result<std::shared_ptr<CompiledRegex>> CompiledRegex::compile(const config::HttpRegex& rule) {
  const Result<std::uint32_t> flags = flags_of(rule);
  if (!flags) return flags.error();
  int error = 0;
  PCRE2_SIZE where = 0;
  auto impl = std::make_unique<Impl>();
  impl->code.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(rule.pattern.data()), rule.pattern.size(), *flags, &error,
                                 &where, nullptr));
  if (!impl->code) return Error{"regex: " + message_of(error) + " at offset " + std::to_string(where), 0};
  impl->data.reset(pcre2_match_data_create(1, nullptr));
  impl->context.reset(pcre2_match_context_create(nullptr));
  if (!impl->data || !impl->context) return Error{"regex: no memory", 0};
  if (rule.max_offset != 0) pcre2_set_offset_limit(impl->context.get(), rule.max_offset - 1);
  const bool jit = pcre2_jit_compile(impl->code.get(), PCRE2_JIT_COMPLETE) == 0;
  if (jit && rule.stack_max != 0) {
    impl->stack.reset(pcre2_jit_stack_create(std::min(rule.stack_start, rule.stack_max), rule.stack_max, nullptr));
    if (impl->stack) pcre2_jit_stack_assign(impl->context.get(), nullptr, impl->stack.get());
  }
  return std::shared_ptr<CompiledRegex>(new CompiledRegex(rule, std::move(impl)));
}

Result<bool> CompiledRegex::matches(std::string_view body) const {
  if (rule_.min_offset > body.size()) return false;
  const int result = pcre2_match(impl_->code.get(), reinterpret_cast<PCRE2_SPTR>(body.data()), body.size(),
                                 rule_.min_offset, 0, impl_->data.get(), impl_->context.get());
  if (result >= 0) return true;
  if (result == PCRE2_ERROR_NOMATCH) return false;
  return Error{message_of(result), result};
}

Result<std::shared_ptr<CompiledRegex>> RegexCache::get(const config::HttpRegex& rule) {
  for (const auto& kept : kept_) {
    if (kept->rule() == rule) return kept;
  }
  auto made = CompiledRegex::compile(rule);
  if (!made) return made;
  if (kept_.size() >= limit_) {
    std::erase_if(kept_, [](const auto& kept) { return kept.use_count() == 1; });
    limit_ = std::max(limit_, kept_.size() * 2);
  }
  kept_.push_back(*made);
  return made;
}

}  // namespace holdfast::checker
