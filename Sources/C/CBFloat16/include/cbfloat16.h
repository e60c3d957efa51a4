#ifndef CBFLOAT16_H
#define CBFLOAT16_H

#include <stdint.h>

// Products of bfloat16 values of which neither factor is known before. A pair is two values in 32 bits, the earlier one
// below.

/// 1 where the processor adds products of pairs in one instruction; nothing else here may be called where it does not.
int cbfloat16_is_available(void);

/// Turns rows of values, `stride` values apart, into pairs [width/2 x padded]: those of each row in a column of its
/// own.
void cbfloat16_transpose_pairs(const uint16_t *rows, int64_t stride, int64_t length, int64_t width, uint32_t *pairs,
                      int64_t padded);

/// Joins each two rows of values, `stride` values apart, into a row of pairs [(length + 1)/2 x padded]; what is missing
/// is zero.
void cbfloat16_pack_pairs(const uint16_t *rows, int64_t stride, int64_t length, int64_t width, uint32_t *pairs,
                      int64_t padded);

/// c [4 x columns] = a [4 x count pairs] times b [count pairs x columns]; rows are `lda`, `ldb` pairs and `ldc` floats
/// apart, and `columns` is a multiple of 16.
void cbfloat16_multiply_four_rows(const uint32_t *a, int64_t lda, int64_t count, const uint32_t *b, int64_t ldb,
                                    int64_t columns, float *c, int64_t ldc);
#endif
