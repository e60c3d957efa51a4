#include "conednn_layers.h"

#include "prepare.h"

#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>

// Descriptions are handles since version 3 and plain structures before.
#if DNNL_VERSION_MAJOR >= 3
typedef const_dnnl_memory_desc_t chosen_description;
#define DESCRIPTION(d) (d)
#define FREE_DESCRIPTION(d) dnnl_memory_desc_destroy(d)
#else
typedef const dnnl_memory_desc_t *chosen_description;
#define DESCRIPTION(d) (&(d))
#define FREE_DESCRIPTION(d) ((void)0)
#endif

struct conednn_layer {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_primitive_t primitive, packing;
    dnnl_memory_t input, weights, bias, output, scratch, plain_weights;
    int64_t packed_size, scratch_size;
};

static dnnl_data_type_t element(int type) { return type == conednn_bfloat16 ? dnnl_bf16 : dnnl_f32; }

static int strided(dnnl_memory_desc_t *out, int rank, const dnnl_dims_t dims, const dnnl_dims_t strides,
                   dnnl_data_type_t type) {
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_strides(out, rank, dims, type, strides);
#else
    return dnnl_memory_desc_init_by_strides(out, rank, dims, type, strides);
#endif
}

static int tagged(dnnl_memory_desc_t *out, int rank, const dnnl_dims_t dims, dnnl_data_type_t type,
                  dnnl_format_tag_t tag) {
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_memory_desc_create_with_tag(out, rank, dims, type, tag);
#else
    return dnnl_memory_desc_init_by_tag(out, rank, dims, type, tag);
#endif
}

static int append_activation(dnnl_post_ops_t operations, int activation) {
    dnnl_alg_kind_t kind;
    switch (activation) {
    case conednn_relu: kind = dnnl_eltwise_relu; break;
    case conednn_quick_gelu: kind = dnnl_eltwise_swish; break;
    case conednn_gelu: kind = dnnl_eltwise_gelu_erf; break;
    default: return 0;
    }
    const float alpha = activation == conednn_quick_gelu ? 1.702f : 0.0f;
#if DNNL_VERSION_MAJOR >= 3
    return dnnl_post_ops_append_eltwise(operations, kind, alpha, 0.0f);
#else
    return dnnl_post_ops_append_eltwise(operations, 1.0f, kind, alpha, 0.0f);
#endif
}

// Scratch memory belongs to the caller, so that a layer may run on any thread. The sum precedes the activation.
static int make_attributes(dnnl_primitive_attr_t *attributes, int activation, int accumulates) {
    dnnl_post_ops_t operations;
    if (dnnl_primitive_attr_create(attributes) || dnnl_post_ops_create(&operations)) return 1;
    int failed = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
#if DNNL_VERSION_MAJOR >= 3
    failed = failed || (accumulates && dnnl_post_ops_append_sum(operations, 1.0f, 0, dnnl_data_type_undef));
#else
    failed = failed || (accumulates && dnnl_post_ops_append_sum(operations, 1.0f));
#endif
    failed = failed || append_activation(operations, activation);
    failed = failed || dnnl_primitive_attr_set_post_ops(*attributes, operations);
    dnnl_post_ops_destroy(operations);
    return failed;
}

// The descriptions of a layer's values; `any` lets the library choose the layout of the weights.
typedef struct {
    dnnl_memory_desc_t input, any, plain_weights, bias, output;
} layer_values;

// Creates the memory objects for the chosen weight layout and scratch memory.
static int make_memory(conednn_layer *l, dnnl_primitive_desc_t description, const layer_values *v) {
    dnnl_primitive_desc_t reorder = NULL;
    chosen_description weights = dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
    chosen_description scratch = dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    l->packed_size = (int64_t)dnnl_memory_desc_get_size(weights);
    l->scratch_size = (int64_t)dnnl_memory_desc_get_size(scratch);
    int failed = dnnl_reorder_primitive_desc_create(&reorder, DESCRIPTION(v->plain_weights), l->engine, weights,
                                                    l->engine, NULL);
    failed = failed || dnnl_primitive_create(&l->packing, reorder);
    failed = failed || dnnl_primitive_create(&l->primitive, description);
    failed = failed || dnnl_memory_create(&l->input, DESCRIPTION(v->input), l->engine, DNNL_MEMORY_NONE);
    failed = failed || dnnl_memory_create(&l->weights, weights, l->engine, DNNL_MEMORY_NONE);
    failed = failed || dnnl_memory_create(&l->bias, DESCRIPTION(v->bias), l->engine, DNNL_MEMORY_NONE);
    failed = failed || dnnl_memory_create(&l->output, DESCRIPTION(v->output), l->engine, DNNL_MEMORY_NONE);
    failed = failed || dnnl_memory_create(&l->scratch, scratch, l->engine, DNNL_MEMORY_NONE);
    failed = failed || dnnl_memory_create(&l->plain_weights, DESCRIPTION(v->plain_weights), l->engine,
                                          DNNL_MEMORY_NONE);
    if (reorder) dnnl_primitive_desc_destroy(reorder);
    return failed;
}

