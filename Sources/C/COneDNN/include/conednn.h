#ifndef CONEDNN_H
#define CONEDNN_H
#include "conednn_layers.h"

#include <stdint.h>

/// 1 where oneDNN has bfloat16 products in hardware (AMX or AVX512_BF16), else 0.
int conednn_has_bfloat16(void);

/// 1 where bfloat16 products run on AMX tiles, an order of magnitude faster than float32 ones.
int conednn_has_amx(void);

/// The library's version, as 10000 * major + 100 * minor + patch.
int conednn_version(void);

/// One bfloat16 matrix product of fixed shape, to be run by one thread at a time.
typedef struct conednn_product conednn_product;

/// c [m×n] float32 = (accumulate ? c : 0) + a [m×k] · b, with b [k×n], or [n×k] if `b_is_transposed`.
/// Leading dimensions are in elements. With `packs_b` the product runs on what conednn_product_pack made of b.
/// NULL where the library cannot.
conednn_product *conednn_product_make(int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc,
                                      int b_is_transposed, int accumulate, int packs_b);
/// Bytes of a packed b; 0 for a product that packs none.
int64_t conednn_product_packed_size(const conednn_product *product);
/// 1 where two products read a packed b in the same order.
int conednn_product_packs_alike(const conednn_product *one, const conednn_product *other);
/// Puts b into the order in which the product reads it. 0 on success.
int conednn_product_pack(conednn_product *product, const uint16_t *b, uint16_t *packed);
/// 0 on success.
int conednn_product_run(conednn_product *product, const uint16_t *a, const uint16_t *b, float *c);
void conednn_product_free(conednn_product *product);
#endif
