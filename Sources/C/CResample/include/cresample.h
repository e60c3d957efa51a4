#ifndef CRESAMPLE_H
#define CRESAMPLE_H

#include <stdint.h>

// The inner loops of resizing, in integers only: whichever instructions run, the bytes are the same.

/// The sets of instructions that the loops are compiled for; a processor has all below its best.
enum { CRESAMPLE_PLAIN = 0, CRESAMPLE_AVX2 = 1, CRESAMPLE_AVX512 = 2 };

/// The best set of the processor at hand.
int cresample_best(void);

/// One axis of a resize: output `i` is the sum of `count[i]` pixels from `first[i]` on, times `weights[i * taps ...]`,
/// which have 22 bits behind the point.
typedef struct {
    int32_t outputs, taps;
    const int32_t *first, *count, *weights;
} cresample_axis;

/// Resizes `rows` rows of `width` RGB pixels, `stride` bytes apart, into rows of `axis->outputs` RGBX pixels.
///
/// `strip` has room for 16 bytes a source pixel, `target` for a number of rows that four divides.
void cresample_rows(int set, const uint8_t *source, int64_t stride, int32_t rows, int32_t width,
                    const cresample_axis *axis, uint8_t *strip, uint8_t *target);

/// One row of `length` bytes: the sum of `count` rows, `stride` bytes apart, times `weights`.
void cresample_sum(int set, const uint8_t *rows, int64_t stride, int64_t length, int32_t count, const int32_t *weights,
                   uint8_t *target);

/// Looks each value of `pixels` RGBX pixels up in its channel's table of 256, into three planes.
void cresample_planes(const uint8_t *pixels, int32_t count, const float *tables, float *red, float *green, float *blue);

/// The same, with the three values of a pixel one after the other.
void cresample_values(const uint8_t *pixels, int32_t count, const float *tables, float *values);

/// RGBX pixels without their fourth byte.
void cresample_pack(const uint8_t *pixels, int32_t count, uint8_t *target);
#endif
