/* In the current folder, which the caller makes for it. */
#include "ring.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

#define HEAD_SIZE 32u
#define PACKET_BYTES 100u
#define PACKET_SIZE 132u

struct seen {
  unsigned opened;
  unsigned closed;
  unsigned removed;
  char last_path[256];
  struct ring_file last_closed;
  uint64_t lost;
};

static bool append_section(struct buffer *out)
{
  struct pcapng_section section = {0};
  return pcapng_section(out, &section); /* 28 bytes and the end of its options */
}

static bool head(void *context, struct buffer *out)
{
  (void)context;
  return append_section(out);
}

static bool tail(void *context, struct buffer *out)
{
  (void)context;
  struct pcapng_statistics statistics = {0};
  return pcapng_statistics(out, &statistics);
}

static void lost(void *context, const uint8_t *blocks, size_t length)
{
  struct seen *seen = context;
  CHECK_NUMBER(pcapng_whole_blocks(blocks, length), length);
  seen->lost += pcapng_count_packets(blocks, length, 0);
  CHECK_NUMBER(pcapng_count_packets(blocks, length, 1), 0);
}

static void happened(void *context, enum ring_happening what, const struct ring_file *file)
{
  struct seen *seen = context;
  if (what == RING_OPENED) seen->opened++;
  if (what == RING_CLOSED) {
    seen->closed++;
    seen->last_closed = *file;
  }
  if (what == RING_REMOVED) seen->removed++;
  (void)snprintf(seen->last_path, sizeof seen->last_path, "%s", file->path);
}

static struct ring_owner owner_of(struct seen *seen)
{
  struct ring_owner owner = {seen, head, tail, PCAPNG_STATISTICS_SIZE, lost, happened};
  memset(seen, 0, sizeof *seen);
  return owner;
}

static enum ring_result add(struct ring *ring, unsigned count)
{
  static const uint8_t BYTES[PACKET_BYTES] = {0};
  struct pcapng_packet packet = {0, 0, PACKET_BYTES, PACKET_BYTES, BYTES};
  enum ring_result result = RING_OK;
  for (unsigned i = 0; i < count && result == RING_OK; i++) result = ring_packet(ring, &packet);
  return result;
}

static uint64_t size_of(const char *path)
{
  struct stat info;
  return stat(path, &info) == 0 ? (uint64_t)info.st_size : UINT64_MAX;
}

static unsigned files_beginning(const char *prefix)
{
  unsigned count = 0;
  DIR *folder = opendir(".");
  if (!CHECK(folder != NULL)) return 0;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    count += strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
  }
  (void)closedir(folder);
  return count;
}

