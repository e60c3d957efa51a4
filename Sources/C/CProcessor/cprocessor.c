#define _GNU_SOURCE
#include "cprocessor.h"

#include <gnu/libc-version.h>
#include <malloc.h>
#include <sched.h>

int cprocessor_has_avx512(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl");
#else
    return 0;
#endif
}

int cprocessor_allowed_count(void) {
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

const char *cprocessor_libc_version(void) { return gnu_get_libc_version(); }

void cprocessor_keep_freed_blocks(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
}
