#ifndef CXXHASH_H
#define CXXHASH_H
#include <stddef.h>
#include <stdint.h>

/// Returns the 64-bit XXH3 checksum of `count` bytes.
uint64_t cxxhash_64(const void *bytes, size_t count);
#endif
