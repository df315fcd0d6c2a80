/*
 * The capture itself: one loop that waits for the interfaces, standard input, signals and time, and writes what came.
 * One thread is enough: writing is copying into memory, and the system takes a block of it in one call.
 */
#include "capture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "state.h"

#define BATCH 4096            /* packets of one interface before others, the clock and commands have their turn */
#define FLUSH_MS 100          /* what was written is in the file after so long at most */
#define HEARTBEAT_MS 1000     /* a counts line comes at least so often */
#define ASK_MS 10             /* for sources that cannot be waited for */
#define DRAIN_MS 100          /* at a stop: what the kernel has collected but not yet handed over still comes */

/* What became of something asked of the files. */
static void take_result(struct capture *capture, enum ring_result result)
{
  if (result == RING_LIMIT_FILES) capture_stop(capture, FILES);
  if (result == RING_LIMIT_BYTES) capture_stop(capture, BYTES);
  if ((result != RING_FULL && result != RING_FAILED) || capture->has_failed_file) return;
  capture->has_failed_file = true;
  int error = capture->ring.error;
  struct problem problem = {
      .code = result == RING_FULL ? "disk-full" : error == ENOMEM ? "internal" : "write-failed",
      .message = strerror(error),
      .path = capture->ring.path,
  };
  tell_problem(capture, &problem, true);
}

static bool write_head(void *context, struct buffer *out)
{
  struct capture *capture = context;
  struct pcapng_section section = {
      .hardware = capture->hardware,
      .system = capture->system,
      .application = capture->application,
      .comment = capture->options->comment,
  };
  if (!pcapng_section(out, &section)) return false;
  for (uint32_t i = 0; i < capture->source_count; i++) {
    if (!source_write_head(&capture->sources[i], out, capture->system)) return false;
  }
  return true;
}

static bool write_tail(void *context, struct buffer *out)
{
  struct capture *capture = context;
  for (uint32_t i = 0; i < capture->source_count; i++) {
    if (!source_write_tail(&capture->sources[i], out)) return false;
  }
  return true;
}

/* What was counted but did not get into the file was not captured. */
static void uncount(void *context, const uint8_t *blocks, size_t length)
{
  struct capture *capture = context;
  for (uint32_t i = 0; i < capture->source_count; i++) {
    uint64_t packets = pcapng_count_packets(blocks, length, i);
    capture->sources[i].counts.captured -= packets;
    capture->captured -= packets;
  }
}

static void file_happened(void *context, enum ring_happening what, const struct ring_file *file)
{
  tell_file(context, what, file);
}

static bool has_news(const struct capture *capture)
{
  return ring_total_bytes(&capture->ring) != capture->counted_bytes;
}

/* A packet that comes alone is in the file, and told, at once; many are told FLUSH_MS apart. */
static void flush_and_tell(struct capture *capture, int64_t now)
{
  bool is_due = now - capture->ring.flushed_ms >= FLUSH_MS && ring_has_waiting(&capture->ring);
  if (is_due && !capture->has_failed_file) take_result(capture, ring_flush(&capture->ring));
  int64_t quiet = now - capture->counted_ms;
  if (quiet >= HEARTBEAT_MS || (quiet >= FLUSH_MS && has_news(capture))) tell_counts(capture);
}

/* Hot: once per packet. */
static void on_packet(unsigned char *user, const struct pcap_packet_header *header, const unsigned char *bytes)
{
  struct source *source = (struct source *)(void *)user;
  struct capture *capture = source->capture;
  const uint64_t limit = capture->options->stop_packets;
  if (capture->has_failed_file || (limit != 0 && capture->captured >= limit)) return;
  if (capture->reason == BYTES || capture->reason == FILES) return;
#ifdef _WIN32
  uint64_t seconds = (uint32_t)header->time.tv_sec; /* 32 bits there: until 2106 rather than 2038 */
#else
  uint64_t seconds = (uint64_t)header->time.tv_sec;
#endif
  struct pcapng_packet packet = {
      .interface = source->index,
      .ticks = seconds * (source->opened.is_nano ? 1000000000u : 1000000u) + (uint64_t)header->time.tv_usec,
      .captured_length = header->captured_length,
      .length = header->length,
      .bytes = bytes,
  };
  enum ring_result result = ring_packet(&capture->ring, &packet);
  if (result != RING_OK) {
    take_result(capture, result);
    capture->library->breakloop(source->opened.pcap);
    return;
  }
  source->counts.captured++;
  capture->captured++;
  if (limit == 0 || capture->captured < limit) return;
  capture_stop(capture, PACKETS);
  capture->library->breakloop(source->opened.pcap);
}

