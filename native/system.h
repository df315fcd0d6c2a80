/* What differs between systems: files, clocks, waiting, standard input, signals, rights. One file for each family. */
#ifndef NAGARE_SYSTEM_H
#define NAGARE_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Before anything else: UTF-8 arguments, binary standard streams, sockets. `argv` may be replaced. */
bool system_start(int *argc, char ***argv);

/* Files. Errors are in errno. */
int system_create(const char *path); /* mode 0600, emptied; a descriptor or -1 */
int64_t system_write(int file, const uint8_t *bytes, size_t count); /* may write less; -1 where nothing was */
bool system_truncate(int file, uint64_t length);
bool system_close(int file);
bool system_remove(const char *path);
bool system_is_full(int error); /* no space, quota or size limit */
bool system_local_time(time_t seconds, struct tm *local);

/* Clocks: nanoseconds since 1970, and milliseconds that never jump. */
uint64_t system_time_ns(void);
int64_t system_clock_ms(void);

/* After this, SIGINT, SIGTERM, SIGHUP and Ctrl+C do nothing but end a wait and make system_is_ended() true. */
bool system_watch_signals(void);
bool system_is_ended(void);

/* So many interfaces can be waited for at once. */
#ifdef _WIN32
#define SYSTEM_HANDLES_MAX 60
#else
#define SYSTEM_HANDLES_MAX 1024
#endif

/* Waits at most `timeout_ms` for one of `handles` (descriptors; events on Windows; -1 is none), for standard input when
 * `input` is set, or for a signal. False where waiting itself fails. */
bool system_wait(const intptr_t *handles, size_t count, bool input, int timeout_ms);

enum input_state { INPUT_NOTHING, INPUT_BYTES, INPUT_END };
/* Never waits. */
enum input_state system_read_input(char *bytes, size_t capacity, size_t *count);

/* Standard output. True when `count` bytes (at most 4096) can be written without waiting. */
bool system_output_ready(void);
int64_t system_write_output(const char *bytes, size_t count);

enum rights { RIGHTS_NONE, RIGHTS_FILES, RIGHTS_MONITOR, RIGHTS_USER };
struct rights_wish {
  const char *output; /* root may write where the user root has no right to: then that one right stays. May be NULL. */
  bool monitor;       /* monitor mode has to be ended with rights */
};
/* Gives up whatever the program was given; false where that fails (then nothing may go on). */
bool system_drop_rights(const struct rights_wish *wish, enum rights *left);

/* Texts for the file; empty where not known. */
void system_describe(char *text, size_t capacity);
void system_describe_hardware(char *text, size_t capacity);

#endif
