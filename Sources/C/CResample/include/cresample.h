#ifndef CRESAMPLE_H
#define CRESAMPLE_H

#include <stdint.h>

// The inner loops of resizing. They use integers only, so all instruction sets give the same bytes.

/// The instruction sets of the loops; a processor supports all up to its best.
enum { CRESAMPLE_PLAIN = 0, CRESAMPLE_AVX2 = 1, CRESAMPLE_AVX512 = 2 };

/// Returns the best instruction set of this processor.
int cresample_best(void);

/// One axis of a resize: output `i` is the sum of `count[i]` pixels from `first[i]` on, times `weights[i * taps ...]`,
/// which have 22 fractional bits.
typedef struct {
    int32_t outputs, taps;
    const int32_t *first, *count, *weights;
} cresample_axis;

/// Resizes `rows` rows of `width` RGB pixels, `stride` bytes apart, into rows of `axis->outputs` RGBX pixels.
///
/// `strip` holds 16 bytes per source pixel, `target` a multiple of four rows.
void cresample_rows(int set, const uint8_t *source, int64_t stride, int32_t rows, int32_t width,
                    const cresample_axis *axis, uint8_t *strip, uint8_t *target);

/// Sums `count` rows of `length` bytes, `stride` bytes apart, times `weights`.
void cresample_sum(int set, const uint8_t *rows, int64_t stride, int64_t length, int32_t count, const int32_t *weights,
                   uint8_t *target);

/// Looks up each value of RGBX pixels in its channel's table of 256 numbers and writes three numbers per pixel.
void cresample_values(const uint8_t *pixels, int32_t count, const float *tables, float *values);

#endif
