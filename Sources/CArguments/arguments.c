#ifdef __linux__
#include "CArguments.h"

#include <features.h>

static int count;
static char **words;

#ifdef __GLIBC__
// glibc calls initializers with the arguments of `main`; other C libraries call them without any.
__attribute__((constructor)) static void keep(int given, char **values) {
  count = given;
  words = values;
}
#endif

int carguments_count(void) { return count; }

const char *carguments_word(int index) { return words[index]; }
#endif
