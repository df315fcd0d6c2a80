/* Linux and macOS: files, clocks, waiting, signals. Rights are in rights_posix.c. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

#include "system.h"

/* The stop flag, and a pipe that ends a wait when a signal came between looking at the flag and waiting. */
static volatile sig_atomic_t is_ended = 0;
static int wake_pipe[2] = {-1, -1};

bool system_start(int *argc, char ***argv)
{
  (void)argc;
  (void)argv;
  /* With a closed standard stream the next file opened would take its number, and JSON lines would go into it. */
  for (int fd = 0; fd <= 2; fd++) {
    if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", O_RDWR) != fd) return false;
  }
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  return sigaction(SIGPIPE, &ignore, NULL) == 0 && sigaction(SIGXFSZ, &ignore, NULL) == 0;
}

int system_create(const char *path)
{
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
  if (file < 0) return -1;
  struct stat info;
  /* A pipe or a device cannot be cut back to whole blocks. */
  if (fstat(file, &info) == 0 && S_ISREG(info.st_mode)) return file;
  (void)close(file);
  errno = EINVAL;
  return -1;
}

int64_t system_write(int file, const uint8_t *bytes, size_t count)
{
  ssize_t written;
  do written = write(file, bytes, count);
  while (written < 0 && errno == EINTR);
  return written;
}

bool system_truncate(int file, uint64_t length)
{
  return ftruncate(file, (off_t)length) == 0 && lseek(file, (off_t)length, SEEK_SET) >= 0;
}

bool system_close(int file)
{
  return close(file) == 0;
}

bool system_remove(const char *path)
{
  return unlink(path) == 0;
}

bool system_is_full(int error)
{
  return error == ENOSPC || error == EDQUOT || error == EFBIG;
}

bool system_local_time(time_t seconds, struct tm *local)
{
  return localtime_r(&seconds, local) != NULL;
}

uint64_t system_time_ns(void)
{
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return 0;
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int64_t system_clock_ms(void)
{
  struct timespec now;
  if (clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_signal(int signal)
{
  (void)signal;
  int error = errno;
  is_ended = 1;
  ssize_t written = write(wake_pipe[1], "", 1);
  (void)written; /* a full pipe wakes as well */
  errno = error;
}

bool system_watch_signals(void)
{
  if (pipe(wake_pipe) != 0) return false;
  for (int i = 0; i < 2; i++) {
    if (fcntl(wake_pipe[i], F_SETFD, FD_CLOEXEC) != 0 || fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK) != 0) return false;
  }
  struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  struct sigaction before;
  if (sigaction(SIGINT, &action, NULL) != 0 || sigaction(SIGTERM, &action, NULL) != 0) return false;
  if (sigaction(SIGHUP, NULL, &before) != 0) return false;
  return before.sa_handler == SIG_IGN || sigaction(SIGHUP, &action, NULL) == 0; /* ignored: nohup(1) wants that */
}

bool system_is_ended(void)
{
  return is_ended != 0;
}

bool system_wait(const intptr_t *handles, size_t count, bool input, int timeout_ms)
{
  struct pollfd fds[SYSTEM_HANDLES_MAX + 2];
  nfds_t used = 0;
  if (wake_pipe[0] >= 0) fds[used++] = (struct pollfd){.fd = wake_pipe[0], .events = POLLIN};
  if (input) fds[used++] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
  for (size_t i = 0; i < count && i < SYSTEM_HANDLES_MAX; i++) {
    if (handles[i] >= 0) fds[used++] = (struct pollfd){.fd = (int)handles[i], .events = POLLIN};
  }
  if (poll(fds, used, timeout_ms) < 0) return errno == EINTR;
  char woken[16];
  if (wake_pipe[0] >= 0 && (fds[0].revents & POLLIN) != 0) {
    ssize_t got = read(wake_pipe[0], woken, sizeof woken);
    (void)got; /* the flag says it all */
  }
  return true;
}

enum input_state system_read_input(char *bytes, size_t capacity, size_t *count)
{
  struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
  *count = 0;
  int ready = poll(&fd, 1, 0);
  if (ready == 0 || (ready < 0 && errno == EINTR)) return INPUT_NOTHING;
  ssize_t got = ready < 0 ? -1 : read(STDIN_FILENO, bytes, capacity);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return INPUT_NOTHING;
  if (got <= 0) return INPUT_END;
  *count = (size_t)got;
  return INPUT_BYTES;
}

bool system_output_ready(void)
{
  struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&fd, 1, 0) > 0;
}

int64_t system_write_output(const char *bytes, size_t count)
{
  ssize_t written = write(STDOUT_FILENO, bytes, count);
  if (written >= 0) return written;
  if (errno == EINTR) return 0;
  if (errno != EAGAIN) return -1;
  struct pollfd fd = {.fd = STDOUT_FILENO, .events = POLLOUT};
  return poll(&fd, 1, 1000) >= 0 || errno == EINTR ? 0 : -1;
}

void system_describe(char *text, size_t capacity)
{
  struct utsname name;
  text[0] = '\0';
  if (uname(&name) >= 0) (void)snprintf(text, capacity, "%s %s %s", name.sysname, name.release, name.machine);
}

#ifdef __APPLE__

void system_describe_hardware(char *text, size_t capacity)
{
  size_t size = capacity;
  if (sysctlbyname("machdep.cpu.brand_string", text, &size, NULL, 0) != 0) text[0] = '\0';
}

#else

/* The processor's name, from the first line that has one. */
void system_describe_hardware(char *text, size_t capacity)
{
  char line[512];
  text[0] = '\0';
  FILE *file = fopen("/proc/cpuinfo", "re");
  if (file == NULL) return;
  while (text[0] == '\0' && fgets(line, sizeof line, file) != NULL) {
    const char *colon = strchr(line, ':');
    if (colon == NULL || strncmp(line, "model name", 10) != 0) continue;
    while (*++colon == ' ') continue;
    (void)snprintf(text, capacity, "%.*s", (int)strcspn(colon, "\n"), colon);
  }
  (void)fclose(file);
}

#endif
