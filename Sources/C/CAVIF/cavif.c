#include "cavif.h"

#include <avif/avif.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cavif_reader {
    avifDecoder *decoder;
    int is_unsupported;
    char error[512];
};

/// Keeps the message of an error; returns 1 if there is none.
static int succeeds(cavif_reader *reader, avifResult result) {
    if (result == AVIF_RESULT_OK) return 1;
    const char *detail = reader->decoder->diag.error;
    snprintf(reader->error, sizeof reader->error, "%s%s%s", avifResultToString(result), *detail ? ": " : "", detail);
    reader->is_unsupported = result == AVIF_RESULT_UNSUPPORTED_DEPTH || result == AVIF_RESULT_NO_CODEC_AVAILABLE ||
                             result == AVIF_RESULT_NOT_IMPLEMENTED || result == AVIF_RESULT_NO_YUV_FORMAT_SELECTED;
    return 0;
}

cavif_reader *cavif_open(const uint8_t *bytes, size_t count) {
    cavif_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    reader->decoder = avifDecoderCreate();
    if (!reader->decoder) {
        free(reader);
        return NULL;
    }
    // The caller has its own threads.
    reader->decoder->maxThreads = 1;
    reader->decoder->ignoreExif = reader->decoder->ignoreXMP = AVIF_TRUE;
    // As in Pillow, two properties that some writers leave out are not required.
    reader->decoder->strictFlags &= ~(avifStrictFlags)(AVIF_STRICT_CLAP_VALID | AVIF_STRICT_PIXI_REQUIRED);
    if (succeeds(reader, avifDecoderSetIOMemory(reader->decoder, bytes, count))) {
        succeeds(reader, avifDecoderParse(reader->decoder));
    }
    return reader;
}

void cavif_close(cavif_reader *reader) {
    avifDecoderDestroy(reader->decoder);
    free(reader);
}

const char *cavif_error(const cavif_reader *reader) { return reader->error; }
int cavif_is_unsupported(const cavif_reader *reader) { return reader->is_unsupported; }
uint32_t cavif_width(const cavif_reader *reader) { return reader->decoder->image->width; }
uint32_t cavif_height(const cavif_reader *reader) { return reader->decoder->image->height; }

/// Whether libavif 1.0 and later reduces the values to eight bits before it converts them.
static int is_reduced_first(const avifImage *image, int has_alpha) {
    if (image->depth <= 8) return 0;
    switch (image->matrixCoefficients) {
        case AVIF_MATRIX_COEFFICIENTS_BT709:
        case AVIF_MATRIX_COEFFICIENTS_UNSPECIFIED:
        case AVIF_MATRIX_COEFFICIENTS_BT470BG:
        case AVIF_MATRIX_COEFFICIENTS_BT601:
        case AVIF_MATRIX_COEFFICIENTS_BT2020_NCL: break;
        default: return 0;
    }
    const int is_gray = image->yuvFormat == AVIF_PIXEL_FORMAT_YUV400;
    if (!has_alpha) return !is_gray;
    return is_gray || (image->depth > 10 && image->yuvFormat != AVIF_PIXEL_FORMAT_YUV420);
}

/// Reduces a plane of values in two bytes to their high eight bits, in place.
static void reduce_plane(uint8_t *plane, uint32_t row_bytes, uint32_t width, uint32_t height, int shift) {
    for (uint32_t y = 0; plane && y < height; y++, plane += row_bytes) {
        for (uint32_t x = 0; x < width; x++) {
            uint16_t value;
            memcpy(&value, plane + 2 * x, 2);
            plane[x] = (uint8_t)(value >> shift);
        }
    }
}

static void reduce(avifImage *image) {
    const int shift = (int)image->depth - 8;
    avifPixelFormatInfo format;
    avifGetPixelFormatInfo(image->yuvFormat, &format);
    for (int plane = 0; plane < 3; plane++) {
        const int across = plane ? format.chromaShiftX : 0, down = plane ? format.chromaShiftY : 0;
        const uint32_t width = (image->width + across) >> across, height = (image->height + down) >> down;
        reduce_plane(image->yuvPlanes[plane], image->yuvRowBytes[plane], width, height, shift);
    }
    reduce_plane(image->alphaPlane, image->alphaRowBytes, image->width, image->height, shift);
    image->depth = 8;
}

int cavif_read(cavif_reader *reader, uint8_t *pixels) {
    avifDecoder *decoder = reader->decoder;
    const uint32_t width = decoder->image->width, height = decoder->image->height;
    const size_t area = (size_t)width * height;
    // The tiles of a small image may be larger than the image.
    const size_t limit = area + (1 << 22);
    if (limit < decoder->imageSizeLimit) decoder->imageSizeLimit = (uint32_t)limit;
    if (!succeeds(reader, avifDecoderNextImage(decoder))) return 0;
    avifImage *image = decoder->image;
    if (image->width != width || image->height != height) {
        snprintf(reader->error, sizeof reader->error, "a picture of another size than the file says");
        return 0;
    }
    // Libavif converts colors with and without alpha in different ways, and Pillow asks for the alpha of the file.
    const int has_alpha = decoder->alphaPresent;
    if (is_reduced_first(image, has_alpha)) reduce(image);
    avifRGBImage colors;
    avifRGBImageSetDefaults(&colors, image);
    colors.depth = 8;
    colors.format = has_alpha ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
    colors.rowBytes = width * (has_alpha ? 4 : 3);
    colors.pixels = has_alpha ? malloc(4 * area) : pixels;
    if (!colors.pixels) return succeeds(reader, AVIF_RESULT_OUT_OF_MEMORY);
    const int is_whole = succeeds(reader, avifImageYUVToRGB(image, &colors));
    if (has_alpha) {
        for (size_t i = 0; is_whole && i < area; i++) memcpy(pixels + 3 * i, colors.pixels + 4 * i, 3);
        free(colors.pixels);
    }
    return is_whole;
}
