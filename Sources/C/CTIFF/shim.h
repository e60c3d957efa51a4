#include <tiffio.h>

// Wrappers of variadic functions, which Swift cannot call. The value is unchanged if the tag is missing.
static inline int ctiff_short(TIFF *file, uint32_t tag, uint16_t *value) {
    return TIFFGetFieldDefaulted(file, tag, value);
}
static inline int ctiff_long(TIFF *file, uint32_t tag, uint32_t *value) { return TIFFGetField(file, tag, value); }
