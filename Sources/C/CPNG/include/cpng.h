#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

// libpng reports errors by longjmp, which must not cross Swift frames.

typedef struct cpng_reader cpng_reader;

/// Reads the header of the image in `bytes`, which must outlive the reader; returns NULL if out of memory.
///
/// Failures are reported by `cpng_error`.
cpng_reader *cpng_open(const uint8_t *bytes, size_t count);
void cpng_close(cpng_reader *reader);

/// The error message, or an empty string.
const char *cpng_error(const cpng_reader *reader);
/// The last warning, or an empty string.
const char *cpng_warning(const cpng_reader *reader);
uint32_t cpng_width(const cpng_reader *reader);
uint32_t cpng_height(const cpng_reader *reader);
/// The number of 16-bit gray values that `cpng_read` has clipped.
size_t cpng_clipped(const cpng_reader *reader);

/// Reads the pixels into `pixels` [H×W×3] without alpha or color conversion. Returns 0 if `cpng_error` has a message.
///
/// 16-bit values are reduced to their high bytes, but gray ones are clipped to 255 as in Pillow.
int cpng_read(cpng_reader *reader, uint8_t *pixels);
#endif
