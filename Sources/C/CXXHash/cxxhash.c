#include "cxxhash.h"

// Compiled here, for this processor: the library package is built for any and runs at a third of the speed.
#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t cxxhash_64(const void *bytes, size_t count) { return XXH3_64bits(bytes, count); }
