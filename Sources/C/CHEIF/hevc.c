// A decoder of HEVC for libheif that wraps libde265.
//
// libheif's own one leaves the colors of 4:2:0 to libheif. Version 1.15 and earlier converts them in float32, and later
// ones, as here, in integers if the values have the full range; the results differ by 1 in about 2 % of the values.

#include "hevc.h"

#include "sps.h"

#include <libde265/de265.h>
#include <libheif/heif.h>
#include <libheif/heif_plugin.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static _Thread_local struct hevc_settings settings;

struct hevc_settings *hevc_settings(void) { return &settings; }

static const struct heif_error ok = {heif_error_Ok, heif_suberror_Unspecified, "success"};

static struct heif_error failed(enum heif_error_code code, const char *message) {
    return (struct heif_error){code, heif_suberror_Unspecified, message};
}

static const char *const wrong_size = "a picture of another size than the file says";

static const char *plugin_name(void) { return "fewshot"; }

static int supports(enum heif_compression_format format) { return format == heif_compression_HEVC ? 1000 : 0; }

static struct heif_error new_decoder(void **decoder) {
    *decoder = de265_new_decoder();
    return *decoder ? ok : failed(heif_error_Memory_allocation_error, "out of memory");
}

static void free_decoder(void *decoder) { de265_free_decoder(decoder); }

