#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

// libpng reports errors by longjmp, which must not pass through Swift.

typedef struct cpng_reader cpng_reader;

/// Reads the header of the image in `bytes`, which must stay where they are; NULL where there is no memory.
///
/// Then `cpng_error` tells whether it went well.
cpng_reader *cpng_open(const uint8_t *bytes, size_t count);
void cpng_close(cpng_reader *reader);

/// What was wrong, or an empty text.
const char *cpng_error(const cpng_reader *reader);
/// What was minded and got over, or an empty text.
const char *cpng_warning(const cpng_reader *reader);
uint32_t cpng_width(const cpng_reader *reader);
uint32_t cpng_height(const cpng_reader *reader);
/// 1 for gray values of 16 bits, without alpha.
int cpng_is_deep_gray(const cpng_reader *reader);

/// Reads the pixels into `pixels` [H, W, 3]: high bytes of 16 bits, without alpha and without any conversion of colours.
///
/// Gray values of 16 bits are clipped to 255, as Pillow clips them. 0 where `cpng_error` says why not.
int cpng_read(cpng_reader *reader, uint8_t *pixels);
#endif
