#ifndef CPROCESSOR_H
#define CPROCESSOR_H

#include <stddef.h>
#include <stdint.h>

// Compiler builtins and feature macros, which are not available in Swift.

/// Returns 1 if this code was compiled for processors with fused multiply-add.
static inline int cprocessor_compiled_with_fma(void) {
#ifdef __FMA__
    return 1;
#else
    return 0;
#endif
}

/// A vector of sixteen floats, equivalent to Swift's SIMD16<Float>.
typedef float cprocessor_lanes __attribute__((ext_vector_type(16)));

/// Returns the square root of each lane by vector instructions; Swift's own is scalar.
static inline cprocessor_lanes cprocessor_square_roots(cprocessor_lanes x) { return __builtin_elementwise_sqrt(x); }

/// Returns 1 if this processor has the AVX-512 instructions of OpenBLAS's SkylakeX kernels.
int cprocessor_has_avx512(void);

/// The registers of a processor that tell its instructions: those of cpuid by leaf, and those that the operating system
/// saves.
typedef struct {
    uint32_t leaf1_ecx, leaf7_ebx, leaf7_ecx, leaf7_edx, leaf7_1_eax, leaf7_1_edx, extended_ecx;
    uint64_t saved;
} cprocessor_registers;

/// The exit status of a program on a processor without its instructions.
#define CPROCESSOR_STATUS 71

/// Reads the registers of this processor; all zero where it is not an x86-64.
void cprocessor_registers_here(cprocessor_registers *registers);

/// Returns the instruction sets of a processor with these registers, one bit each.
uint64_t cprocessor_instructions(const cprocessor_registers *registers);

/// Returns the instruction sets that this program was compiled with.
uint64_t cprocessor_built_instructions(void);

/// Returns the level of x86-64 that this program was compiled for, 1 to 4; 0 for another architecture.
int cprocessor_built_level(void);

/// Returns the name of an instruction set by the number of its bit; NULL if there is none.
const char *cprocessor_name(int place);

/// Writes the names of the sets in `built` and not in `found` to `text`, and returns their number.
int cprocessor_missing_instructions(uint64_t built, uint64_t found, char *text, size_t capacity);

/// Returns the number of processors that this process may use; 0 if unknown.
int cprocessor_allowed_count(void);

/// Returns the version of the C library that this process uses.
const char *cprocessor_libc_version(void);

/// Makes malloc keep freed blocks of any size. (Swift's Glibc module does not include malloc.h.)
void cprocessor_keep_freed_blocks(void);
#endif
