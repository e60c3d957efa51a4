#ifndef CONEDNN_LAYERS_H
#define CONEDNN_LAYERS_H
#include <stdint.h>

/// The value types of a layer.
enum { conednn_float32 = 0, conednn_bfloat16 = 1 };

/// The activations: none, relu, x·σ(1.702x), x·Φ(x).
enum { conednn_linear = 0, conednn_relu = 1, conednn_quick_gelu = 2, conednn_gelu = 3 };

/// A network layer of fixed shape without its weights, for use by one thread at a time.
typedef struct conednn_layer conednn_layer;

/// Creates the layer output [rows×outputs] = activation((accumulates ? output : 0) + input [rows×inputs] · weightsᵀ
/// + bias), with weights [outputs×inputs] and rows `input_stride` and `output_stride` elements apart. Input and
/// weights are of `type`, the bias is float32. Returns NULL if the library does not support it.
conednn_layer *conednn_linear_make(int64_t rows, int64_t inputs, int64_t outputs, int64_t input_stride,
                                   int64_t output_stride, int type, int output_type, int activation, int accumulates);

/// Creates the layer output = activation((accumulates ? output : 0) + convolution(input) + bias), with values
/// channels-last, weights [outputs×inputs×size×size], and a border of size/2 zeros. Returns NULL if the library does
/// not support it.
conednn_layer *conednn_convolution_make(int64_t images, int64_t height, int64_t width, int64_t inputs, int64_t outputs,
                                        int64_t size, int64_t stride, int type, int activation, int accumulates);

/// Returns the size of the packed weights in bytes.
int64_t conednn_layer_packed_size(const conednn_layer *layer);
/// Returns the size in bytes of the scratch memory for one execution.
int64_t conednn_layer_scratch_size(const conednn_layer *layer);
/// Packs float32 weights into the layout and type of the layer. Returns 0 on success.
int conednn_layer_pack(conednn_layer *layer, const float *weights, void *packed);
/// Executes the layer. Returns 0 on success.
int conednn_layer_run(conednn_layer *layer, const void *input, const void *packed, const float *bias, void *output,
                      void *scratch);
void conednn_layer_free(conednn_layer *layer);
#endif
