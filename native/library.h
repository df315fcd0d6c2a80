/*
 * libpcap (Npcap's wpcap.dll on Windows) at run time, and what we need to know of its public types: no header of theirs
 * is needed to build. Names and numbers are those of its documented interface (pcap(3PCAP)).
 */
#ifndef NAGARE_LIBRARY_H
#define NAGARE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#endif

#define PCAP_ERROR_SIZE 256

enum pcap_status {
  PCAP_ERROR = -1,
  PCAP_ERROR_BREAK = -2,
  PCAP_ERROR_NO_SUCH_DEVICE = -5,
  PCAP_ERROR_RFMON_NOTSUP = -6,
  PCAP_ERROR_PERM_DENIED = -8,
  PCAP_ERROR_IFACE_NOT_UP = -9,
  PCAP_ERROR_CANTSET_TSTAMP_TYPE = -10,
  PCAP_ERROR_PROMISC_PERM_DENIED = -11,
  PCAP_ERROR_TSTAMP_PRECISION_NOTSUP = -12,
};

enum pcap_interface_flag {
  PCAP_IF_LOOPBACK = 0x01,
  PCAP_IF_UP = 0x02,
  PCAP_IF_RUNNING = 0x04,
  PCAP_IF_WIRELESS = 0x08,
  PCAP_IF_CONNECTION_STATUS = 0x30,
  PCAP_IF_CONNECTED = 0x10,
  PCAP_IF_DISCONNECTED = 0x20,
};

enum pcap_option { PCAP_TSTAMP_PRECISION_MICRO = 0, PCAP_TSTAMP_PRECISION_NANO = 1, PCAP_CHAR_ENC_UTF_8 = 1 };
enum pcap_direction { PCAP_D_INOUT = 0, PCAP_D_IN = 1, PCAP_D_OUT = 2 };
#define PCAP_NETMASK_UNKNOWN 0xffffffffu

struct pcap; /* the library's own */

struct pcap_packet_header {
  struct timeval time; /* tv_usec holds nanoseconds where that precision was asked for */
  uint32_t captured_length;
  uint32_t length;
};

struct pcap_address {
  struct pcap_address *next;
  struct sockaddr *address;
  struct sockaddr *netmask;
  struct sockaddr *broadcast;
  struct sockaddr *destination;
};

struct pcap_interface {
  struct pcap_interface *next;
  char *name;
  char *description;
  struct pcap_address *addresses;
  uint32_t flags;
};

struct pcap_program {
  unsigned length;
  void *instructions;
};

struct pcap_statistics {
  unsigned received;
  unsigned dropped;
  unsigned dropped_by_interface;
  unsigned more[8]; /* Windows counts three more; room for what is to come */
};

typedef void pcap_on_packet(unsigned char *user, const struct pcap_packet_header *header, const unsigned char *bytes);

/* The functions, under their own names without `pcap_`; those marked may be NULL in older libraries. */
struct library {
  void *handle;
  const char *(*lib_version)(void);
  int (*findalldevs)(struct pcap_interface **, char *);
  void (*freealldevs)(struct pcap_interface *);
  struct pcap *(*create)(const char *, char *);
  int (*set_snaplen)(struct pcap *, int);
  int (*set_promisc)(struct pcap *, int);
  int (*set_timeout)(struct pcap *, int);
  int (*set_buffer_size)(struct pcap *, int);
  int (*activate)(struct pcap *);
  void (*close)(struct pcap *);
  char *(*geterr)(struct pcap *);
  const char *(*statustostr)(int);
  int (*setnonblock)(struct pcap *, int, char *);
  int (*dispatch)(struct pcap *, int, pcap_on_packet *, unsigned char *);
  void (*breakloop)(struct pcap *);
  int (*stats)(struct pcap *, struct pcap_statistics *);
  int (*snapshot)(struct pcap *);
  int (*datalink)(struct pcap *);
  int (*list_datalinks)(struct pcap *, int **);
  int (*set_datalink)(struct pcap *, int);
  int (*datalink_name_to_val)(const char *);
  const char *(*datalink_val_to_name)(int);
  const char *(*datalink_val_to_description)(int);
  int (*compile)(struct pcap *, struct pcap_program *, const char *, int, uint32_t);
  int (*setfilter)(struct pcap *, struct pcap_program *);
  void (*freecode)(struct pcap_program *);
  int (*lookupnet)(const char *, uint32_t *, uint32_t *, char *);

  struct pcap *(*open_dead)(int, int);                         /* may be NULL */
  int (*init)(unsigned, char *);                               /* from 1.10, may be NULL */
  void (*free_datalinks)(int *);                               /* may be NULL */
  int (*can_set_rfmon)(struct pcap *);                         /* may be NULL */
  int (*set_rfmon)(struct pcap *, int);                        /* may be NULL */
  int (*set_immediate_mode)(struct pcap *, int);               /* may be NULL */
  int (*set_tstamp_type)(struct pcap *, int);                  /* may be NULL */
  int (*set_tstamp_precision)(struct pcap *, int);             /* may be NULL */
  int (*get_tstamp_precision)(struct pcap *);                  /* may be NULL */
  int (*list_tstamp_types)(struct pcap *, int **);             /* may be NULL */
  void (*free_tstamp_types)(int *);                            /* may be NULL */
  int (*tstamp_type_name_to_val)(const char *);                /* may be NULL */
  const char *(*tstamp_type_val_to_name)(int);                 /* may be NULL */
  int (*setdirection)(struct pcap *, int);                     /* may be NULL */
  int (*get_selectable_fd)(struct pcap *);                     /* not on Windows */
  const struct timeval *(*get_required_select_timeout)(struct pcap *); /* may be NULL */
  void *(*getevent)(struct pcap *);                            /* Windows only, may be NULL */
  int (*setmintocopy)(struct pcap *, int);                     /* Windows only, may be NULL */
};

#define LIBRARY_ERROR_SIZE 512

/* False where the library is missing or lacks what we cannot do without; `error` then says which. */
bool library_load(struct library *library, char error[LIBRARY_ERROR_SIZE]);
void library_unload(struct library *library);

/* What system_wait() takes for this source, or -1 where it has to be asked every few milliseconds. */
intptr_t library_wait_handle(const struct library *library, struct pcap *pcap);

/* A name or number of a link type (DLT), -1 where there is no such name. */
int library_link_type(const struct library *library, const char *text);

#endif
