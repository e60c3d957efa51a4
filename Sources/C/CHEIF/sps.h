#ifndef SPS_H
#define SPS_H

#include <stddef.h>
#include <stdint.h>

/// The number of pixels of the pictures that a unit of an HEVC stream announces; 0 if it is no sequence parameter set.
int64_t sps_area(const uint8_t *unit, size_t count);
#endif