/// Passes on units of the stream, each of which follows its length of four bytes.
static struct heif_error push_data(void *decoder, const void *data, size_t count) {
    const uint8_t *bytes = data;
    while (count > 0) {
        if (count < 4) return failed(heif_error_Decoder_plugin_error, "a unit of the HEVC stream ends too early");
        const size_t length = (size_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
        bytes += 4;
        count -= 4;
        if (length > count) return failed(heif_error_Decoder_plugin_error, "a unit of the HEVC stream ends too early");
        if (sps_area(bytes, length) > settings.largest_area) return failed(heif_error_Decoder_plugin_error, wrong_size);
        const de265_error error = de265_push_NAL(decoder, bytes, (int)length, 0, NULL);
        if (error != DE265_OK) return failed(heif_error_Decoder_plugin_error, de265_get_error_text(error));
        bytes += length;
        count -= length;
    }
    return ok;
}

/// Adds a plane of the size of the picture's plane `from` to the image.
static struct heif_error add_plane(struct heif_image *image, enum heif_channel channel,
                                   const struct de265_image *picture, int from, uint8_t **memory, int *stride) {
    const int width = de265_get_image_width(picture, from), height = de265_get_image_height(picture, from);
    if (width <= 0 || height <= 0) return failed(heif_error_Decoder_plugin_error, "an empty plane");
    const struct heif_error error =
        heif_image_add_plane(image, channel, width, height, de265_get_bits_per_pixel(picture, 0));
    if (error.code == heif_error_Ok) *memory = heif_image_get_plane(image, channel, stride);
    return error;
}

static struct heif_error copy_planes(struct heif_image *image, const struct de265_image *picture, int planes) {
    const int bits = de265_get_bits_per_pixel(picture, 0);
    static const enum heif_channel channels[] = {heif_channel_Y, heif_channel_Cb, heif_channel_Cr};
    for (int plane = 0; plane < planes; plane++) {
        if (de265_get_bits_per_pixel(picture, plane) != bits) {
            return failed(heif_error_Unsupported_feature, "brightness and colors of different depths");
        }
        uint8_t *to = NULL;
        int stride = 0, source_stride = 0;
        const struct heif_error error = add_plane(image, channels[plane], picture, plane, &to, &stride);
        if (error.code != heif_error_Ok) return error;
        const uint8_t *from = de265_get_image_plane(picture, plane, &source_stride);
        const size_t count = (size_t)de265_get_image_width(picture, plane) * (bits > 8 ? 2 : 1);
        for (int y = 0; y < de265_get_image_height(picture, plane); y++) {
            memcpy(to + (size_t)y * stride, from + (size_t)y * source_stride, count);
        }
    }
    return ok;
}

/// The weights of red and blue in the brightness, by the number of the matrix in ITU-T H.273; 0 if it is another.
static void weights(int matrix, float *red, float *blue) {
    *red = *blue = 0;
    switch (matrix) {
        case 1: *red = 0.2126f, *blue = 0.0722f; break;
        case 4: *red = 0.30f, *blue = 0.11f; break;
        case 5: case 6: *red = 0.299f, *blue = 0.114f; break;
        case 7: *red = 0.212f, *blue = 0.087f; break;
        case 9: case 10: *red = 0.2627f, *blue = 0.0593f; break;
    }
}

/// The factors of the colors in units of 1/256, as libheif rounds them: red, twice green, and blue.
static void color_factors(int matrix, int rounded[4]) {
    float red, blue, factors[] = {1.402f, -0.344136f, -0.714136f, 1.772f};
    weights(matrix, &red, &blue);
    if (red != 0) {
        factors[0] = 2 * (-red + 1);
        factors[1] = 2 * blue * (-blue + 1) / (blue + red - 1);
        factors[2] = 2 * red * (-red + 1) / (blue + red - 1);
        factors[3] = 2 * (-blue + 1);
    }
    for (int i = 0; i < 4; i++) rounded[i] = (int)lround(256 * factors[i]);
}

/// The high eight bits of a value of `bits`.
static int high_byte(const uint8_t *row, int x, int bits) {
    return bits > 8 ? (row[2 * x] | row[2 * x + 1] << 8) >> (bits - 8) : row[x];
}

/// Stores a clipped value as the high eight bits of a value of `bits`.
static void store(uint8_t *row, int x, int bits, int value) {
    const int byte = value < 0 ? 0 : value > 255 ? 255 : value;
    if (bits > 8) {
        row[2 * x] = (uint8_t)(byte << (bits - 8));
        row[2 * x + 1] = (uint8_t)(byte << (bits - 8) >> 8);
    } else {
        row[x] = (uint8_t)byte;
    }
}

/// Converts the high eight bits of a 4:2:0 picture of the full range to RGB, with the nearest color of each pixel.
static struct heif_error convert(struct heif_image *image, const struct de265_image *picture, int matrix) {
    static const enum heif_channel channels[] = {heif_channel_R, heif_channel_G, heif_channel_B};
    const int bits = de265_get_bits_per_pixel(picture, 0);
    int factors[4], strides[3], from[3];
    uint8_t *to[3];
    const uint8_t *planes[3];
    color_factors(matrix, factors);
    for (int i = 0; i < 3; i++) {
        const struct heif_error error = add_plane(image, channels[i], picture, 0, &to[i], &strides[i]);
        if (error.code != heif_error_Ok) return error;
        planes[i] = de265_get_image_plane(picture, i, &from[i]);
    }
    const int width = de265_get_image_width(picture, 0), height = de265_get_image_height(picture, 0);
    for (int y = 0; y < height; y++) {
        const uint8_t *brightness = planes[0] + (size_t)y * from[0];
        const uint8_t *blues = planes[1] + (size_t)(y / 2) * from[1], *reds = planes[2] + (size_t)(y / 2) * from[2];
        uint8_t *rows[3];
        for (int i = 0; i < 3; i++) rows[i] = to[i] + (size_t)y * strides[i];
        for (int x = 0; x < width; x++) {
            const int value = high_byte(brightness, x, bits);
            const int cb = high_byte(blues, x / 2, bits) - 128, cr = high_byte(reds, x / 2, bits) - 128;
            store(rows[0], x, bits, value + ((factors[0] * cr + 128) >> 8));
            store(rows[1], x, bits, value + ((factors[1] * cb + factors[2] * cr + 128) >> 8));
            store(rows[2], x, bits, value + ((factors[3] * cb + 128) >> 8));
        }
    }
    return ok;
}

/// Whether a picture is converted here and not by libheif.
static int is_converted(const struct de265_image *picture, int is_full_range, int matrix) {
    if (de265_get_chroma_format(picture) != de265_chroma_420 || !is_full_range) return 0;
    // Matrices of other forms; 12 and 13 are those of the primaries, which no camera writes.
    static const int others[] = {0, 8, 11, 12, 13, 14, 15, 16, 17};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (matrix == others[i]) return 0;
    }
    const int bits = de265_get_bits_per_pixel(picture, 0);
    return bits >= 8 && de265_get_bits_per_pixel(picture, 1) == bits && de265_get_bits_per_pixel(picture, 2) == bits;
}

