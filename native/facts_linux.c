/* Linux: sysfs, /sys/class/net/NAME (Documentation/ABI/testing/sysfs-class-net of the kernel). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "interfaces.h"

#define PATH_SIZE 512

static bool path_of(const char *name, const char *what, char path[PATH_SIZE])
{
  int length = snprintf(path, PATH_SIZE, "/sys/class/net/%s/%s", name, what);
  return length > 0 && length < PATH_SIZE;
}

/* The first line of a file of sysfs; empty where there is none. */
static void read_text(const char *name, const char *what, char *text, size_t capacity)
{
  char path[PATH_SIZE];
  text[0] = '\0';
  FILE *file = path_of(name, what, path) ? fopen(path, "re") : NULL;
  if (file == NULL) return;
  if (fgets(text, (int)capacity, file) == NULL) text[0] = '\0';
  text[strcspn(text, "\n")] = '\0';
  (void)fclose(file);
}

static void read_driver(const char *name, char *text, size_t capacity)
{
  char path[PATH_SIZE];
  char target[PATH_SIZE];
  text[0] = '\0';
  if (!path_of(name, "device/driver", path)) return;
  ssize_t length = readlink(path, target, sizeof target - 1);
  if (length <= 0) return;
  target[length] = '\0';
  const char *slash = strrchr(target, '/');
  (void)snprintf(text, capacity, "%.*s", (int)capacity - 1, slash == NULL ? target : slash + 1);
}

/* `virtio_net (1af4:1000)`: driver, and the numbers of vendor and device where it sits on a bus that has them. */
static void read_hardware(const char *name, char *text, size_t capacity)
{
  char driver[64];
  char vendor[32];
  char device[32];
  read_driver(name, driver, sizeof driver);
  read_text(name, "device/vendor", vendor, sizeof vendor);
  read_text(name, "device/device", device, sizeof device);
  text[0] = '\0';
  if (driver[0] == '\0') return;
  bool has_numbers = strncmp(vendor, "0x", 2) == 0 && strncmp(device, "0x", 2) == 0;
  if (has_numbers) (void)snprintf(text, capacity, "%s (%s:%s)", driver, vendor + 2, device + 2);
  else (void)snprintf(text, capacity, "%s", driver);
}

void interface_facts(const char *name, struct interface_facts *facts)
{
  char text[64];
  char path[PATH_SIZE];
  memset(facts, 0, sizeof *facts);
  if (strchr(name, '/') != NULL || name[0] == '.') return; /* no name of an interface */

  read_text(name, "ifalias", facts->friendly_name, sizeof facts->friendly_name);
  read_hardware(name, facts->hardware, sizeof facts->hardware);
  read_text(name, "address", text, sizeof text);
  unsigned mac[6];
  int used = 0;
  int read =
      sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x%n", &mac[0], &mac[1], &mac[2], &mac[3], &mac[4], &mac[5], &used);
  if (read == 6 && text[used] == '\0') {
    for (int i = 0; i < 6; i++) {
      facts->mac[i] = (uint8_t)mac[i];
      facts->has_mac |= mac[i] != 0; /* the loopback has zeros */
    }
  }
  read_text(name, "speed", text, sizeof text);
  long long megabits = strtoll(text, NULL, 10); /* -1 where not known */
  if (megabits > 0) facts->speed = (uint64_t)megabits * 1000000u;
  facts->is_wireless = path_of(name, "phy80211", path) && access(path, F_OK) == 0;
}
