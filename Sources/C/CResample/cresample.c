#include "cresample.h"

#include <string.h>

// The number of fractional bits of a weight, and one half.
#define BITS 22
#define HALF (1 << (BITS - 1))

typedef uint8_t bytes __attribute__((vector_size(16)));
typedef int32_t sums __attribute__((vector_size(64)));

#define CLIPPED(sum)                                                                                        \
    __builtin_convertvector(__builtin_elementwise_min(__builtin_elementwise_max((sum) >> BITS, (sums){0}),  \
                                                      255 - (sums){0}),                                     \
                            bytes)

#define LOOP(name) name##_plain
#define TARGET
#include "loops.h"
#undef LOOP
#undef TARGET

#if defined(__x86_64__)
#define LOOP(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#include "loops.h"
#undef LOOP
#undef TARGET

#define LOOP(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))
#include "loops.h"
#undef LOOP
#undef TARGET
#endif

int cresample_best(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl")) {
        return CRESAMPLE_AVX512;
    }
    if (__builtin_cpu_supports("avx2")) return CRESAMPLE_AVX2;
#endif
    return CRESAMPLE_PLAIN;
}

void cresample_rows(int set, const uint8_t *source, int64_t stride, int32_t rows, int32_t width,
                    const cresample_axis *axis, uint8_t *strip, uint8_t *target) {
#if defined(__x86_64__)
    if (set == CRESAMPLE_AVX512) return rows_avx512(source, stride, rows, width, axis, strip, target);
    if (set == CRESAMPLE_AVX2) return rows_avx2(source, stride, rows, width, axis, strip, target);
#endif
    rows_plain(source, stride, rows, width, axis, strip, target);
}

void cresample_sum(int set, const uint8_t *rows, int64_t stride, int64_t length, int32_t count, const int32_t *weights,
                   uint8_t *target) {
#if defined(__x86_64__)
    if (set == CRESAMPLE_AVX512) return sum_avx512(rows, stride, length, count, weights, target);
    if (set == CRESAMPLE_AVX2) return sum_avx2(rows, stride, length, count, weights, target);
#endif
    sum_plain(rows, stride, length, count, weights, target);
}

void cresample_values(const uint8_t *pixels, int32_t count, const float *tables, float *values) {
    for (int32_t i = 0; i < count; i++) {
        values[3 * i] = tables[pixels[4 * i]];
        values[3 * i + 1] = tables[256 + pixels[4 * i + 1]];
        values[3 * i + 2] = tables[512 + pixels[4 * i + 2]];
    }
}
