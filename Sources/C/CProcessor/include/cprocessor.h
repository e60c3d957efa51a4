#ifndef CPROCESSOR_H
#define CPROCESSOR_H

// Swift has neither compiler builtins nor the compiler's feature macros.

/// 1 where this code was compiled for a processor that has fused multiplication and addition.
static inline int cprocessor_compiled_with_fma(void) {
#ifdef __FMA__
    return 1;
#else
    return 0;
#endif
}

/// Sixteen floats side by side, as Swift's SIMD16 of them.
typedef float cprocessor_lanes __attribute__((ext_vector_type(16)));

/// The square root of each lane, all at once; Swift's own takes them one after the other.
static inline cprocessor_lanes cprocessor_square_roots(cprocessor_lanes x) { return __builtin_elementwise_sqrt(x); }

/// 1 where the processor at hand has the AVX-512 instructions that OpenBLAS's SkylakeX kernels use.
int cprocessor_has_avx512(void);

/// How many processors this process may run on, which may be fewer than the machine has; 0 where that is not known.
int cprocessor_allowed_count(void);

/// Lets malloc keep freed blocks of any size instead of giving them back to the system. malloc.h is not in Swift's Glibc.
void cprocessor_keep_freed_blocks(void);
#endif
