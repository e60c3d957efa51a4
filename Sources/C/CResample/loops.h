// Compiled once per instruction set, with LOOP(name) as the functions' names and TARGET as their attribute.

TARGET static void LOOP(rows)(const uint8_t *source, int64_t stride, int32_t rows, int32_t width,
                              const cresample_axis *axis, uint8_t *strip, uint8_t *target) {
    for (int32_t row = 0; row < rows; row += 4) {
        // Interleaves four rows so that one vector holds the same pixel of each, with four bytes per pixel.
        for (int32_t r = 0; r < 4; r++) {
            const uint8_t *from = source + stride * (row + r < rows ? row + r : rows - 1);
            uint8_t *to = strip + 4 * r;
            for (int32_t x = 0; x < width - 1; x++) memcpy(to + 16 * (int64_t)x, from + 3 * (int64_t)x, 4);
            // The last pixel may not be followed by a fourth byte.
            memcpy(to + 16 * (int64_t)(width - 1), from + 3 * (int64_t)(width - 1), 3);
        }
        uint8_t *line = target + 4 * (int64_t)axis->outputs * row;
        for (int32_t i = 0; i < axis->outputs; i++) {
            const uint8_t *pixel = strip + 16 * (int64_t)axis->first[i];
            const int32_t *weights = axis->weights + (int64_t)axis->taps * i;
            sums sum = HALF - (sums){0};
            for (int32_t k = 0; k < axis->count[i]; k++, pixel += 16) {
                bytes values;
                memcpy(&values, pixel, 16);
                sum += __builtin_convertvector(values, sums) * weights[k];
            }
            bytes values = CLIPPED(sum);
            for (int32_t r = 0; r < 4; r++) {
                memcpy(line + 4 * ((int64_t)axis->outputs * r + i), (const uint8_t *)&values + 4 * r, 4);
            }
        }
    }
}

TARGET static void LOOP(sum)(const uint8_t *rows, int64_t stride, int64_t length, int32_t count, const int32_t *weights,
                             uint8_t *target) {
    int64_t offset = 0;
    for (; offset + 64 <= length; offset += 64) {
        sums a = HALF - (sums){0}, b = a, c = a, d = a;
        const uint8_t *from = rows + offset;
        for (int32_t k = 0; k < count; k++, from += stride) {
            bytes values[4];
            memcpy(values, from, 64);
            a += __builtin_convertvector(values[0], sums) * weights[k];
            b += __builtin_convertvector(values[1], sums) * weights[k];
            c += __builtin_convertvector(values[2], sums) * weights[k];
            d += __builtin_convertvector(values[3], sums) * weights[k];
        }
        bytes values[4] = {CLIPPED(a), CLIPPED(b), CLIPPED(c), CLIPPED(d)};
        memcpy(target + offset, values, 64);
    }
    for (; offset < length; offset++) {
        int32_t sum = HALF;
        for (int32_t k = 0; k < count; k++) sum += rows[stride * k + offset] * weights[k];
        sum >>= BITS;
        target[offset] = (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
    }
}
