#include "cbfloat16.h"

#include <string.h>

void cbfloat16_transpose_pairs(const uint16_t *rows, int64_t stride, int64_t length, int64_t width, uint32_t *pairs,
                               int64_t padded) {
    for (int64_t row = 0; row < length; row++)
        for (int64_t i = 0; i < width / 2; i++) memcpy(pairs + i * padded + row, rows + row * stride + 2 * i, 4);
}

void cbfloat16_pack_pairs(const uint16_t *rows, int64_t stride, int64_t length, int64_t width, uint32_t *pairs,
                          int64_t padded) {
    for (int64_t row = 0; row < length; row += 2) {
        const uint16_t *first = rows + row * stride, *second = first + stride;
        uint32_t *to = pairs + row / 2 * padded;
        if (row + 1 < length)
            for (int64_t j = 0; j < width; j++) to[j] = (uint32_t)first[j] | (uint32_t)second[j] << 16;
        else
            for (int64_t j = 0; j < width; j++) to[j] = first[j];
    }
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512_BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

int cbfloat16_is_available(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw");
}

// Sixteen sums keep the multipliers busy; the arrays stay in registers.
AVX512_BF16 static void multiply_64(const uint32_t *a, int64_t lda, int64_t count, const uint32_t *b, int64_t ldb,
                                    float *c, int64_t ldc) {
    __m512 sums[4][4];
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) sums[i][j] = _mm512_setzero_ps();
    for (int64_t k = 0; k < count; k++) {
        __m512bh right[4];
        for (int j = 0; j < 4; j++) right[j] = (__m512bh)_mm512_loadu_si512(b + k * ldb + 16 * j);
        for (int i = 0; i < 4; i++) {
            const __m512bh left = (__m512bh)_mm512_set1_epi32((int)a[i * lda + k]);
            for (int j = 0; j < 4; j++) sums[i][j] = _mm512_dpbf16_ps(sums[i][j], left, right[j]);
        }
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) _mm512_storeu_ps(c + i * ldc + 16 * j, sums[i][j]);
}

AVX512_BF16 static void multiply_16(const uint32_t *a, int64_t lda, int64_t count, const uint32_t *b, int64_t ldb,
                                    float *c, int64_t ldc) {
    __m512 sums[4];
    for (int i = 0; i < 4; i++) sums[i] = _mm512_setzero_ps();
    for (int64_t k = 0; k < count; k++) {
        const __m512bh right = (__m512bh)_mm512_loadu_si512(b + k * ldb);
        for (int i = 0; i < 4; i++)
            sums[i] = _mm512_dpbf16_ps(sums[i], (__m512bh)_mm512_set1_epi32((int)a[i * lda + k]), right);
    }
    for (int i = 0; i < 4; i++) _mm512_storeu_ps(c + i * ldc, sums[i]);
}

void cbfloat16_multiply_four_rows(const uint32_t *a, int64_t lda, int64_t count, const uint32_t *b, int64_t ldb,
                                  int64_t columns, float *c, int64_t ldc) {
    int64_t column = 0;
    for (; column + 64 <= columns; column += 64) multiply_64(a, lda, count, b + column, ldb, c + column, ldc);
    for (; column < columns; column += 16) multiply_16(a, lda, count, b + column, ldb, c + column, ldc);
}
#else
int cbfloat16_is_available(void) { return 0; }

void cbfloat16_multiply_four_rows(const uint32_t *a, int64_t lda, int64_t count, const uint32_t *b, int64_t ldb,
                                  int64_t columns, float *c, int64_t ldc) {
    __builtin_trap();
}
#endif
