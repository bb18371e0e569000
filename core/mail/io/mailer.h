// The mailer: a process of our own image that hands a batch of letters to a mail server and ends. Core starts it (post_office.h)
// because core may run scripts, and nothing that reads octets of the network may run anything: the mailer has no capability,
// is nobody, and seccomp forbids it exec and fork. It gets one MailJob over its descriptor, reports over it, and cannot live
// longer than the job allows.
#pragma once

#include "core/runtime/unique_fd.h"

namespace holdfast::mail {

/// Second word behind kChildFlag (core/watchdog/io/launcher.h) that makes a process the mailer.
inline constexpr const char* kMailerWord = "mailer";

/// Does not return: 0 = all was reported, 1 = the job could not be read.
[[noreturn]] void run_mailer(UniqueFd link);

}  // namespace holdfast::mail
