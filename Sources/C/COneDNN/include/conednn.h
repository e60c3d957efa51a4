#ifndef CONEDNN_H
#define CONEDNN_H
#include "conednn_layers.h"

#include <stdint.h>

/// Returns 1 if oneDNN computes bfloat16 products in hardware (AMX or AVX512_BF16), else 0.
int conednn_has_bfloat16(void);

/// Returns 1 if bfloat16 products use AMX tiles, which are ten times as fast as float32.
int conednn_has_amx(void);

/// Returns the library's version as 10000 * major + 100 * minor + patch.
int conednn_version(void);

/// A bfloat16 matrix product of fixed shape, for use by one thread at a time.
typedef struct conednn_product conednn_product;

/// Creates the product c [m×n] float32 = (accumulate ? c : 0) + a [m×k] · b, with b [k×n], or [n×k] if
/// `b_is_transposed`. Leading dimensions are in elements. With `packs_b`, b must be packed by conednn_product_pack.
/// Returns NULL if the library does not support it.
conednn_product *conednn_product_make(int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc,
                                      int b_is_transposed, int accumulate, int packs_b);
/// Returns the size of a packed b in bytes; 0 for a product without packing.
int64_t conednn_product_packed_size(const conednn_product *product);
/// Returns 1 if two products use the same layout of a packed b.
int conednn_product_packs_alike(const conednn_product *one, const conednn_product *other);
/// Packs b into the layout of the product. Returns 0 on success.
int conednn_product_pack(conednn_product *product, const uint16_t *b, uint16_t *packed);
/// Executes the product. Returns 0 on success.
int conednn_product_run(conednn_product *product, const uint16_t *a, const uint16_t *b, float *c);
void conednn_product_free(conednn_product *product);
#endif
