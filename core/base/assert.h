// A broken contract is a defect of ours: say where, die, be resumed by the watchdog. Never used for input from outside.
#pragma once

namespace holdfast {

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace holdfast

#define ASSERT(expression) ((expression) ? void(0) : ::holdfast::assertion_failed(#expression, __FILE__, __LINE__))
