/*
 * Windows: files, clocks, waiting, standard input, Ctrl+C. There are no rights to give up: Npcap's driver decides who
 * may capture, and the program has those of its user. Standard input cannot be waited for when it is a pipe, so a
 * thread reads it; what it read is handed over under a lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <winsock2.h>
#include <windows.h>
#include <shellapi.h>

#include "system.h"

#define INPUT_SIZE 4096

static volatile LONG is_ended = 0;
static HANDLE wake_event = NULL;

static struct {
  CRITICAL_SECTION lock;
  HANDLE thread;
  HANDLE changed; /* set while there is something to read */
  HANDLE taken;   /* set once it was read */
  char bytes[INPUT_SIZE];
  size_t count;
  bool is_ended;
} input;

/* The command line as UTF-8: the C runtime's own arguments have lost what the code page lacks. */
static bool read_arguments(int *argc, char ***argv)
{
  int count = 0;
  LPWSTR *wide = CommandLineToArgvW(GetCommandLineW(), &count);
  if (wide == NULL) return false;
  char **arguments = calloc((size_t)count + 1, sizeof *arguments);
  bool ok = arguments != NULL;
  for (int i = 0; ok && i < count; i++) {
    int size = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
    ok = size > 0 && (arguments[i] = malloc((size_t)size)) != NULL &&
         WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, arguments[i], size, NULL, NULL) == size;
  }
  (void)LocalFree(wide);
  *argc = count;
  *argv = arguments; /* lives as long as the program */
  return ok;
}

bool system_start(int *argc, char ***argv)
{
  WSADATA sockets;
  if (WSAStartup(MAKEWORD(2, 2), &sockets) != 0) return false; /* addresses are written by it */
  if (_setmode(_fileno(stdin), _O_BINARY) == -1 || _setmode(_fileno(stdout), _O_BINARY) == -1) return false;
  return read_arguments(argc, argv);
}

static wchar_t *wide_path(const char *path)
{
  int count = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, NULL, 0);
  wchar_t *wide = count > 0 ? malloc((size_t)count * sizeof *wide) : NULL;
  if (wide != NULL && MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide, count) == count) return wide;
  free(wide);
  errno = EINVAL;
  return NULL;
}

int system_create(const char *path)
{
  int file = -1;
  wchar_t *wide = wide_path(path);
  if (wide == NULL) return -1;
  int flags = _O_WRONLY | _O_CREAT | _O_TRUNC | _O_BINARY | _O_NOINHERIT;
  /* Others may read while it grows. */
  int error = _wsopen_s(&file, wide, flags, _SH_DENYNO, _S_IREAD | _S_IWRITE);
  free(wide);
  if (error == 0) return file;
  errno = error;
  return -1;
}

int64_t system_write(int file, const uint8_t *bytes, size_t count)
{
  return _write(file, bytes, count > 1u << 30 ? 1u << 30 : (unsigned)count);
}

bool system_truncate(int file, uint64_t length)
{
  return _chsize_s(file, (long long)length) == 0 && _lseeki64(file, (long long)length, SEEK_SET) >= 0;
}

bool system_close(int file)
{
  return _close(file) == 0;
}

bool system_remove(const char *path)
{
  wchar_t *wide = wide_path(path);
  if (wide == NULL) return false;
  bool ok = _wunlink(wide) == 0;
  free(wide);
  return ok;
}

bool system_is_full(int error)
{
  return error == ENOSPC || error == EFBIG;
}

bool system_local_time(time_t seconds, struct tm *local)
{
  return localtime_s(local, &seconds) == 0;
}

