/* Captures: opens, gives up rights, writes until told to stop. */
#ifndef NAGARE_CAPTURE_H
#define NAGARE_CAPTURE_H

#include "events.h"
#include "library.h"
#include "options.h"

enum exit_code capture_run(const struct library *library, const struct options *options, struct events *events);

#endif