static struct heif_error set_profile(struct heif_image *image, const struct de265_image *picture) {
    struct heif_color_profile_nclx *profile = heif_nclx_color_profile_alloc();
    if (!profile) return failed(heif_error_Memory_allocation_error, "out of memory");
    heif_nclx_color_profile_set_color_primaries(profile, de265_get_image_colour_primaries(picture));
    heif_nclx_color_profile_set_transfer_characteristics(profile, de265_get_image_transfer_characteristics(picture));
    heif_nclx_color_profile_set_matrix_coefficients(profile, de265_get_image_matrix_coefficients(picture));
    profile->full_range_flag = de265_get_image_full_range_flag(picture) != 0;
    const struct heif_error error = heif_image_set_nclx_color_profile(image, profile);
    heif_nclx_color_profile_free(profile);
    return error;
}

static struct heif_error image_of(const struct de265_image *picture, struct heif_image **image) {
    const int width = de265_get_image_width(picture, 0), height = de265_get_image_height(picture, 0);
    if (width <= 0 || height <= 0 || (int64_t)width * height > settings.largest_area) {
        return failed(heif_error_Decoder_plugin_error, wrong_size);
    }
    const int is_full =
        settings.has_profile ? settings.is_full_range : de265_get_image_full_range_flag(picture) != 0;
    const int matrix = settings.has_profile ? settings.matrix : de265_get_image_matrix_coefficients(picture);
    const int is_gray = de265_get_chroma_format(picture) == de265_chroma_mono;
    const int converts = is_converted(picture, is_full, matrix);
    struct heif_error error = heif_image_create(
        width, height, is_gray ? heif_colorspace_monochrome : converts ? heif_colorspace_RGB : heif_colorspace_YCbCr,
        converts ? heif_chroma_444 : (enum heif_chroma)de265_get_chroma_format(picture), image);
    if (error.code != heif_error_Ok) return error;
    error = converts ? convert(*image, picture, matrix) : copy_planes(*image, picture, is_gray ? 1 : 3);
    if (error.code == heif_error_Ok) error = set_profile(*image, picture);
    if (error.code != heif_error_Ok) {
        heif_image_release(*image);
        *image = NULL;
    }
    return error;
}

static struct heif_error decode_image(void *decoder, struct heif_image **image) {
    *image = NULL;
    int more = 1;
    de265_error error = de265_flush_data(decoder);
    while (more && error == DE265_OK) {
        more = 0;
        error = de265_decode(decoder, &more);
        for (de265_error warning = de265_get_warning(decoder); warning != DE265_OK;
             warning = de265_get_warning(decoder)) {
            if (!*settings.warning) {
                snprintf(settings.warning, sizeof settings.warning, "%s", de265_get_error_text(warning));
            }
        }
        const struct de265_image *picture = de265_get_next_picture(decoder);
        if (picture) return image_of(picture, image);
    }
    return failed(heif_error_Decoder_plugin_error,
                  error == DE265_OK ? "no picture in the HEVC stream" : de265_get_error_text(error));
}

static const struct heif_decoder_plugin plugin = {
    .plugin_api_version = 1,
    .get_plugin_name = plugin_name,
    .does_support_format = supports,
    .new_decoder = new_decoder,
    .free_decoder = free_decoder,
    .push_data = push_data,
    .decode_image = decode_image,
};

static void register_plugin(void) { heif_register_decoder_plugin(&plugin); }

void hevc_register(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, register_plugin);
}