/* What libpcap says when an interface was removed or taken down, as far as it is told from other failures. */
static bool is_gone(const char *message)
{
  static const char *const SIGNS[] = {"disappeared", "went down", "not up", "No such device", "ENXIO",
                                      "device removed"};
  for (size_t i = 0; i < sizeof SIGNS / sizeof SIGNS[0]; i++) {
    if (strstr(message, SIGNS[i]) != NULL) return true;
  }
  return false;
}

/* An interface that failed is asked again for DRAIN_MS: what arrived before is still in the kernel's hands. */
static void note_failure(struct capture *capture, struct source *source)
{
  if (source->failure[0] != '\0') return;
  const char *message = capture->library->geterr(source->opened.pcap);
  (void)snprintf(source->failure, sizeof source->failure, "%s", message[0] != '\0' ? message : "reading failed");
  source->failed_ms = system_clock_ms();
  source->wait_handle = -1;
}

/* The others go on; without any the capture ends. */
static void lose(struct capture *capture, struct source *source)
{
  source_close(source);
  bool has_more = false;
  for (uint32_t i = 0; i < capture->source_count; i++) has_more |= capture->sources[i].opened.pcap != NULL;
  struct problem problem = {
      .code = is_gone(source->failure) ? "device-gone" : "read-failed",
      .message = source->failure,
      .interface = source->options->name,
  };
  tell_problem(capture, &problem, !has_more);
}

static void read_sources(struct capture *capture)
{
  for (uint32_t i = 0; i < capture->source_count; i++) {
    struct source *source = &capture->sources[i];
    if (source->opened.pcap == NULL) continue;
    int result = capture->library->dispatch(source->opened.pcap, BATCH, on_packet, (unsigned char *)source);
    if (result < 0 && result != PCAP_ERROR_BREAK) note_failure(capture, source);
    bool is_over = source->failure[0] != '\0' && system_clock_ms() - source->failed_ms >= DRAIN_MS;
    if (is_over && source->opened.pcap != NULL) lose(capture, source);
  }
}

static void on_command(void *context, enum capture_command command, const char *text)
{
  struct capture *capture = context;
  struct problem refused = {.code = "unknown-command", .message = text};
  switch (command) {
    case CAPTURE_STOP: capture_stop(capture, ASKED); return;
    case CAPTURE_COUNTS: tell_counts(capture); return;
    case CAPTURE_ROTATE:
      if (!capture->ring.is_numbered) break;
      take_result(capture, ring_turn(&capture->ring, true));
      return;
    case CAPTURE_END: capture_stop(capture, INPUT_CLOSED); return;
    case CAPTURE_UNKNOWN: break;
  }
  tell_problem(capture, &refused, false);
}

static int64_t sooner(int64_t a, int64_t b)
{
  return a < b ? a : b;
}

/* How long there is nothing to do but wait. */
static int wait_ms(const struct capture *capture, int64_t now)
{
  int64_t wait = capture->counted_ms + (has_news(capture) ? FLUSH_MS : HEARTBEAT_MS) - now;
  int64_t turn = ring_due_ms(&capture->ring);
  if (turn >= 0) wait = sooner(wait, turn);
  if (ring_has_waiting(&capture->ring)) wait = sooner(wait, capture->ring.flushed_ms + FLUSH_MS - now);
  if (capture->options->stop_ms != 0) {
    wait = sooner(wait, capture->started_ms + (int64_t)capture->options->stop_ms - now);
  }
  for (uint32_t i = 0; i < capture->source_count; i++) {
    if (capture->sources[i].opened.pcap != NULL && capture->handles[i] == -1) wait = sooner(wait, ASK_MS);
  }
  return wait > 0 ? (int)wait : 0;
}

static void wait_for_something(struct capture *capture, bool with_input, int timeout_ms)
{
  for (uint32_t i = 0; i < capture->source_count; i++) capture->handles[i] = capture->sources[i].wait_handle;
  if (system_wait(capture->handles, capture->source_count, with_input, timeout_ms)) return;
  struct problem problem = {.code = "internal", .message = strerror(errno)};
  tell_problem(capture, &problem, true);
}

