/*
 * Rights are given up as soon as the interfaces are open: those of a set-user-ID or set-group-ID program, and on Linux
 * every capability (capset(2) itself: no library is needed for it). Packets go on to come over what is open.
 */
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __linux__
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "system.h"

/* Back to the user and group who started the program, for good. */
static bool become_caller(void)
{
  uid_t user = getuid();
  gid_t group = getgid();
  if (getegid() != group && (setregid(group, group) != 0 || getegid() != group)) return false;
  if (geteuid() == user) return true;
  if (setreuid(user, user) != 0 || geteuid() != user) return false;
  return user == 0 || setuid(0) != 0; /* what was given up must not come back */
}

#ifdef __linux__

static bool set_capabilities(const uint32_t kept[2])
{
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct data[2];
  memset(data, 0, sizeof data);
  for (int i = 0; i < 2; i++) data[i].effective = data[i].permitted = kept[i];
  return syscall(SYS_capset, &header, data) == 0;
}

static bool get_permitted(uint32_t permitted[2])
{
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  struct __user_cap_data_struct data[2];
  memset(data, 0, sizeof data);
  if (syscall(SYS_capget, &header, data) != 0) return false;
  for (int i = 0; i < 2; i++) permitted[i] = data[i].permitted;
  return true;
}

/* Whether this process, without capabilities, may create files where `output` is to be, and replace it. */
static bool may_write(const char *output)
{
  char folder[4096];
  const char *slash = strrchr(output, '/');
  size_t length = slash == NULL ? 0 : (size_t)(slash - output);
  if (length >= sizeof folder) return true; /* opening it will fail and say so */
  memcpy(folder, output, length);
  folder[length] = '\0';
  if (slash == NULL) (void)snprintf(folder, sizeof folder, ".");
  else if (length == 0) (void)snprintf(folder, sizeof folder, "/");
  if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0 && errno == EACCES) return false;
  return faccessat(AT_FDCWD, output, W_OK, AT_EACCESS) == 0 || errno != EACCES;
}

static uint32_t only(unsigned capability)
{
  return UINT32_C(1) << capability; /* all of ours are below 32 */
}

bool system_drop_rights(const struct rights_wish *wish, enum rights *left)
{
  uint32_t permitted[2];
  uint32_t kept[2] = {0, 0};
  *left = RIGHTS_NONE;
  if (!get_permitted(permitted)) return false;
  bool had = permitted[0] != 0 || permitted[1] != 0 || geteuid() != getuid() || getegid() != getgid();
  if (wish->monitor && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) != 0) return false;
  if (!become_caller()) return false;
  if (wish->monitor && (permitted[0] & only(CAP_NET_ADMIN)) != 0) {
    kept[0] |= only(CAP_NET_ADMIN);
    *left = RIGHTS_MONITOR;
  }
  /* Root asked for this file. Effective rights go first, to see whether it can be had without any. */
  if (getuid() == 0 && wish->output != NULL && (permitted[0] & only(CAP_DAC_OVERRIDE)) != 0) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    for (int i = 0; i < 2; i++) data[i].permitted = permitted[i];
    if (syscall(SYS_capset, &header, data) != 0) return false;
    if (!may_write(wish->output)) {
      kept[0] |= only(CAP_DAC_OVERRIDE);
      *left = RIGHTS_FILES;
    }
  }
  if (had && !set_capabilities(kept)) return false;
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

#else

bool system_drop_rights(const struct rights_wish *wish, enum rights *left)
{
  (void)wish;
  bool had = geteuid() != getuid() || getegid() != getgid();
  *left = had ? RIGHTS_NONE : RIGHTS_USER;
  return become_caller();
}

#endif
