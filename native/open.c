/* Opening one interface as its options ask (pcap_create(3PCAP) to pcap_setnonblock(3PCAP)). */
#include "open.h"

#include <stdio.h>
#include <string.h>

#include "filter.h"

/* How long the kernel may collect packets before it hands them over: rows are to appear within 300 ms. */
#define COLLECT_MS 50
/* What the library takes as "all" where it does not know 0 (its own limit for networks). */
#define SNAP_LENGTH_MAX 262144

/* Unless told, room for what comes while a disk or a busy processor holds the program up: at 100 MB a second about
 * 160 ms, eight times what libpcap takes by itself. macOS has a limit, which only the library's choice respects. */
#ifdef __APPLE__
#define BUFFER_KIB 0
#else
#define BUFFER_KIB 16384
#endif

static bool fail(struct open_problem *problem, const char *code, const char *message)
{
  problem->code = code;
  (void)snprintf(problem->message, sizeof problem->message, "%s", message);
  return false;
}

void open_describe(const struct library *library, struct pcap *pcap, int status, struct open_problem *problem)
{
  switch (status) {
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED: problem->code = "permission"; break;
    case PCAP_ERROR_NO_SUCH_DEVICE: problem->code = "no-device"; break;
    case PCAP_ERROR_IFACE_NOT_UP: problem->code = "interface-down"; break;
    case PCAP_ERROR_RFMON_NOTSUP:
    case PCAP_ERROR_CANTSET_TSTAMP_TYPE:
    case PCAP_ERROR_TSTAMP_PRECISION_NOTSUP: problem->code = "option-unsupported"; break;
    default: problem->code = "open-failed"; break;
  }
  const char *more = library->geterr(pcap);
  const char *what = status == PCAP_ERROR ? more : library->statustostr(status);
  bool has_more = status != PCAP_ERROR && more != NULL && more[0] != '\0' && strcmp(more, what) != 0;
  if (has_more) (void)snprintf(problem->message, sizeof problem->message, "%s (%s)", what, more);
  else (void)snprintf(problem->message, sizeof problem->message, "%s", what);
}

static bool check(const struct library *library, struct pcap *pcap, int status, struct open_problem *problem)
{
  if (status >= 0) return true;
  open_describe(library, pcap, status, problem);
  return false;
}

static bool set_timestamp_type(const struct library *library, struct pcap *pcap, const char *name,
                               struct open_problem *problem)
{
  if (name == NULL) return true;
  if (library->set_tstamp_type == NULL || library->tstamp_type_name_to_val == NULL) {
    return fail(problem, "option-unsupported", "this library has no types of time stamps");
  }
  int type = library->tstamp_type_name_to_val(name);
  if (type < 0) return fail(problem, "option-unsupported", "there is no such type of time stamps");
  int status = library->set_tstamp_type(pcap, type);
  /* A warning here means that the type was not taken: asked for by name, that is a failure. */
  if (status > 0) return fail(problem, "option-unsupported", library->statustostr(status));
  return check(library, pcap, status, problem);
}

static bool set_precision(const struct library *library, struct pcap *pcap, enum precision precision,
                          struct open_problem *problem)
{
  if (precision == PRECISION_MICRO) return true;
  int status = library->set_tstamp_precision == NULL ? PCAP_ERROR_TSTAMP_PRECISION_NOTSUP
                                                     : library->set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
  if (status == 0 || precision == PRECISION_BEST) return true;
  return fail(problem, "option-unsupported", library->statustostr(status));
}

/* Everything that has to be set before the interface is activated. */
static bool prepare(const struct library *library, struct pcap *pcap, const struct interface_options *options,
                    struct open_problem *problem)
{
  if (!check(library, pcap, library->set_snaplen(pcap, (int)options->snap_length), problem)) return false;
  if (!check(library, pcap, library->set_promisc(pcap, options->is_promiscuous), problem)) return false;
  if (!check(library, pcap, library->set_timeout(pcap, COLLECT_MS), problem)) return false;
  uint32_t buffer_kib = options->buffer_kib != 0 ? options->buffer_kib : BUFFER_KIB;
  if (buffer_kib != 0) {
    if (!check(library, pcap, library->set_buffer_size(pcap, (int)(buffer_kib * 1024)), problem)) return false;
  }
  if (options->is_monitor) {
    if (library->set_rfmon == NULL) return fail(problem, "option-unsupported", "this library has no monitor mode");
    if (!check(library, pcap, library->set_rfmon(pcap, 1), problem)) return false;
  }
  if (options->is_immediate && library->set_immediate_mode != NULL) {
    if (!check(library, pcap, library->set_immediate_mode(pcap, 1), problem)) return false;
  }
  return set_timestamp_type(library, pcap, options->timestamp_type, problem) &&
         set_precision(library, pcap, options->precision, problem);
}

