#ifndef CBFLOAT16_H
#define CBFLOAT16_H

#include <stdint.h>

// Products of bfloat16 values, neither factor of which is known before. A pair is two values in 32 bits, the first in
// the lower half.

/// Returns 1 if the processor adds products of pairs in one instruction, else 0. Only then may products be computed.
int cbfloat16_is_available(void);

/// Writes `length` rows of values, `stride` values apart, as the columns of `pairs` [width/2 x padded].
void cbfloat16_transpose_pairs(const uint16_t *rows, int64_t stride, int64_t length, int64_t width, uint32_t *pairs,
                               int64_t padded);

/// Writes each two of `length` rows of values, `stride` values apart, as a row of `pairs` [(length + 1)/2 x padded].
/// The second values of a last single row are zero.
void cbfloat16_pack_pairs(const uint16_t *rows, int64_t stride, int64_t length, int64_t width, uint32_t *pairs,
                          int64_t padded);

/// Computes c [4 x columns] = a [4 x count pairs] * b [count pairs x columns]. Rows are `lda` and `ldb` pairs and `ldc`
/// floats apart; `columns` is a multiple of 16.
void cbfloat16_multiply_four_rows(const uint32_t *a, int64_t lda, int64_t count, const uint32_t *b, int64_t ldb,
                                  int64_t columns, float *c, int64_t ldc);
#endif
