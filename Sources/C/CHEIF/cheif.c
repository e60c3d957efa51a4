#include "cheif.h"

#include "hevc.h"

#include <libheif/heif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cheif_reader {
    struct heif_context *context;
    struct heif_image_handle *handle;
    struct heif_image *image;
    const uint8_t *bytes;
    size_t count;
    int is_unsupported;
    char error[160], warning[96];
};

/// Keeps the message of an error; returns 1 if there is none.
static int succeeds(cheif_reader *reader, struct heif_error error) {
    if (error.code == heif_error_Ok) return 1;
    snprintf(reader->error, sizeof reader->error, "%s", error.message && *error.message ? error.message : "no reason");
    reader->is_unsupported =
        error.code == heif_error_Unsupported_feature || error.code == heif_error_Unsupported_filetype;
    return 0;
}

cheif_reader *cheif_open(const uint8_t *bytes, size_t count) {
    cheif_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    hevc_register();
    reader->bytes = bytes;
    reader->count = count;
    reader->context = heif_context_alloc();
    if (!reader->context) {
        free(reader);
        return NULL;
    }
    // The caller has its own threads, and the decoder's settings belong to one.
    heif_context_set_max_decoding_threads(reader->context, 0);
    if (succeeds(reader, heif_context_read_from_memory_without_copy(reader->context, bytes, count, NULL))) {
        succeeds(reader, heif_context_get_primary_image_handle(reader->context, &reader->handle));
    }
    return reader;
}

void cheif_close(cheif_reader *reader) {
    if (reader->image) heif_image_release(reader->image);
    if (reader->handle) heif_image_handle_release(reader->handle);
    heif_context_free(reader->context);
    free(reader);
}

const char *cheif_error(const cheif_reader *reader) { return reader->error; }
int cheif_is_unsupported(const cheif_reader *reader) { return reader->is_unsupported; }
const char *cheif_warning(const cheif_reader *reader) { return reader->warning; }
int cheif_width(const cheif_reader *reader) { return heif_image_handle_get_width(reader->handle); }
int cheif_height(const cheif_reader *reader) { return heif_image_handle_get_height(reader->handle); }

int64_t cheif_stored_area(const cheif_reader *reader) {
    return (int64_t)heif_image_handle_get_ispe_width(reader->handle) *
           heif_image_handle_get_ispe_height(reader->handle);
}

// The library tells the layout of the pixels only after decoding. It stands in the boxes of the HEVC settings, which
// precede the compressed data.
int cheif_is_deep_gray(const cheif_reader *reader) {
    if (heif_image_handle_get_luma_bits_per_pixel(reader->handle) <= 8) return 0;
    if (heif_image_handle_has_alpha_channel(reader->handle)) return 0;
    int found = 0;
    for (size_t i = 0; i + 4 + 17 <= reader->count && memcmp(reader->bytes + i, "mdat", 4); i++) {
        if (memcmp(reader->bytes + i, "hvcC", 4)) continue;
        if (reader->bytes[i + 4 + 16] & 3) return 0;
        found = 1;
    }
    return found;
}

/// Puts the color profile and the size of the image into the settings of the HEVC decoder.
static void prepare(const cheif_reader *reader, struct hevc_settings *settings) {
    *settings = (struct hevc_settings){0};
    struct heif_color_profile_nclx *profile = NULL;
    if (heif_image_handle_get_nclx_color_profile(reader->handle, &profile).code == heif_error_Ok && profile) {
        settings->has_profile = 1;
        settings->is_full_range = profile->full_range_flag;
        settings->matrix = profile->matrix_coefficients;
        heif_nclx_color_profile_free(profile);
    }
    const int width = heif_image_handle_get_ispe_width(reader->handle);
    const int height = heif_image_handle_get_ispe_height(reader->handle);
    // The tiles of a small image may be larger than the image.
    settings->largest_area = cheif_stored_area(reader) + (1 << 22);
    heif_context_set_maximum_image_size_limit(reader->context, (width > height ? width : height) + 1);
}

int cheif_decode(cheif_reader *reader) {
    struct hevc_settings *settings = hevc_settings();
    prepare(reader, settings);
    struct heif_decoding_options *options = heif_decoding_options_alloc();
    if (!options) return succeeds(reader, (struct heif_error){heif_error_Memory_allocation_error, 0, "out of memory"});
    struct heif_error error =
        heif_decode_image(reader->handle, &reader->image, heif_colorspace_undefined, heif_chroma_undefined, options);
    // Gray images stay gray. Versions after 1.15 give colors as they are stored, unless they are asked for RGB.
    if (error.code == heif_error_Ok && heif_image_get_colorspace(reader->image) == heif_colorspace_YCbCr) {
        heif_image_release(reader->image);
        reader->image = NULL;
        error = heif_decode_image(reader->handle, &reader->image, heif_colorspace_RGB, heif_chroma_444, options);
    }
    heif_decoding_options_free(options);
    memcpy(reader->warning, settings->warning, sizeof reader->warning);
    return succeeds(reader, error);
}

static int is_gray(const cheif_reader *reader) {
    return heif_image_get_colorspace(reader->image) == heif_colorspace_monochrome;
}

int cheif_decoded_width(const cheif_reader *reader) {
    return heif_image_get_width(reader->image, is_gray(reader) ? heif_channel_Y : heif_channel_R);
}

int cheif_decoded_height(const cheif_reader *reader) {
    return heif_image_get_height(reader->image, is_gray(reader) ? heif_channel_Y : heif_channel_R);
}

size_t cheif_copy(const cheif_reader *reader, uint8_t *pixels) {
    static const enum heif_channel colors[] = {heif_channel_R, heif_channel_G, heif_channel_B};
    const int gray = is_gray(reader), clips = gray && !heif_image_handle_has_alpha_channel(reader->handle);
    const int width = cheif_decoded_width(reader), height = cheif_decoded_height(reader);
    size_t clipped = 0;
    for (int channel = 0; channel < 3; channel++) {
        int stride = 0;
        const enum heif_channel plane = gray ? heif_channel_Y : colors[channel];
        const uint8_t *from = heif_image_get_plane_readonly(reader->image, plane, &stride);
        const int bits = heif_image_get_bits_per_pixel_range(reader->image, plane);
        for (int y = 0; y < height; y++) {
            const uint8_t *row = from + (size_t)y * stride;
            uint8_t *to = pixels + (size_t)3 * width * y + channel;
            for (int x = 0; x < width; x++, to += 3) {
                const int value = bits > 8 ? row[2 * x] | row[2 * x + 1] << 8 : row[x];
                const int wide = value << (16 - bits);
                *to = (uint8_t)(bits <= 8 ? value : !clips ? value >> (bits - 8) : wide > 255 ? 255 : wide);
                clipped += channel == 0 && bits > 8 && clips && wide > 255;
            }
        }
    }
    return clipped;
}
