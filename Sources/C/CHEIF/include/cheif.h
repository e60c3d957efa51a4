#ifndef CHEIF_H
#define CHEIF_H

#include <stddef.h>
#include <stdint.h>

// libheif gives pixels of one of several layouts, and its way from 4:2:0 to RGB differs between versions. Here a
// decoder of HEVC is registered that converts such images as the present version (1.23) does.

typedef struct cheif_reader cheif_reader;

/// Reads the boxes of the HEIC file in `bytes`, which must outlive the reader; returns NULL if out of memory.
///
/// Failures are reported by `cheif_error`.
cheif_reader *cheif_open(const uint8_t *bytes, size_t count);
void cheif_close(cheif_reader *reader);

/// The error message, or an empty string.
const char *cheif_error(const cheif_reader *reader);
/// Returns 1 if the error is about a kind of image that the libraries do not decode.
int cheif_is_unsupported(const cheif_reader *reader);
/// The message of the HEVC decoder about a flaw that it has repaired, or an empty string.
const char *cheif_warning(const cheif_reader *reader);

/// The size of the primary image after rotation and cropping.
int cheif_width(const cheif_reader *reader);
int cheif_height(const cheif_reader *reader);
/// Returns 1 for gray values of more than eight bits without alpha.
int cheif_is_deep_gray(const cheif_reader *reader);
/// The number of pixels before cropping.
int64_t cheif_stored_area(const cheif_reader *reader);

/// Decodes the primary image, rotated, mirrored and cropped as the file says. Returns 0 if `cheif_error` has a message.
int cheif_decode(cheif_reader *reader);
/// The size of the decoded image.
int cheif_decoded_width(const cheif_reader *reader);
int cheif_decoded_height(const cheif_reader *reader);
/// Writes the pixels of the decoded image to `pixels` [H×W×3] without alpha.
///
/// Colors are reduced to their high eight bits. As in Pillow, gray values of more than eight bits are scaled to 16 bits
/// and clipped to 255.
/// - Returns: the number of clipped pixels.
size_t cheif_copy(const cheif_reader *reader, uint8_t *pixels);
#endif
