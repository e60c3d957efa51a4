#ifndef CPROCESSOR_H
#define CPROCESSOR_H

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

/// Returns the number of processors that this process may use; 0 if unknown.
int cprocessor_allowed_count(void);

/// Makes malloc keep freed blocks of any size. (Swift's Glibc module does not include malloc.h.)
void cprocessor_keep_freed_blocks(void);
#endif
