/* DLT numbers (what libpcap says on this system) to LINKTYPE numbers (what capture files hold). */
#ifndef NAGARE_LINK_TYPES_H
#define NAGARE_LINK_TYPES_H

#include <stdint.h>

uint16_t link_type_of_dlt(int dlt);

#endif
