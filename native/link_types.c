/*
 * The two are the same from 104 on and for the oldest; between, systems numbered differently and files have numbers of
 * their own (the list of link-layer header types of the Tcpdump Group).
 */
#include "link_types.h"

#include <stddef.h>

uint16_t link_type_of_dlt(int dlt)
{
  static const struct {
    int dlt;
    uint16_t link_type;
  } DIFFERENT[] = {
#if defined(__APPLE__)
      {18, 246},  /* PFSYNC */
      {149, 258}, /* PKTAP */
#endif
      {12, 101}, /* RAW */
      {11, 100}, /* ATM_RFC1483 */
      {15, 102}, /* SLIP_BSDOS */
      {16, 103}, /* PPP_BSDOS */
      {19, 106}, /* ATM_CLIP */
  };
  for (size_t i = 0; i < sizeof DIFFERENT / sizeof DIFFERENT[0]; i++) {
    if (DIFFERENT[i].dlt == dlt) return DIFFERENT[i].link_type;
  }
  return (uint16_t)dlt;
}
