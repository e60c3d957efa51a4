#include "conednn.h"

#include "prepare.h"

#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>

extern void omp_set_num_threads(int);

struct conednn_product {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_t primitive;
    dnnl_memory_t a, b, c;
    // Used only if b is packed.
    dnnl_primitive_t packing;
    dnnl_memory_t plain_b;
    int64_t packed_size;
};

void conednn_prepare(void) {
    // Products run on the caller's thread.
    omp_set_num_threads(1);
    // Else the library looks for a profiler's library, libJitPI.so, and loads it.
    dnnl_set_jit_profiling_flags(DNNL_JIT_PROFILE_NONE);
}

int conednn_version(void) {
    const dnnl_version_t *v = dnnl_version();
    return 10000 * v->major + 100 * v->minor + v->patch;
}

// The value of an instruction set contains the bits of the sets it includes.
static int has(int wanted) { return ((int)dnnl_get_effective_cpu_isa() & wanted) == wanted; }

int conednn_has_bfloat16(void) { return has(dnnl_cpu_isa_avx512_core_bf16); }

int conednn_has_amx(void) { return has(dnnl_cpu_isa_avx512_core_amx); }

// Describes a matrix of `rows` × `columns` whose rows (or, transposed, columns) are `lead` elements apart.
static int plain(dnnl_memory_desc_t *out, int64_t rows, int64_t columns, int64_t lead, int transposed,
                 dnnl_data_type_t type) {
    const dnnl_dims_t dims = {rows, columns};
    const dnnl_dims_t strides = {transposed ? 1 : lead, transposed ? lead : 1};
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_strides(out, 2, dims, type, strides);
#else
    return dnnl_memory_desc_init_by_strides(out, 2, dims, type, strides);
#endif
}

#if DNNL_VERSION_MAJOR >= 3
#define DESCRIPTION(d) (d)
#else
#define DESCRIPTION(d) (&(d))
#endif

static int describe(dnnl_primitive_desc_t *out, dnnl_engine_t engine, dnnl_memory_desc_t a, dnnl_memory_desc_t b,
                    dnnl_memory_desc_t c, dnnl_primitive_attr_t attributes) {
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_matmul_primitive_desc_create(out, engine, a, b, NULL, c, attributes);
#else
    dnnl_matmul_desc_t operation;
    if (dnnl_matmul_desc_init(&operation, &a, &b, NULL, &c)) return 1;
    return dnnl_primitive_desc_create(out, &operation, attributes, engine, NULL);
#endif
}

static int accumulation(dnnl_primitive_attr_t *attributes) {
    dnnl_post_ops_t operations;
    if (dnnl_primitive_attr_create(attributes) || dnnl_post_ops_create(&operations)) return 1;
#if DNNL_VERSION_MAJOR >= 3
    int failed = dnnl_post_ops_append_sum(operations, 1.0f, 0, dnnl_data_type_undef);
#else
    int failed = dnnl_post_ops_append_sum(operations, 1.0f);
#endif
    failed = failed || dnnl_primitive_attr_set_post_ops(*attributes, operations);
    dnnl_post_ops_destroy(operations);
    return failed;
}

// Describes a matrix whose memory layout the library chooses.
static int free_choice(dnnl_memory_desc_t *out, int64_t rows, int64_t columns) {
    const dnnl_dims_t dims = {rows, columns};
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_tag(out, 2, dims, dnnl_bf16, dnnl_format_tag_any);
#else
    return dnnl_memory_desc_init_by_tag(out, 2, dims, dnnl_bf16, dnnl_format_tag_any);
#endif
}

// Creates the primitive that reorders b into the layout chosen by the product.
static int make_packing(conednn_product *p, dnnl_primitive_desc_t product, dnnl_memory_desc_t b) {
    dnnl_primitive_desc_t description = NULL;
#if DNNL_VERSION_MAJOR >= 3
    const_dnnl_memory_desc_t chosen = dnnl_primitive_desc_query_md(product, dnnl_query_weights_md, 0);
    p->packed_size = (int64_t)dnnl_memory_desc_get_size(chosen);
#else
    const dnnl_memory_desc_t *chosen = dnnl_primitive_desc_query_md(product, dnnl_query_weights_md, 0);
    p->packed_size = (int64_t)dnnl_memory_desc_get_size(chosen);
#endif
    int failed = dnnl_reorder_primitive_desc_create(&description, DESCRIPTION(b), p->engine, chosen, p->engine, NULL);
    failed = failed || dnnl_primitive_create(&p->packing, description);
    failed = failed || dnnl_memory_create(&p->plain_b, DESCRIPTION(b), p->engine, DNNL_MEMORY_NONE);
    failed = failed || dnnl_memory_create(&p->b, chosen, p->engine, DNNL_MEMORY_NONE);
    if (description) dnnl_primitive_desc_destroy(description);
    return failed;
}

