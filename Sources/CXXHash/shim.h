#ifndef CXXHASH_SHIM_H
#define CXXHASH_SHIM_H
// Compiled here, for this processor: the library package is built for any and runs at a third of the speed.
#define XXH_INLINE_ALL
#include <xxhash.h>
#endif