// Completes a layer whose description was created, unless that failed, and frees the descriptions.
static int finish(conednn_layer *l, int failed, dnnl_primitive_desc_t description, dnnl_primitive_attr_t attributes,
                  layer_values v) {
    failed = failed || make_memory(l, description, &v);
    if (attributes) dnnl_primitive_attr_destroy(attributes);
    if (description) dnnl_primitive_desc_destroy(description);
    FREE_DESCRIPTION(v.input);
    FREE_DESCRIPTION(v.any);
    FREE_DESCRIPTION(v.plain_weights);
    FREE_DESCRIPTION(v.bias);
    FREE_DESCRIPTION(v.output);
    return failed;
}

static int start(conednn_layer *l) {
    conednn_prepare();
    return dnnl_engine_create(&l->engine, dnnl_cpu, 0) ||
           dnnl_stream_create(&l->stream, l->engine, dnnl_stream_default_flags);
}

static int make_linear(conednn_layer *l, int64_t rows, int64_t inputs, int64_t outputs, int64_t input_stride,
                       int64_t output_stride, int type, int output_type, int activation, int accumulates) {
    layer_values v;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    const dnnl_dims_t weight_dims = {inputs, outputs};
    if (start(l) || strided(&v.input, 2, (dnnl_dims_t){rows, inputs}, (dnnl_dims_t){input_stride, 1}, element(type)) ||
        tagged(&v.any, 2, weight_dims, element(type), dnnl_format_tag_any) ||
        strided(&v.plain_weights, 2, weight_dims, (dnnl_dims_t){1, inputs}, dnnl_f32) ||
        tagged(&v.bias, 2, (dnnl_dims_t){1, outputs}, dnnl_f32, dnnl_ab) ||
        strided(&v.output, 2, (dnnl_dims_t){rows, outputs}, (dnnl_dims_t){output_stride, 1}, element(output_type)))
        return 1;
    int failed = make_attributes(&attributes, activation, accumulates);
#if DNNL_VERSION_MAJOR >= 3
    failed = failed || dnnl_matmul_primitive_desc_create(&description, l->engine, v.input, v.any, v.bias, v.output,
                                                         attributes);
#else
    dnnl_matmul_desc_t operation;
    failed = failed || dnnl_matmul_desc_init(&operation, &v.input, &v.any, &v.bias, &v.output) ||
             dnnl_primitive_desc_create(&description, &operation, attributes, l->engine, NULL);
#endif
    return finish(l, failed, description, attributes, v);
}

conednn_layer *conednn_linear_make(int64_t rows, int64_t inputs, int64_t outputs, int64_t input_stride,
                                   int64_t output_stride, int type, int output_type, int activation, int accumulates) {
    conednn_layer *l = calloc(1, sizeof *l);
    if (l && make_linear(l, rows, inputs, outputs, input_stride, output_stride, type, output_type, activation,
                         accumulates)) {
        conednn_layer_free(l);
        return NULL;
    }
    return l;
}

