#include "core/runtime/privileges.h"

#include <cap-ng.h>
#include <cerrno>
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>

namespace holdfast {

namespace {

unsigned number(Capability capability) {
  switch (capability) {
    case Capability::NetAdmin:
      return CAP_NET_ADMIN;
    case Capability::NetRaw:
      return CAP_NET_RAW;
    case Capability::NetBindService:
      return CAP_NET_BIND_SERVICE;
    case Capability::IpcLock:
      return CAP_IPC_LOCK;
    case Capability::SysNice:
      return CAP_SYS_NICE;
    case Capability::SysAdmin:
      return CAP_SYS_ADMIN;
    case Capability::SysResource:
      return CAP_SYS_RESOURCE;
    case Capability::Kill:
      return CAP_KILL;
  }
  return CAP_NET_ADMIN;
}

class Filter {
 public:
  Filter() : context_(seccomp_init(SCMP_ACT_ALLOW)) {}
  ~Filter() {
    if (context_ != nullptr) seccomp_release(context_);
  }
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;

  bool made() const { return context_ != nullptr; }
  void refuse(int call, int error) {
    note(seccomp_rule_add(context_, SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, 0));
  }
  void refuse_when(int call, int error, scmp_arg_cmp argument) {
    note(seccomp_rule_add(context_, SCMP_ACT_ERRNO(static_cast<unsigned>(error)), call, 1, argument));
  }
  void load() { note(seccomp_load(context_)); }
  /// 0, or the errno of the first step that failed.
  int failure() const { return failure_; }

 private:
  void note(int result) {
    if (failure_ == 0 && result < 0) failure_ = -result;
  }

  scmp_filter_ctx context_;
  int failure_ = 0;
};

scmp_arg_cmp masked_equal(scmp_datum_t mask, scmp_datum_t value) {
  return SCMP_A0(SCMP_CMP_MASKED_EQ, mask, value);
}

// A thread shares memory and is no vfork. clone3 hides its flags behind a pointer: ENOSYS makes libc use clone instead.
void refuse_processes(Filter& filter) {
  filter.refuse(SCMP_SYS(fork), EPERM);
  filter.refuse(SCMP_SYS(vfork), EPERM);
  filter.refuse_when(SCMP_SYS(clone), EPERM, masked_equal(CLONE_VM, 0));
  filter.refuse_when(SCMP_SYS(clone), EPERM, masked_equal(CLONE_VFORK, CLONE_VFORK));
  filter.refuse(SCMP_SYS(clone3), ENOSYS);
}

}  // namespace

Status keep_capabilities(const std::vector<Capability>& kept) {
  if (capng_get_caps_process() != 0) return Error{"capabilities cannot be read", EPERM};
  const bool may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) != 0;
  std::vector<unsigned> available;  // a container may not have given all of them
  for (const Capability capability : kept) {
    if (capng_have_capability(CAPNG_PERMITTED, number(capability)) != 0) available.push_back(number(capability));
  }
  const capng_select_t set = may_bound ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS;
  const auto where =
      static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED | (may_bound ? CAPNG_BOUNDING_SET : 0));
  capng_clear(set);
  for (const unsigned capability : available) capng_update(CAPNG_ADD, where, capability);
  if (capng_apply(set) != 0) return Error{"capabilities cannot be dropped", EPERM};
  return success();
}

Status forbid_exec() {
  Filter filter;
  if (!filter.made()) return Error{"seccomp_init", ENOMEM};
  filter.refuse(SCMP_SYS(execve), EPERM);
  filter.refuse(SCMP_SYS(execveat), EPERM);
  refuse_processes(filter);
  filter.load();
  if (filter.failure() != 0) return system_error("seccomp", filter.failure());
  return success();
}

Status set_no_new_privileges() {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return system_error("no_new_privs", errno);
  return success();
}

}  // namespace holdfast
