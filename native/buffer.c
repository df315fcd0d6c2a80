/* Bytes on their way to a file. */
#include "buffer.h"

#include <stdlib.h>
#include <string.h>

bool buffer_reserve(struct buffer *buffer, size_t count)
{
  if (count <= buffer->capacity - buffer->length) return true;
  if (count > SIZE_MAX / 2 - buffer->length) return false;
  size_t needed = buffer->length + count;
  size_t capacity = buffer->capacity == 0 ? 4096 : buffer->capacity;
  while (capacity < needed) capacity *= 2;
  uint8_t *bytes = realloc(buffer->bytes, capacity);
  if (bytes == NULL) return false;
  buffer->bytes = bytes;
  buffer->capacity = capacity;
  return true;
}

void buffer_free(struct buffer *buffer)
{
  free(buffer->bytes);
  memset(buffer, 0, sizeof *buffer);
}
