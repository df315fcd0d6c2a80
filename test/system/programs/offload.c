/* Segmentation by the card or by the system: `offload CARD on|off` (SIOCETHTOOL; what `ethtool -K` does for tso, gso, gro, tx). */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int set_value(int fd, const char *card, unsigned int command, unsigned int on)
{
    struct ethtool_value value = {.cmd = command, .data = on};
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strncpy(request.ifr_name, card, IFNAMSIZ - 1);
    request.ifr_data = (void *)&value;
    return ioctl(fd, SIOCETHTOOL, &request);
}

int main(int argc, char **argv)
{
    /* Checksums last when it is switched off, first when it is switched on: segmentation needs them. */
    static const unsigned int off[] = {ETHTOOL_SGRO, ETHTOOL_STSO, ETHTOOL_SGSO, ETHTOOL_STXCSUM};
    static const unsigned int on[] = {ETHTOOL_STXCSUM, ETHTOOL_SGSO, ETHTOOL_STSO, ETHTOOL_SGRO};
    if (argc != 3 || (strcmp(argv[2], "on") != 0 && strcmp(argv[2], "off") != 0)) {
        fprintf(stderr, "usage: offload CARD on|off\n");
        return 2;
    }
    unsigned int wanted = strcmp(argv[2], "on") == 0;
    const unsigned int *commands = wanted ? on : off;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        perror("socket");
        return 1;
    }
    for (size_t i = 0; i < sizeof off / sizeof off[0]; i++) {
        if (set_value(fd, argv[1], commands[i], wanted) != 0) {
            fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
            close(fd);
            return 1;
        }
    }
    close(fd);
    return 0;
}