uint64_t system_time_ns(void)
{
  FILETIME now;
  GetSystemTimePreciseAsFileTime(&now);
  uint64_t ticks = (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime; /* of 100 ns, since 1601 */
  return (ticks - UINT64_C(116444736000000000)) * 100;
}

int64_t system_clock_ms(void)
{
  return (int64_t)GetTickCount64();
}

static BOOL WINAPI on_control(DWORD event)
{
  (void)InterlockedExchange(&is_ended, 1);
  (void)SetEvent(wake_event);
  /* After a return for these the system ends the process: the main thread gets what time there is to close the file. */
  if (event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT) Sleep(4000);
  return TRUE;
}

static DWORD WINAPI read_forever(void *unused)
{
  (void)unused;
  HANDLE stream = GetStdHandle(STD_INPUT_HANDLE);
  char bytes[INPUT_SIZE];
  DWORD count = 1;
  while (count > 0) {
    if (!ReadFile(stream, bytes, sizeof bytes, &count, NULL)) count = 0;
    EnterCriticalSection(&input.lock);
    memcpy(input.bytes, bytes, count);
    input.count = count;
    input.is_ended = count == 0;
    LeaveCriticalSection(&input.lock);
    (void)SetEvent(input.changed);
    (void)WaitForSingleObject(input.taken, INFINITE);
  }
  return 0;
}

static bool start_input(void)
{
  InitializeCriticalSection(&input.lock);
  input.changed = CreateEventW(NULL, TRUE, FALSE, NULL);
  input.taken = CreateEventW(NULL, FALSE, FALSE, NULL);
  if (input.changed == NULL || input.taken == NULL) return false;
  input.thread = CreateThread(NULL, 0, read_forever, NULL, 0, NULL);
  return input.thread != NULL;
}

bool system_watch_signals(void)
{
  wake_event = CreateEventW(NULL, FALSE, FALSE, NULL);
  return wake_event != NULL && SetConsoleCtrlHandler(on_control, TRUE);
}

bool system_is_ended(void)
{
  return is_ended != 0;
}

bool system_wait(const intptr_t *handles, size_t count, bool with_input, int timeout_ms)
{
  HANDLE events[SYSTEM_HANDLES_MAX + 2];
  DWORD used = 0;
  if (with_input && input.thread == NULL && !start_input()) return false;
  if (wake_event != NULL) events[used++] = wake_event;
  if (with_input) events[used++] = input.changed;
  for (size_t i = 0; i < count && i < SYSTEM_HANDLES_MAX; i++) {
    if (handles[i] != -1 && handles[i] != 0) events[used++] = (HANDLE)handles[i];
  }
  DWORD timeout = timeout_ms < 0 ? INFINITE : (DWORD)timeout_ms;
  if (used > 0) return WaitForMultipleObjects(used, events, FALSE, timeout) != WAIT_FAILED;
  Sleep(timeout);
  return true;
}

enum input_state system_read_input(char *bytes, size_t capacity, size_t *count)
{
  enum input_state state = INPUT_NOTHING;
  *count = 0;
  if (input.thread == NULL || WaitForSingleObject(input.changed, 0) != WAIT_OBJECT_0) return state;
  EnterCriticalSection(&input.lock);
  if (input.is_ended) {
    state = INPUT_END;
  } else {
    size_t taken = input.count < capacity ? input.count : capacity;
    memcpy(bytes, input.bytes, taken);
    memmove(input.bytes, input.bytes + taken, input.count - taken);
    input.count -= taken;
    *count = taken;
    state = INPUT_BYTES;
    if (input.count == 0) {
      (void)ResetEvent(input.changed);
      (void)SetEvent(input.taken);
    }
  }
  LeaveCriticalSection(&input.lock);
  return state;
}

/* A pipe does not say how much room it has: its reader (libuv) always has a read waiting. */
bool system_output_ready(void)
{
  return true;
}

int64_t system_write_output(const char *bytes, size_t count)
{
  return _write(_fileno(stdout), bytes, (unsigned)count);
}

bool system_drop_rights(const struct rights_wish *wish, enum rights *left)
{
  (void)wish;
  *left = RIGHTS_USER;
  return true;
}

/* A value of the registry as UTF-8; empty where there is none. */
static void read_registry(const wchar_t *key, const wchar_t *name, char *text, size_t capacity)
{
  wchar_t wide[256];
  DWORD size = sizeof wide;
  text[0] = '\0';
  if (RegGetValueW(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_SZ, NULL, wide, &size) != ERROR_SUCCESS) return;
  if (WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, (int)capacity, NULL, NULL) == 0) text[0] = '\0';
}

void system_describe(char *text, size_t capacity)
{
  static const wchar_t KEY[] = L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";
  char product[128];
  char build[64];
  read_registry(KEY, L"ProductName", product, sizeof product);
  read_registry(KEY, L"CurrentBuildNumber", build, sizeof build);
  const char *name = product[0] != '\0' ? product : "Windows";
  if (build[0] != '\0') (void)snprintf(text, capacity, "%s (build %s)", name, build);
  else (void)snprintf(text, capacity, "%s", name);
}

void system_describe_hardware(char *text, size_t capacity)
{
  read_registry(L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0", L"ProcessorNameString", text, capacity);
}
