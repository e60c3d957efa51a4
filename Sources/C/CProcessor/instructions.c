// The check that this processor has the instructions that the program was compiled with.
//
// It runs before any other code of the program and is compiled for the first processors of each kind, whatever the
// options of the compiler are: otherwise it might end with the illegal instruction that it is to explain.

// For the name of the program.
#define _GNU_SOURCE
#include "cprocessor.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#if defined(__x86_64__)
#include <cpuid.h>

#pragma clang attribute push( \
    __attribute__((target("no-sse3,no-popcnt,no-lzcnt,no-bmi,no-bmi2,no-movbe,no-adx,no-xsave"))), apply_to = function)
#endif

// The registers that the operating system has to save for them, by their bits.
#define NO_STATE 0
#define AVX_STATE 0x06
#define AVX512_STATE 0xe6
#define AMX_STATE 0x60000

// The instruction sets that compilers use of their own accord: the name, the macro that is defined where this program
// was compiled for it, its bit in a register of cpuid, and the state that it needs.
#define SETS(set) \
    set("SSE3", SSE3, leaf1_ecx, 0, NO_STATE) \
    set("SSSE3", SSSE3, leaf1_ecx, 9, NO_STATE) \
    set("SSE4.1", SSE4_1, leaf1_ecx, 19, NO_STATE) \
    set("SSE4.2", SSE4_2, leaf1_ecx, 20, NO_STATE) \
    set("POPCNT", POPCNT, leaf1_ecx, 23, NO_STATE) \
    set("AVX", AVX, leaf1_ecx, 28, AVX_STATE) \
    set("F16C", F16C, leaf1_ecx, 29, AVX_STATE) \
    set("FMA", FMA, leaf1_ecx, 12, AVX_STATE) \
    set("MOVBE", MOVBE, leaf1_ecx, 22, NO_STATE) \
    set("BMI", BMI, leaf7_ebx, 3, NO_STATE) \
    set("BMI2", BMI2, leaf7_ebx, 8, NO_STATE) \
    set("LZCNT", LZCNT, extended_ecx, 5, NO_STATE) \
    set("FMA4", FMA4, extended_ecx, 16, AVX_STATE) \
    set("XOP", XOP, extended_ecx, 11, AVX_STATE) \
    set("TBM", TBM, extended_ecx, 21, NO_STATE) \
    set("AVX2", AVX2, leaf7_ebx, 5, AVX_STATE) \
    set("AVX-512F", AVX512F, leaf7_ebx, 16, AVX512_STATE) \
    set("AVX-512CD", AVX512CD, leaf7_ebx, 28, AVX512_STATE) \
    set("AVX-512DQ", AVX512DQ, leaf7_ebx, 17, AVX512_STATE) \
    set("AVX-512BW", AVX512BW, leaf7_ebx, 30, AVX512_STATE) \
    set("AVX-512VL", AVX512VL, leaf7_ebx, 31, AVX512_STATE) \
    set("AVX-512IFMA", AVX512IFMA, leaf7_ebx, 21, AVX512_STATE) \
    set("AVX-512VBMI", AVX512VBMI, leaf7_ecx, 1, AVX512_STATE) \
    set("AVX-512VBMI2", AVX512VBMI2, leaf7_ecx, 6, AVX512_STATE) \
    set("AVX-512VNNI", AVX512VNNI, leaf7_ecx, 11, AVX512_STATE) \
    set("AVX-512BITALG", AVX512BITALG, leaf7_ecx, 12, AVX512_STATE) \
    set("AVX-512VPOPCNTDQ", AVX512VPOPCNTDQ, leaf7_ecx, 14, AVX512_STATE) \
    set("AVX-512BF16", AVX512BF16, leaf7_1_eax, 5, AVX512_STATE) \
    set("AVX-512FP16", AVX512FP16, leaf7_edx, 23, AVX512_STATE) \
    set("GFNI", GFNI, leaf7_ecx, 8, NO_STATE) \
    set("AVX-VNNI", AVXVNNI, leaf7_1_eax, 4, AVX_STATE) \
    set("AVX-IFMA", AVXIFMA, leaf7_1_eax, 23, AVX_STATE) \
    set("AVX-VNNI-INT8", AVXVNNIINT8, leaf7_1_edx, 4, AVX_STATE) \
    set("AVX-NE-CONVERT", AVXNECONVERT, leaf7_1_edx, 5, AVX_STATE) \
    set("AMX-TILE", AMX_TILE, leaf7_edx, 24, AMX_STATE) \
    set("AMX-BF16", AMX_BF16, leaf7_edx, 22, AMX_STATE) \
    set("AMX-INT8", AMX_INT8, leaf7_edx, 25, AMX_STATE)

