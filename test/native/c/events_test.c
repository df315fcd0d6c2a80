#include "events.h"

#include "check.h"

void test_events(void)
{
  CHECK_NUMBER(exit_code_of("filter"), 6);
  CHECK_NUMBER(exit_code_of("permission"), 4);
  CHECK_NUMBER(exit_code_of("disk-full"), 7);
  CHECK_NUMBER(exit_code_of("device-gone"), 8);
  CHECK_NUMBER(exit_code_of("something else"), 1);
}