static int make(conednn_product *p, int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc,
                int b_is_transposed, int accumulate, int packs_b) {
    conednn_prepare();
    dnnl_memory_desc_t a, b, c, any;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    if (dnnl_engine_create(&p->engine, dnnl_cpu, 0)) return 1;
    if (dnnl_stream_create(&p->stream, p->engine, dnnl_stream_default_flags)) return 1;
    if (plain(&a, m, k, lda, 0, dnnl_bf16) || plain(&b, k, n, ldb, b_is_transposed, dnnl_bf16) ||
        plain(&c, m, n, ldc, 0, dnnl_f32) || free_choice(&any, k, n))
        return 1;
    int failed = accumulate && accumulation(&attributes);
    failed = failed || describe(&description, p->engine, a, packs_b ? any : b, c, attributes);
    failed = failed || dnnl_primitive_create(&p->primitive, description);
    failed = failed || dnnl_memory_create(&p->a, DESCRIPTION(a), p->engine, DNNL_MEMORY_NONE);
    failed = failed || dnnl_memory_create(&p->c, DESCRIPTION(c), p->engine, DNNL_MEMORY_NONE);
    failed = failed || (packs_b ? make_packing(p, description, b)
                                : dnnl_memory_create(&p->b, DESCRIPTION(b), p->engine, DNNL_MEMORY_NONE));
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    if (description) dnnl_primitive_desc_destroy(description);
#if DNNL_VERSION_MAJOR >= 3
    dnnl_memory_desc_destroy(a);
    dnnl_memory_desc_destroy(b);
    dnnl_memory_desc_destroy(c);
    dnnl_memory_desc_destroy(any);
#endif
    return failed;
}

conednn_product *conednn_product_make(int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc,
                                      int b_is_transposed, int accumulate, int packs_b) {
    conednn_product *p = calloc(1, sizeof *p);
    if (p && make(p, m, n, k, lda, ldb, ldc, b_is_transposed, accumulate, packs_b)) {
        conednn_product_free(p);
        return NULL;
    }
    return p;
}

int64_t conednn_product_packed_size(const conednn_product *p) { return p->packed_size; }

int conednn_product_packs_alike(const conednn_product *one, const conednn_product *other) {
    if (!one->packing || !other->packing) return 0;
#if DNNL_VERSION_MAJOR >= 3
    const_dnnl_memory_desc_t a, b;
#else
    const dnnl_memory_desc_t *a, *b;
#endif
    return !dnnl_memory_get_memory_desc(one->b, &a) && !dnnl_memory_get_memory_desc(other->b, &b) &&
           dnnl_memory_desc_equal(a, b);
}

int conednn_product_pack(conednn_product *p, const uint16_t *b, uint16_t *packed) {
    omp_set_num_threads(1);
    if (!p->packing || dnnl_memory_set_data_handle(p->plain_b, (void *)b) ||
        dnnl_memory_set_data_handle(p->b, packed))
        return 1;
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, p->plain_b}, {DNNL_ARG_TO, p->b}};
    return dnnl_primitive_execute(p->packing, p->stream, 2, arguments) || dnnl_stream_wait(p->stream);
}

int conednn_product_run(conednn_product *p, const uint16_t *a, const uint16_t *b, float *c) {
    omp_set_num_threads(1);
    if (dnnl_memory_set_data_handle(p->a, (void *)a) || dnnl_memory_set_data_handle(p->b, (void *)b) ||
        dnnl_memory_set_data_handle(p->c, c))
        return 1;
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, p->a}, {DNNL_ARG_WEIGHTS, p->b}, {DNNL_ARG_DST, p->c}};
    return dnnl_primitive_execute(p->primitive, p->stream, 3, arguments) || dnnl_stream_wait(p->stream);
}

void conednn_product_free(conednn_product *p) {
    if (!p) return;
    if (p->a) dnnl_memory_destroy(p->a);
    if (p->b) dnnl_memory_destroy(p->b);
    if (p->c) dnnl_memory_destroy(p->c);
    if (p->plain_b) dnnl_memory_destroy(p->plain_b);
    if (p->primitive) dnnl_primitive_destroy(p->primitive);
    if (p->packing) dnnl_primitive_destroy(p->packing);
    if (p->stream) dnnl_stream_destroy(p->stream);
    if (p->engine) dnnl_engine_destroy(p->engine);
    free(p);
}
