/*
 * A long wire between two cards: `wire CARD CARD MICROSECONDS NTH` hands every frame of one to the other so much later, until it
 * is ended; every NTH of the long frames to the first card is lost (0: none). For kernels without a delay of their own (netem).
 * The cards' offloads must be off: a frame is what is on the wire.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FRAMES = 16384, LARGEST = 2048, BUFFER = 32 << 20, LONG = 200 };

struct frame {
    int64_t due;
    size_t length;
    unsigned char bytes[LARGEST];
};

/* One way: what waits, in the order in which it came. */
struct way {
    int from;
    int to;
    size_t first;
    size_t count;
    /* Long frames so far, and which of them are lost. */
    long seen;
    long nth;
    struct frame *frames;
};

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int open_card(const char *name)
{
    int size = BUFFER;
    struct sockaddr_ll at = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    struct packet_mreq all = {.mr_type = PACKET_MR_PROMISC};
    int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ALL));
    if (fd < 0)
        return -1;
    at.sll_ifindex = (int)if_nametoindex(name);
    all.mr_ifindex = at.sll_ifindex;
    if (at.sll_ifindex == 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) != 0 ||
        bind(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* Takes what has come; frames that the card itself sent are ours. */
static int take(struct way *way, int64_t delay)
{
    while (way->count < FRAMES) {
        struct frame *frame = &way->frames[(way->first + way->count) % FRAMES];
        struct sockaddr_ll from;
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(way->from, frame->bytes, LARGEST, MSG_TRUNC, (struct sockaddr *)&from, &size);
        if (got < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        if (from.sll_pkttype == PACKET_OUTGOING)
            continue;
        if (got >= LONG && way->nth > 0 && ++way->seen % way->nth == 0)
            continue;
        if (got > LARGEST) {
            fprintf(stderr, "a frame of %zd bytes: offloads are on\n", got);
            return -1;
        }
        frame->length = (size_t)got;
        frame->due = now_ns() + delay;
        way->count++;
    }
    return 0;
}

/* Hands on what is due; gives how long the next one has to wait, -1 where none does. */
static int64_t hand_on(struct way *way)
{
    while (way->count > 0) {
        struct frame *frame = &way->frames[way->first];
        int64_t left = frame->due - now_ns();
        if (left > 0)
            return left;
        if (send(way->to, frame->bytes, frame->length, 0) < 0 && errno != ENOBUFS && errno != EAGAIN)
            perror("send");
        way->first = (way->first + 1) % FRAMES;
        way->count--;
    }
    return -1;
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: wire CARD CARD MICROSECONDS NTH\n");
        return 2;
    }
    int64_t delay = strtoll(argv[3], NULL, 10) * 1000;
    int cards[2] = {open_card(argv[1]), open_card(argv[2])};
    struct way ways[2] = {{.from = cards[0], .to = cards[1]}, {.from = cards[1], .to = cards[0]}};
    ways[1].nth = strtol(argv[4], NULL, 10);
    for (int i = 0; i < 2; i++) {
        ways[i].frames = calloc(FRAMES, sizeof *ways[i].frames);
        if (cards[i] < 0 || ways[i].frames == NULL) {
            fprintf(stderr, "%s: %s\n", argv[i + 1], strerror(errno));
            return 1;
        }
    }
    printf("connected\n");
    fflush(stdout);
    for (;;) {
        int64_t next = -1;
        for (int i = 0; i < 2; i++) {
            if (take(&ways[i], delay) != 0) {
                perror("wire");
                return 1;
            }
            int64_t left = hand_on(&ways[i]);
            if (left >= 0 && (next < 0 || left < next))
                next = left;
        }
        struct pollfd wait[2] = {{.fd = cards[0], .events = POLLIN}, {.fd = cards[1], .events = POLLIN}};
        struct timespec until = {.tv_sec = next / 1000000000, .tv_nsec = next % 1000000000};
        if (ppoll(wait, 2, next < 0 ? NULL : &until, NULL) < 0 && errno != EINTR) {
            perror("poll");
            return 1;
        }
    }
}