static int make_convolution(conednn_layer *l, int64_t images, int64_t height, int64_t width, int64_t inputs,
                            int64_t outputs, int64_t size, int64_t stride, int type, int activation, int accumulates) {
    layer_values v;
    dnnl_primitive_attr_t attributes = NULL;
    dnnl_primitive_desc_t description = NULL;
    const int64_t border = size / 2;
    const int64_t down = (height + 2 * border - size) / stride + 1, across = (width + 2 * border - size) / stride + 1;
    const dnnl_dims_t weight_dims = {outputs, inputs, size, size}, strides = {stride, stride};
    const dnnl_dims_t before = {border, border};
    // The far border is smaller if the last step of the stride does not reach it.
    const dnnl_dims_t after = {(down - 1) * stride + size - height - border,
                               (across - 1) * stride + size - width - border};
    if (start(l) || tagged(&v.input, 4, (dnnl_dims_t){images, inputs, height, width}, element(type), dnnl_nhwc) ||
        tagged(&v.any, 4, weight_dims, element(type), dnnl_format_tag_any) ||
        tagged(&v.plain_weights, 4, weight_dims, dnnl_f32, dnnl_oihw) ||
        tagged(&v.bias, 1, (dnnl_dims_t){outputs}, dnnl_f32, dnnl_a) ||
        tagged(&v.output, 4, (dnnl_dims_t){images, outputs, down, across}, element(type), dnnl_nhwc))
        return 1;
    int failed = make_attributes(&attributes, activation, accumulates);
#if DNNL_VERSION_MAJOR >= 3
    const dnnl_dims_t dilation = {0, 0};
    failed = failed || dnnl_convolution_forward_primitive_desc_create(
                           &description, l->engine, dnnl_forward_inference, dnnl_convolution_direct, v.input, v.any,
                           v.bias, v.output, strides, dilation, before, after, attributes);
#else
    dnnl_convolution_desc_t operation;
    failed = failed ||
             dnnl_convolution_forward_desc_init(&operation, dnnl_forward_inference, dnnl_convolution_direct, &v.input,
                                                &v.any, &v.bias, &v.output, strides, before, after) ||
             dnnl_primitive_desc_create(&description, &operation, attributes, l->engine, NULL);
#endif
    return finish(l, failed, description, attributes, v);
}

conednn_layer *conednn_convolution_make(int64_t images, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                        int64_t size, int64_t stride, int type, int activation, int accumulates) {
    conednn_layer *l = calloc(1, sizeof *l);
    if (l && make_convolution(l, images, height, width, inputs, outputs, size, stride, type, activation, accumulates)) {
        conednn_layer_free(l);
        return NULL;
    }
    return l;
}

int64_t conednn_layer_packed_size(const conednn_layer *l) { return l->packed_size; }

int64_t conednn_layer_scratch_size(const conednn_layer *l) { return l->scratch_size; }

int conednn_layer_pack(conednn_layer *l, const float *weights, void *packed) {
    conednn_prepare();
    if (dnnl_memory_set_data_handle(l->plain_weights, (void *)weights) ||
        dnnl_memory_set_data_handle(l->weights, packed))
        return 1;
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, l->plain_weights}, {DNNL_ARG_TO, l->weights}};
    return dnnl_primitive_execute(l->packing, l->stream, 2, arguments) || dnnl_stream_wait(l->stream);
}

int conednn_layer_run(conednn_layer *l, const void *input, const void *packed, const float *bias, void *output,
                      void *scratch) {
    conednn_prepare();
    if (dnnl_memory_set_data_handle(l->input, (void *)input) ||
        dnnl_memory_set_data_handle(l->weights, (void *)packed) ||
        dnnl_memory_set_data_handle(l->bias, (void *)bias) || dnnl_memory_set_data_handle(l->output, output) ||
        dnnl_memory_set_data_handle(l->scratch, scratch))
        return 1;
    const dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, l->input},
                                         {DNNL_ARG_WEIGHTS, l->weights},
                                         {DNNL_ARG_BIAS, l->bias},
                                         {DNNL_ARG_DST, l->output},
                                         {DNNL_ARG_SCRATCHPAD, l->scratch}};
    return dnnl_primitive_execute(l->primitive, l->stream, 5, arguments) || dnnl_stream_wait(l->stream);
}

void conednn_layer_free(conednn_layer *l) {
    if (!l) return;
    dnnl_memory_t memories[] = {l->input, l->weights, l->bias, l->output, l->scratch, l->plain_weights};
    for (int i = 0; i < 6; i++)
        if (memories[i]) dnnl_memory_destroy(memories[i]);
    if (l->primitive) dnnl_primitive_destroy(l->primitive);
    if (l->packing) dnnl_primitive_destroy(l->packing);
    if (l->stream) dnnl_stream_destroy(l->stream);
    if (l->engine) dnnl_engine_destroy(l->engine);
    free(l);
}
