#ifndef CAVIF_H
#define CAVIF_H

#include <stddef.h>
#include <stdint.h>

// libavif converts colors as Pillow does, whose library it is, except for values of more than eight bits: its later
// versions reduce most of them to eight bits first, and so does this code.

typedef struct cavif_reader cavif_reader;

/// Reads the boxes of the AVIF file in `bytes`, which must outlive the reader; returns NULL if out of memory.
///
/// Failures are reported by `cavif_error`.
cavif_reader *cavif_open(const uint8_t *bytes, size_t count);
void cavif_close(cavif_reader *reader);

/// The error message, or an empty string.
const char *cavif_error(const cavif_reader *reader);
/// Returns 1 if the error is about a kind of image that the library does not decode.
int cavif_is_unsupported(const cavif_reader *reader);
/// The size before rotation, which Pillow leaves to its caller.
uint32_t cavif_width(const cavif_reader *reader);
uint32_t cavif_height(const cavif_reader *reader);

/// Reads the first image into `pixels` [H×W×3] without alpha or color conversion. Returns 0 if `cavif_error` has a
/// message.
int cavif_read(cavif_reader *reader, uint8_t *pixels);
#endif
