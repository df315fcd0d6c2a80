/* Bytes on their way to a file: grows as needed, emptied by a flush. */
#ifndef NAGARE_BUFFER_H
#define NAGARE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
  uint8_t *bytes;
  size_t length;
  size_t capacity;
};

/* Room for `count` bytes after those that are there; false when out of memory. */
bool buffer_reserve(struct buffer *buffer, size_t count);
void buffer_free(struct buffer *buffer);

#endif
