/*
 * Traffic for the tests of live capture:
 *   traffic ping ADDRESS COUNT: ICMP echo requests, each waits for its reply; prints how many came back
 *   traffic flood ADDRESS RATE SECONDS SIZE: UDP datagrams, RATE a second (0: as fast as can be); prints how many
 * Each datagram begins with its number, eight bytes in network order.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PORT 9 /* discard */
#define AT_ONCE 64
#define SIZE_MAX_SENT 1472
#define REPLY_MS 1000

static uint64_t now_ns(void)
{
  struct timespec now;
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint16_t checksum(const uint8_t *bytes, size_t count)
{
  uint32_t sum = 0;
  for (size_t i = 0; i + 1 < count; i += 2) sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

static int is_reply(const uint8_t *packet, ssize_t length, uint16_t sequence)
{
  if (length < 28) return 0;
  const uint8_t *icmp = packet + (packet[0] & 0xf) * 4;
  return icmp[0] == ICMP_ECHOREPLY && (icmp[6] << 8 | icmp[7]) == sequence;
}

static int ping(const struct sockaddr_in *to, long count)
{
  int sock = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  if (sock < 0 || connect(sock, (const struct sockaddr *)to, sizeof *to) != 0) return 1;
  long replies = 0;
  for (long i = 0; i < count; i++) {
    uint8_t request[64] = {ICMP_ECHO, 0, 0, 0, 0x12, 0x34, (uint8_t)(i >> 8), (uint8_t)i};
    memset(request + 8, (int)i & 0xff, sizeof request - 8);
    uint16_t sum = checksum(request, sizeof request);
    request[2] = (uint8_t)(sum >> 8);
    request[3] = (uint8_t)sum;
    if (send(sock, request, sizeof request, 0) < 0) return 1;
    struct pollfd fd = {.fd = sock, .events = POLLIN};
    uint8_t reply[256];
    while (poll(&fd, 1, REPLY_MS) > 0) {
      if (!is_reply(reply, recv(sock, reply, sizeof reply, 0), (uint16_t)i)) continue;
      replies++;
      break;
    }
  }
  (void)printf("%ld\n", replies);
  return 0;
}

static int flood(const struct sockaddr_in *to, uint64_t rate, uint64_t seconds, size_t size)
{
  static uint8_t bytes[AT_ONCE][SIZE_MAX_SENT];
  static struct iovec parts[AT_ONCE];
  static struct mmsghdr messages[AT_ONCE];
  int sock = socket(AF_INET, SOCK_DGRAM, 0);
  int room = 8 << 20;
  if (sock < 0 || setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &room, sizeof room) != 0) return 1;
  if (connect(sock, (const struct sockaddr *)to, sizeof *to) != 0) return 1;
  for (int i = 0; i < AT_ONCE; i++) {
    parts[i] = (struct iovec){bytes[i], size};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  uint64_t start = now_ns();
  uint64_t end = start + seconds * 1000000000u;
  uint64_t sent = 0;
  for (uint64_t now = start; now < end; now = now_ns()) {
    uint64_t due = rate == 0 ? sent + AT_ONCE : (now - start) / 1000 * rate / 1000000;
    if (due <= sent) {
      struct timespec pause = {0, 50000};
      (void)nanosleep(&pause, NULL);
      continue;
    }
    unsigned count = due - sent < AT_ONCE ? (unsigned)(due - sent) : AT_ONCE;
    for (unsigned i = 0; i < count; i++) {
      uint64_t number = sent + i;
      for (int byte = 0; byte < 8; byte++) bytes[i][byte] = (uint8_t)(number >> (56 - 8 * byte));
    }
    int done = sendmmsg(sock, messages, count, 0);
    /* Nobody listens there: the other side's refusal comes back as an error of a later call. */
    if (done < 0 && errno != ECONNREFUSED && errno != ENOBUFS && errno != EINTR) return 1;
    if (done > 0) sent += (uint64_t)done;
  }
  (void)printf("%llu\n", (unsigned long long)sent);
  return 0;
}

int main(int argc, char **argv)
{
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
  if (argc < 4 || inet_pton(AF_INET, argv[2], &to.sin_addr) != 1) return 2;
  if (strcmp(argv[1], "ping") == 0) return ping(&to, strtol(argv[3], NULL, 10));
  if (strcmp(argv[1], "flood") != 0 || argc != 6) return 2;
  size_t size = strtoul(argv[5], NULL, 10);
  if (size < 8 || size > SIZE_MAX_SENT) return 2;
  return flood(&to, strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10), size);
}
