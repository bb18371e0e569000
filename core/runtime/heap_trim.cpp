#include "core/runtime/heap_trim.h"

#include <malloc.h>
#include <utility>

#include "core/runtime/clock.h"

namespace holdfast {

HeapTrim::HeapTrim(EventLoop& loop, std::function<void()> trim, Duration later)
    : trim_(std::move(trim)), later_(later), timer_(loop, [this] { trim_(); }) {}

void HeapTrim::heap_trim() {
  malloc_trim(0);
}

void HeapTrim::now_and_later() {
  trim_();
  later();
}

void HeapTrim::later() {
  timer_.arm(now() + later_);
}

}  // namespace holdfast
