#include "cpng.h"

#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct cpng_reader {
    png_structp png;
    png_infop info;
    const uint8_t *bytes;
    size_t count, position, clipped;
    char error[96], warning[96];
};

static void copy_message(char *text, size_t size, png_const_charp message) {
    strncpy(text, message, size - 1);
    text[size - 1] = 0;
}

static void fail(png_structp png, png_const_charp message) {
    cpng_reader *reader = png_get_error_ptr(png);
    copy_message(reader->error, sizeof reader->error, message);
    png_longjmp(png, 1);
}

// libpng only warns about wrong checksums and damaged compressed data, but the pixels would be wrong.
static void warn(png_structp png, png_const_charp message) {
    cpng_reader *reader = png_get_error_ptr(png);
    if (strstr(message, "IDAT") || strstr(message, "CRC")) fail(png, message);
    copy_message(reader->warning, sizeof reader->warning, message);
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
    cpng_reader *reader = png_get_io_ptr(png);
    if (count > reader->count - reader->position) png_error(png, "the file ends too early");
    memcpy(target, reader->bytes + reader->position, count);
    reader->position += count;
}

cpng_reader *cpng_open(const uint8_t *bytes, size_t count) {
    cpng_reader *reader = calloc(1, sizeof *reader);
    if (!reader) return NULL;
    reader->bytes = bytes;
    reader->count = count;
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail, warn);
    if (reader->png) reader->info = png_create_info_struct(reader->png);
    if (!reader->info) {
        cpng_close(reader);
        return NULL;
    }
    if (setjmp(png_jmpbuf(reader->png))) return reader;
    png_set_read_fn(reader->png, reader, read_bytes);
    png_set_user_limits(reader->png, 0x7fffffff, 0x7fffffff);
    // Skips texts, times, and color profiles.
    png_set_keep_unknown_chunks(reader->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(reader->png, reader->info);
    return reader;
}

void cpng_close(cpng_reader *reader) {
    png_destroy_read_struct(&reader->png, &reader->info, NULL);
    free(reader);
}

const char *cpng_error(const cpng_reader *reader) { return reader->error; }
const char *cpng_warning(const cpng_reader *reader) { return reader->warning; }
uint32_t cpng_width(const cpng_reader *reader) { return png_get_image_width(reader->png, reader->info); }
uint32_t cpng_height(const cpng_reader *reader) { return png_get_image_height(reader->png, reader->info); }

size_t cpng_clipped(const cpng_reader *reader) { return reader->clipped; }

static int is_deep_gray(const cpng_reader *reader) {
    return png_get_color_type(reader->png, reader->info) == PNG_COLOR_TYPE_GRAY &&
           png_get_bit_depth(reader->png, reader->info) == 16;
}

// As in Pillow, indices beyond the palette are gray.
static void fill_palette(const cpng_reader *reader, uint8_t palette[256][3]) {
    png_colorp colors = NULL;
    int count = 0;
    for (int i = 0; i < 256; i++) memset(palette[i], i, 3);
    if (!png_get_PLTE(reader->png, reader->info, &colors, &count)) return;
    for (int i = 0; i < count && i < 256; i++) {
        palette[i][0] = colors[i].red;
        palette[i][1] = colors[i].green;
        palette[i][2] = colors[i].blue;
    }
}

int cpng_read(cpng_reader *reader, uint8_t *pixels) {
    png_structp png = reader->png;
    const size_t width = cpng_width(reader), height = cpng_height(reader);
    const int colors = png_get_color_type(png, reader->info), depth = png_get_bit_depth(png, reader->info);
    const int is_indexed = colors == PNG_COLOR_TYPE_PALETTE, is_deep = is_deep_gray(reader);
    uint8_t palette[256][3];
    if (setjmp(png_jmpbuf(png))) return 0;
    if (is_indexed) {
        png_set_packing(png);
        fill_palette(reader, palette);
    } else if (!is_deep) {
        if (depth < 8) png_set_expand_gray_1_2_4_to_8(png);
        if (depth == 16) png_set_strip_16(png);
        if (colors & PNG_COLOR_MASK_ALPHA) png_set_strip_alpha(png);
        if (!(colors & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
    }
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, reader->info);
    const size_t stored = is_indexed ? 1 : is_deep ? 2 : 3;
    if (png_get_rowbytes(png, reader->info) != stored * width) png_error(png, "rows of an unexpected length");
    // Rows with fewer bytes per pixel are read to the end of their memory and then expanded in place from the left.
    const size_t offset = (3 - stored) * width;
    for (int pass = 0; pass < passes; pass++) {
        for (size_t y = 0; y < height; y++) png_read_row(png, pixels + 3 * width * y + offset, NULL);
    }
    png_read_end(png, NULL);
    for (size_t y = 0; y < height && stored < 3; y++) {
        uint8_t *row = pixels + 3 * width * y;
        for (size_t x = 0; x < width; x++) {
            const uint8_t *from = row + offset + stored * x;
            if (is_indexed) {
                memcpy(row + 3 * x, palette[*from], 3);
            } else {
                // The new pixel may overwrite the stored value.
                reader->clipped += from[0] != 0;
                memset(row + 3 * x, from[0] ? 255 : from[1], 3);
            }
        }
    }
    return 1;
}