static bool set_link_type(const struct library *library, struct pcap *pcap, const char *text,
                          struct open_problem *problem)
{
  if (text == NULL) return true;
  int dlt = library_link_type(library, text);
  if (dlt < 0) return fail(problem, "option-unsupported", "there is no such link type");
  if (library->set_datalink(pcap, dlt) == 0) return true;
  return fail(problem, "option-unsupported", library->geterr(pcap));
}

static bool set_direction(const struct library *library, struct pcap *pcap, enum direction direction,
                          struct open_problem *problem)
{
  static const int DIRECTIONS[] = {PCAP_D_INOUT, PCAP_D_IN, PCAP_D_OUT};
  if (direction == DIRECTION_BOTH) return true;
  if (library->setdirection == NULL) return fail(problem, "option-unsupported", "this library knows no direction");
  if (library->setdirection(pcap, DIRECTIONS[direction]) == 0) return true;
  return fail(problem, "option-unsupported", library->geterr(pcap));
}

static bool set_filter(const struct library *library, struct pcap *pcap, const struct interface_options *options,
                       struct open_problem *problem)
{
  char error[PCAP_ERROR_SIZE];
  uint32_t network = 0;
  uint32_t mask = PCAP_NETMASK_UNKNOWN;
  struct pcap_program program;
  if (options->filter == NULL || options->filter[0] == '\0') return true;
  if (library->lookupnet(options->name, &network, &mask, error) != 0) mask = PCAP_NETMASK_UNKNOWN;
  if (library->compile(pcap, &program, options->filter, 1, mask) != 0) {
    (void)fail(problem, "filter", library->geterr(pcap));
    struct filter_question question = {options->filter, library->datalink(pcap), library->snapshot(pcap)};
    problem->has_place = filter_find_error(library, &question, problem->message, &problem->at, &problem->end);
    return false;
  }
  bool ok = library->setfilter(pcap, &program) == 0 || fail(problem, "open-failed", library->geterr(pcap));
  library->freecode(&program);
  return ok;
}

/* Older libraries for Windows hand over at once only when told that one byte is enough. */
static void hurry(const struct library *library, struct pcap *pcap, bool is_immediate)
{
  if (is_immediate && library->set_immediate_mode == NULL && library->setmintocopy != NULL) {
    (void)library->setmintocopy(pcap, 0);
  }
}

static bool finish(const struct library *library, const struct interface_options *options, struct opened *opened,
                   struct open_problem *problem)
{
  char error[PCAP_ERROR_SIZE] = "";
  struct pcap *pcap = opened->pcap;
  int status = library->activate(pcap);
  if (!check(library, pcap, status, problem)) return false;
  if (status > 0) {
    struct open_problem warning = {.code = NULL};
    open_describe(library, pcap, status, &warning);
    (void)snprintf(opened->warning, sizeof opened->warning, "%s", warning.message);
  }
  if (!set_link_type(library, pcap, options->link_type, problem)) return false;
  if (!set_filter(library, pcap, options, problem)) return false;
  if (!set_direction(library, pcap, options->direction, problem)) return false;
  if (library->setnonblock(pcap, 1, error) != 0) return fail(problem, "open-failed", error);
  hurry(library, pcap, options->is_immediate);

  int snap_length = library->snapshot(pcap);
  opened->snap_length = snap_length > 0 ? (uint32_t)snap_length : SNAP_LENGTH_MAX;
  opened->dlt = library->datalink(pcap);
  opened->is_nano =
      library->get_tstamp_precision != NULL && library->get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_NANO;
  opened->timestamp_type = options->timestamp_type;
  return true;
}

bool open_interface(const struct library *library, const struct interface_options *options, struct opened *opened,
                    struct open_problem *problem)
{
  char error[PCAP_ERROR_SIZE] = "";
  memset(opened, 0, sizeof *opened);
  memset(problem, 0, sizeof *problem);
  opened->pcap = library->create(options->name, error);
  if (opened->pcap == NULL) return fail(problem, "open-failed", error);
  if (prepare(library, opened->pcap, options, problem) && finish(library, options, opened, problem)) return true;
  library->close(opened->pcap);
  opened->pcap = NULL;
  return false;
}
