#ifndef HEVC_H
#define HEVC_H

#include <stdint.h>

/// The settings of the images that this thread decodes.
struct hevc_settings {
    /// Whether the file itself has a color profile; otherwise that of the HEVC stream applies.
    int has_profile;
    int is_full_range, matrix, primaries;
    /// The largest number of pixels of a picture.
    int64_t largest_area;
    /// The decoder's first warning, or an empty string.
    char warning[96];
};

/// Registers the decoder at libheif once.
void hevc_register(void);
/// The settings of this thread.
struct hevc_settings *hevc_settings(void);
#endif
