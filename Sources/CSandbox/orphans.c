#ifdef __linux__
#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <sys/prctl.h>
#include <unistd.h>

int csandbox_adopt_orphans(void) {
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : -errno;
}

int csandbox_sync_file_system(int descriptor) { return syncfs(descriptor) == 0 ? 0 : -errno; }
#endif
