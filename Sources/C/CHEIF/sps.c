// The size of the pictures of an HEVC stream, by ITU-T H.265, 7.3.2.2. The decoder allocates memory for any size.

#include "sps.h"

struct bits {
    uint8_t bytes[256];
    size_t count, position;
};

/// Copies the first bytes of a unit without those that only prevent a start code.
static void unescape(struct bits *bits, const uint8_t *unit, size_t count) {
    int zeros = 0;
    for (size_t i = 0; i < count && bits->count < sizeof bits->bytes; i++) {
        if (zeros >= 2 && unit[i] == 3) {
            zeros = 0;
            continue;
        }
        zeros = unit[i] == 0 ? zeros + 1 : 0;
        bits->bytes[bits->count++] = unit[i];
    }
}

/// Returns the next `count` bits as a number; those after the end are 0.
static uint32_t next(struct bits *bits, int count) {
    uint32_t value = 0;
    for (; count > 0; count--, bits->position++) {
        const size_t byte = bits->position / 8;
        value = value << 1 | (byte < bits->count ? bits->bytes[byte] >> (7 - bits->position % 8) & 1 : 0);
    }
    return value;
}

/// Returns the next number in Exp-Golomb code.
static uint32_t number(struct bits *bits) {
    int zeros = 0;
    while (zeros < 32 && next(bits, 1) == 0) zeros++;
    return zeros == 0 ? 0 : (uint32_t)((1ull << zeros) - 1 + next(bits, zeros < 32 ? zeros : 31));
}

/// Skips the profile and the level of the stream and of its layers.
static void skip_profiles(struct bits *bits, int layers) {
    uint32_t present[8][2] = {0};
    bits->position += 88 + 8;
    for (int i = 0; i < layers; i++) {
        for (int j = 0; j < 2; j++) present[i][j] = next(bits, 1);
    }
    if (layers > 0) bits->position += 2 * (size_t)(8 - layers);
    for (int i = 0; i < layers; i++) bits->position += 88 * present[i][0] + 8 * present[i][1];
}

int64_t sps_area(const uint8_t *unit, size_t count) {
    if (count < 2 || (unit[0] >> 1 & 63) != 33) return 0;
    struct bits bits = {.count = 0};
    unescape(&bits, unit + 2, count - 2);
    bits.position = 4;
    const int layers = (int)next(&bits, 3);
    bits.position += 1;
    skip_profiles(&bits, layers);
    number(&bits);
    // Colors in full resolution may be in planes of their own.
    if (number(&bits) == 3) bits.position += 1;
    const int64_t width = number(&bits), height = number(&bits);
    return height > 0 && width > INT64_MAX / height ? INT64_MAX : width * height;
}