static void test_one_file(void)
{
  struct ring ring;
  struct seen seen;
  struct ring_limits none = {0};
  struct ring_owner owner = owner_of(&seen);
  ring_start(&ring, "one.pcapng", &none, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  CHECK_NUMBER(size_of("one.pcapng"), HEAD_SIZE);
  CHECK(add(&ring, 3) == RING_OK);
  CHECK(ring_has_waiting(&ring));
  CHECK_NUMBER(ring_current(&ring).bytes, HEAD_SIZE);
  CHECK_NUMBER(ring_current(&ring).packets, 0);
  CHECK(ring_flush(&ring) == RING_OK);
  CHECK_NUMBER(size_of("one.pcapng"), HEAD_SIZE + 3 * PACKET_SIZE);
  CHECK_NUMBER(ring_current(&ring).bytes, HEAD_SIZE + 3 * PACKET_SIZE);
  CHECK(ring_turn(&ring, true) == RING_OK); /* one file has no next */
  CHECK(ring_due_ms(&ring) == -1);
  CHECK(ring_close(&ring) == RING_OK);
  CHECK_NUMBER(size_of("one.pcapng"), HEAD_SIZE + 3 * PACKET_SIZE + PCAPNG_STATISTICS_SIZE);
  CHECK(seen.opened == 1 && seen.closed == 1 && seen.removed == 0);
  CHECK_NUMBER(seen.last_closed.packets, 3);
  CHECK_NUMBER(ring_total_bytes(&ring), size_of("one.pcapng"));
  ring_free(&ring);
}

static void test_many_packets_are_written_in_large_pieces(void)
{
  struct ring ring;
  struct seen seen;
  struct ring_limits none = {0};
  struct ring_owner owner = owner_of(&seen);
  ring_start(&ring, "many.pcapng", &none, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  CHECK(add(&ring, 10000) == RING_OK);
  CHECK(size_of("many.pcapng") > 1000000);
  CHECK(ring.waiting.capacity < 2u << 20);
  CHECK(ring_close(&ring) == RING_OK);
  CHECK_NUMBER(size_of("many.pcapng"), HEAD_SIZE + 10000 * PACKET_SIZE + PCAPNG_STATISTICS_SIZE);
  ring_free(&ring);
}

static void test_size(void)
{
  struct ring ring;
  struct seen seen;
  struct ring_limits limits = {.file_bytes = 1000, .keep_files = 3};
  struct ring_owner owner = owner_of(&seen);
  ring_start(&ring, "size.pcapng", &limits, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  /* 32 + 6 * 132 + 112 = 936, and a seventh does not fit. */
  CHECK(add(&ring, 6) == RING_OK);
  CHECK_NUMBER(seen.opened, 1);
  CHECK(add(&ring, 1) == RING_OK);
  CHECK_NUMBER(seen.opened, 2);
  CHECK_NUMBER(seen.last_closed.bytes, 936);
  CHECK_NUMBER(seen.last_closed.packets, 6);
  CHECK(add(&ring, 6 * 10) == RING_OK);
  CHECK(ring_close(&ring) == RING_OK);
  CHECK_NUMBER(seen.opened, 12);
  CHECK_NUMBER(seen.removed, 9);
  CHECK_NUMBER(files_beginning("size_"), 3);
  CHECK(strstr(seen.last_path, "size_00012_") == seen.last_path);
  CHECK(strcmp(seen.last_path + strlen(seen.last_path) - 7, ".pcapng") == 0);
  CHECK_NUMBER(strlen(seen.last_path), strlen("size_00012_20260101000000.pcapng"));
  ring_free(&ring);
}

static void test_a_packet_larger_than_the_limit(void)
{
  struct ring ring;
  struct seen seen;
  struct ring_limits limits = {.file_bytes = 50, .stop_files = 2};
  struct ring_owner owner = owner_of(&seen);
  ring_start(&ring, "large.pcapng", &limits, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  CHECK(add(&ring, 2) == RING_OK);
  CHECK_NUMBER(seen.opened, 2);
  CHECK(add(&ring, 1) == RING_LIMIT_FILES);
  CHECK(ring_close(&ring) == RING_OK);
  CHECK_NUMBER(files_beginning("large_"), 2);
  CHECK_NUMBER(seen.last_closed.packets, 1);
  ring_free(&ring);
}

static void test_packets_per_file_and_bytes_in_all(void)
{
  struct ring ring;
  struct seen seen;
  struct ring_limits limits = {.file_packets = 2, .stop_bytes = 1200};
  struct ring_owner owner = owner_of(&seen);
  ring_start(&ring, "count", &limits, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  CHECK(add(&ring, 100) == RING_LIMIT_BYTES);
  CHECK(ring_close(&ring) == RING_OK);
  CHECK(ring_total_bytes(&ring) <= 1200);
  CHECK_NUMBER(ring_total_bytes(&ring), 2 * (HEAD_SIZE + 2 * PACKET_SIZE + PCAPNG_STATISTICS_SIZE) + HEAD_SIZE +
                                            PACKET_SIZE + PCAPNG_STATISTICS_SIZE);
  CHECK_NUMBER(seen.opened, 3);
  CHECK(strchr(seen.last_path, '.') == NULL);
  ring_free(&ring);
}

static void test_time(void)
{
  struct ring ring;
  struct seen seen;
  struct ring_limits limits = {.file_ms = 30};
  struct ring_owner owner = owner_of(&seen);
  ring_start(&ring, "time.pcapng", &limits, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  CHECK(ring_due_ms(&ring) > 0 && ring_due_ms(&ring) <= 30);
  (void)usleep(40000);
  CHECK(ring_due_ms(&ring) == 0);
  CHECK(ring_turn(&ring, false) == RING_OK);
  CHECK_NUMBER(seen.opened, 2);
  CHECK(ring_turn(&ring, true) == RING_OK);
  CHECK_NUMBER(seen.opened, 3);
  CHECK(ring_close(&ring) == RING_OK);
  ring_free(&ring);
}

/* The system's limit of a file's size stands in for a full disk: a write is cut short, the next one fails. */
static void test_full(void)
{
  struct ring ring;
  struct seen seen;
  struct ring_limits none = {0};
  struct ring_owner owner = owner_of(&seen);
  struct rlimit before;
  CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
  struct rlimit small = {HEAD_SIZE + 2 * PACKET_SIZE + 50, before.rlim_max};
  ring_start(&ring, "full.pcapng", &none, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  CHECK(add(&ring, 4) == RING_OK);
  CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
  CHECK(ring_flush(&ring) == RING_FULL);
  CHECK_NUMBER(ring.error, EFBIG);
  CHECK_NUMBER(size_of("full.pcapng"), HEAD_SIZE + 2 * PACKET_SIZE);
  CHECK_NUMBER(ring_current(&ring).bytes, HEAD_SIZE + 2 * PACKET_SIZE);
  CHECK_NUMBER(ring_current(&ring).packets, 2);
  CHECK_NUMBER(seen.lost, 2);
  /* The end does not fit either: it is left out. */
  (void)ring_close(&ring);
  CHECK_NUMBER(size_of("full.pcapng"), HEAD_SIZE + 2 * PACKET_SIZE);
  CHECK_NUMBER(seen.closed, 1);
  ring_free(&ring);

  /* Not even the beginning fits: no file is left. */
  small.rlim_cur = 10;
  CHECK(setrlimit(RLIMIT_FSIZE, &small) == 0);
  ring_start(&ring, "none.pcapng", &none, &owner);
  CHECK(ring_open(&ring) == RING_FULL);
  CHECK(ring_close(&ring) == RING_OK);
  CHECK_NUMBER(size_of("none.pcapng"), UINT64_MAX);
  CHECK_NUMBER(seen.opened, 1);
  ring_free(&ring);
  CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
}

static void test_places(void)
{
  struct ring ring;
  struct seen seen;
  struct ring_limits none = {0};
  struct ring_limits numbered = {.file_packets = 1};
  struct ring_owner owner = owner_of(&seen);
  ring_start(&ring, "no-such-folder/x.pcapng", &none, &owner);
  CHECK(ring_open(&ring) == RING_FAILED);
  CHECK_NUMBER(ring.error, ENOENT);
  ring_free(&ring);
  ring_start(&ring, "/dev/null", &none, &owner);
  CHECK(ring_open(&ring) == RING_FAILED);
  ring_free(&ring);
  /* Only a point in the last part of a path begins an ending. */
  CHECK(mkdir("a.b", 0700) == 0);
  ring_start(&ring, "a.b/c", &numbered, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  CHECK(strstr(seen.last_path, "a.b/c_00001_") == seen.last_path);
  CHECK(ring_close(&ring) == RING_OK);
  ring_free(&ring);
  ring_start(&ring, "a.b/.c", &numbered, &owner);
  CHECK(ring_open(&ring) == RING_OK);
  CHECK(strstr(seen.last_path, "a.b/.c_00001_") == seen.last_path);
  CHECK(ring_close(&ring) == RING_OK);
  ring_free(&ring);
}

void test_ring(void)
{
  test_one_file();
  test_many_packets_are_written_in_large_pieces();
  test_size();
  test_a_packet_larger_than_the_limit();
  test_packets_per_file_and_bytes_in_all();
  test_time();
  test_full();
  test_places();
}