#define PLACE(name, macro, reg, bit, state) place_##macro,
enum { SETS(PLACE) place_count };

static const char *const names[] = {
#define NAME(name, macro, reg, bit, state) name,
    SETS(NAME)};

// A macro of the compiler is 1 or undefined, and expands to itself then: the first character tells them apart.
#define TEXT(x) #x
#define IS_DEFINED(macro) (TEXT(macro)[0] == '1')
#define BUILT(name, macro, reg, bit, state) (uint64_t) IS_DEFINED(__##macro##__) << place_##macro |

uint64_t cprocessor_built_instructions(void) { return SETS(BUILT) 0; }

int cprocessor_built_level(void) {
#if defined(__AVX512F__) && defined(__AVX512BW__) && defined(__AVX512CD__) && defined(__AVX512DQ__) && \
    defined(__AVX512VL__)
    return 4;
#elif defined(__AVX2__) && defined(__FMA__) && defined(__BMI2__)
    return 3;
#elif defined(__SSE4_2__)
    return 2;
#elif defined(__x86_64__)
    return 1;
#else
    return 0;
#endif
}

const char *cprocessor_name(int place) { return place >= 0 && place < place_count ? names[place] : NULL; }

#define FOUND(name, macro, reg, bit, state) \
    (uint64_t)(r->reg >> bit & ((r->saved & state) == state)) << place_##macro |

uint64_t cprocessor_instructions(const cprocessor_registers *r) { return SETS(FOUND) 0; }

void cprocessor_registers_here(cprocessor_registers *r) {
    memset(r, 0, sizeof *r);
#if defined(__x86_64__)
    uint32_t a = 0, b = 0, c = 0, d = 0;
    if (__get_cpuid(1, &a, &b, &c, &d)) r->leaf1_ecx = c;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) {
        uint32_t last = a;
        r->leaf7_ebx = b;
        r->leaf7_ecx = c;
        r->leaf7_edx = d;
        if (last >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d)) {
            r->leaf7_1_eax = a;
            r->leaf7_1_edx = d;
        }
    }
    if (__get_cpuid(0x80000001, &a, &b, &c, &d)) r->extended_ecx = c;
    // Bit 27: xgetbv is there.
    if (r->leaf1_ecx >> 27 & 1) {
        __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(a), "=d"(d) : "c"(0));
        r->saved = (uint64_t)d << 32 | a;
    }
#endif
}

static void append(char *text, size_t capacity, const char *more) {
    size_t used = strlen(text);
    size_t count = strlen(more);
    if (used + count < capacity) memcpy(text + used, more, count + 1);
}

int cprocessor_missing_instructions(uint64_t built, uint64_t found, char *text, size_t capacity) {
    int count = 0;
    if (capacity > 0) text[0] = 0;
    for (int place = 0; place < place_count; place++) {
        if (!((built & ~found) >> place & 1)) continue;
        if (count++) append(text, capacity, ", ");
        append(text, capacity, names[place]);
    }
    return count;
}

#if defined(__x86_64__)
/// Ends the program with a sentence where it would end with an illegal instruction.
__attribute__((constructor(101))) static void require_instructions(void) {
    cprocessor_registers registers;
    cprocessor_registers_here(&registers);
    char missing[512];
    uint64_t found = cprocessor_instructions(&registers);
    if (!cprocessor_missing_instructions(cprocessor_built_instructions(), found, missing, sizeof missing)) return;
    char message[1024] = "";
    append(message, sizeof message, program_invocation_short_name);
    append(message, sizeof message, ": error: this processor: found no ");
    append(message, sizeof message, missing);
    append(message, sizeof message,
           ", expected the instructions of the processor that this program was built for; build it on this machine, or "
           "elsewhere with FEWSHOT_CPU=x86-64");
    append(message, sizeof message, found >> place_AVX2 & found >> place_FMA & 1 ? "-v3.\n" : ".\n");
    ssize_t written = write(STDERR_FILENO, message, strlen(message));
    (void)written;
    _exit(CPROCESSOR_STATUS);
}

#pragma clang attribute pop
#endif