static void run(struct capture *capture)
{
  const struct options *options = capture->options;
  struct commands commands = {.is_open = options->reads_input};
  while (capture->reason == RUNNING) {
    wait_for_something(capture, commands.is_open, wait_ms(capture, system_clock_ms()));
    read_sources(capture);
    if (commands.is_open) commands_read(&commands, on_command, capture);
    if (system_is_ended()) capture_stop(capture, SIGNAL);
    if (capture->events->is_closed) capture_stop(capture, INPUT_CLOSED);
    if (capture->reason != RUNNING) break;

    int64_t now = system_clock_ms();
    if (options->stop_ms != 0 && now - capture->started_ms >= (int64_t)options->stop_ms) capture_stop(capture, SECONDS);
    take_result(capture, ring_turn(&capture->ring, false));
    flush_and_tell(capture, now);
    events_flush(capture->events, false);
  }
}

/* What had arrived before the stop but was still in the kernel's hands. */
static void drain(struct capture *capture)
{
  bool is_limit = capture->reason == PACKETS || capture->reason == BYTES || capture->reason == FILES;
  int64_t end = system_clock_ms() + DRAIN_MS;
  while (!is_limit && !capture->has_failed_file && capture->exit == EXIT_AS_ASKED) {
    int64_t left = end - system_clock_ms();
    if (left <= 0) break;
    wait_for_something(capture, false, (int)left);
    read_sources(capture);
  }
}

static bool open_all(struct capture *capture)
{
  for (uint32_t i = 0; i < capture->source_count; i++) {
    struct source *source = &capture->sources[i];
    struct open_problem why;
    *source = (struct source){
        .index = i,
        .library = capture->library,
        .options = &capture->options->interfaces[i],
        .wait_handle = -1,
        .capture = capture,
    };
    if (source_open(source, &why)) continue;
    struct problem problem = {
        .code = why.code,
        .message = why.message,
        .interface = source->options->name,
        .has_place = why.has_place,
        .at = why.at,
        .end = why.end,
    };
    capture->source_count = i; /* the others are not there yet */
    tell_problem(capture, &problem, true);
    return false;
  }
  for (uint32_t i = 0; i < capture->source_count; i++) {
    const struct source *source = &capture->sources[i];
    if (source->opened.warning[0] == '\0') continue;
    events_warning(capture->events, "library", source->opened.warning, source->options->name);
  }
  return true;
}

static bool give_up_rights(struct capture *capture)
{
  struct rights_wish wish = {.output = capture->options->write};
  for (uint32_t i = 0; i < capture->source_count; i++) wish.monitor |= capture->options->interfaces[i].is_monitor;
  if (system_drop_rights(&wish, &capture->rights)) return true;
  struct problem problem = {.code = "internal", .message = "the rights of this program cannot be given up"};
  tell_problem(capture, &problem, true);
  return false;
}

static void write_until_stopped(struct capture *capture)
{
  struct ring_owner owner = {
      .context = capture,
      .head = write_head,
      .tail = write_tail,
      .tail_size = (uint64_t)PCAPNG_STATISTICS_SIZE * capture->source_count,
      .lost = uncount,
      .happened = file_happened,
  };
  ring_start(&capture->ring, capture->options->write, &capture->options->limits, &owner);
  capture->started_ms = system_clock_ms();
  take_result(capture, ring_open(&capture->ring));
  if (!capture->is_started) return;
  tell_counts(capture);
  run(capture);
  drain(capture);
  enum ring_result result = ring_close(&capture->ring);
  take_result(capture, result);
  tell_stopped(capture);
}

enum exit_code capture_run(const struct library *library, const struct options *options, struct events *events)
{
  struct capture capture = {.library = library, .options = options, .events = events, .exit = EXIT_AS_ASKED};
  capture.source_count = (uint32_t)options->interface_count;
  capture.sources = calloc(options->interface_count, sizeof *capture.sources);
  capture.handles = calloc(options->interface_count, sizeof *capture.handles);
  system_describe(capture.system, sizeof capture.system);
  system_describe_hardware(capture.hardware, sizeof capture.hardware);
  (void)snprintf(capture.application, sizeof capture.application, "nagare-capture %s, %s", NAGARE_VERSION,
                 library->lib_version());
  if (capture.sources == NULL || capture.handles == NULL || !system_watch_signals()) {
    struct problem problem = {.code = "internal", .message = strerror(errno)};
    tell_problem(&capture, &problem, true);
    capture.source_count = 0;
  } else if (open_all(&capture) && give_up_rights(&capture)) {
    write_until_stopped(&capture);
  }
  for (uint32_t i = 0; i < capture.source_count; i++) source_free(&capture.sources[i]);
  ring_free(&capture.ring);
  free(capture.sources);
  free(capture.handles);
  return capture.exit;
}
