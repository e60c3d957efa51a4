// Draws records of scenes in whole numbers: the reference that Sources/Drawing is compared with, stage by stage.
//   cc -O3 -shared -fPIC draw.c -o draw.so
// Division truncates, as C's does, except in textures, where it rounds down.
#include <stdint.h>
#include <string.h>
#include "tables.h"

enum {
    PIXELS = 48,          // of the picture, on each side
    CELLS = 2 * PIXELS,   // of the canvas: a pixel is the mean of four cells
    UNIT = 16,            // units of length in a cell
    MOST = 128,           // vertices of one shape
    HEAD = 20,            // numbers that a record starts with
    FIGURE = 22           // numbers of each figure after them
};

// What the numbers at the start of a record are.
enum {
    SEED, FIGURES, GROUND, GROUND_FIRST, GROUND_SECOND = GROUND_FIRST + 3, GROUND_PERIOD = GROUND_SECOND + 3,
    GROUND_ANGLE, NOISE, BLUR, GAIN, LIFT, LIGHT_ANGLE, LIGHT, INVERTED, COLOUR_NOISE, SPECKS
};

// What the numbers of a figure are.
enum {
    SHAPE, X, Y, WIDTH, HEIGHT, ANGLE, TEXTURE, FIRST, SECOND = FIRST + 3, PERIOD = SECOND + 3, TEXTURE_ANGLE,
    OUTLINE, OUTLINE_COLOUR, IS_HOLLOW = OUTLINE_COLOUR + 3, WOBBLE
};

typedef struct { uint64_t state; } Random;

static int32_t between(Random *random, int32_t low, int32_t high) { // both included
    uint64_t z = random->state += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return low + (int32_t)(((z ^ (z >> 31)) >> 32) * (uint64_t)(high - low + 1) >> 32);
}

static int32_t sine(int32_t angle) { return sines[angle & 255]; }
static int32_t cosine(int32_t angle) { return sines[(angle + 64) & 255]; }
static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }
static int32_t most(int32_t a, int32_t b) { return a > b ? a : b; }
static int32_t within(int32_t low, int32_t value, int32_t high) { return most(low, least(value, high)); }

static int32_t quotient(int32_t a, int32_t b) { // rounded down
    int32_t q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}
static int32_t remainder_(int32_t a, int32_t b) { return a - quotient(a, b) * b; }

// How much of the second colour there is at (u, v), of 256.
static int32_t weight(int32_t texture, int32_t u, int32_t v, int32_t period, int32_t extent) {
    int32_t a, b;
    switch (texture) {
    case 1: return remainder_(quotient(u, period), 2) ? 256 : 0;
    case 2:
        a = remainder_(u, 2 * period) - period;
        b = remainder_(v, 2 * period) - period;
        return (a * a + b * b) * 100 < period * period * 52 ? 256 : 0;
    case 3: return remainder_(quotient(u, period) + quotient(v, period), 2) ? 256 : 0;
    case 4: return remainder_(u, 2 * period) * 3 < 2 * period || remainder_(v, 2 * period) * 3 < 2 * period ? 256 : 0;
    case 5: return within(0, 128 + u * 128 / most(extent, 1), 256);
    default: return 0;
    }
}

typedef struct { int32_t count, x[MOST], y[MOST], contour[MOST]; } Outline;

static Outline outline(const int32_t *f, Random *random) {
    Outline o = {0};
    int32_t s = sine(f[ANGLE]), c = cosine(f[ANGLE]), wobble = f[WOBBLE];
    for (int i = starts[f[SHAPE]]; i < starts[f[SHAPE] + 1]; i++) {
        int32_t x = vertices[i][0] * f[WIDTH] / 1024, y = vertices[i][1] * f[HEIGHT] / 1024, n = o.count++;
        o.x[n] = f[X] + (x * c - y * s) / 16384;
        o.y[n] = f[Y] + (x * s + y * c) / 16384;
        if (wobble) o.x[n] += between(random, -wobble, wobble);
        if (wobble) o.y[n] += between(random, -wobble, wobble);
        o.contour[n] = vertices[i][2];
    }
    return o;
}

static int next(const Outline *o, int i) { // the vertex that the edge from vertex i goes to
    if (i + 1 < o->count && o->contour[i + 1] == o->contour[i]) return i + 1;
    while (i > 0 && o->contour[i - 1] == o->contour[i]) i--;
    return i;
}

// Marks the cells inside: those whose centre has an odd number of edges to its left.
static void mark_inside(uint8_t *mask, const Outline *o) {
    memset(mask, 0, CELLS * CELLS);
    for (int row = 0; row < CELLS; row++) {
        int32_t y = row * UNIT + UNIT / 2, crossings[MOST], count = 0;
        for (int i = 0; i < o->count; i++) {
            int j = next(o, i);
            if ((o->y[i] <= y) == (o->y[j] <= y)) continue;
            int32_t across = o->x[j] - o->x[i], along = o->y[j] - o->y[i];
            crossings[count++] = o->x[i] + (int32_t)((int64_t)(y - o->y[i]) * across / along);
        }
        for (int a = 1; a < count; a++)
            for (int b = a; b > 0 && crossings[b - 1] > crossings[b]; b--) {
                int32_t other = crossings[b];
                crossings[b] = crossings[b - 1];
                crossings[b - 1] = other;
            }
        for (int a = 0; a + 1 < count; a += 2) {
            int32_t first = most(quotient(crossings[a] + UNIT / 2 - 1, UNIT), 0);
            int32_t last = least(quotient(crossings[a + 1] - UNIT / 2 - 1, UNIT), CELLS - 1);
            for (int32_t column = first; column <= last; column++) mask[row * CELLS + column] = 1;
        }
    }
}

// Marks the cells whose centre is no further than width from an edge.
static void mark_edges(uint8_t *mask, const Outline *o, int32_t width) {
    memset(mask, 0, CELLS * CELLS);
    for (int i = 0; i < o->count; i++) {
        int j = next(o, i);
        int32_t dx = o->x[j] - o->x[i], dy = o->y[j] - o->y[i];
        int64_t length = (int64_t)dx * dx + (int64_t)dy * dy;
        int32_t left = most(quotient(least(o->x[i], o->x[j]) - width, UNIT), 0);
        int32_t right = least(quotient(most(o->x[i], o->x[j]) + width, UNIT) + 1, CELLS - 1);
        int32_t top = most(quotient(least(o->y[i], o->y[j]) - width, UNIT), 0);
        int32_t bottom = least(quotient(most(o->y[i], o->y[j]) + width, UNIT) + 1, CELLS - 1);
        for (int32_t row = top; row <= bottom; row++)
            for (int32_t column = left; column <= right; column++) {
                int64_t x = column * UNIT + UNIT / 2 - o->x[i], y = row * UNIT + UNIT / 2 - o->y[i];
                int64_t along = x * dx + y * dy, across = x * dy - y * dx, distance;
                if (length == 0 || along <= 0) distance = x * x + y * y;
                else if (along >= length) distance = (x - dx) * (x - dx) + (y - dy) * (y - dy);
                else distance = across * across / length;
                if (distance <= (int64_t)width * width) mask[row * CELLS + column] = 1;
            }
    }
}

static void paint_texture(
    int32_t *canvas, const uint8_t *mask, int32_t texture, const int32_t *first, const int32_t *second, int32_t x,
    int32_t y, int32_t angle, int32_t period, int32_t extent) {
    int32_t s = sine(angle), c = cosine(angle);
    for (int row = 0; row < CELLS; row++)
        for (int column = 0; column < CELLS; column++) {
            if (mask && !mask[row * CELLS + column]) continue;
            int32_t px = column * UNIT + UNIT / 2 - x, py = row * UNIT + UNIT / 2 - y;
            int32_t u = (px * c + py * s) / 16384, v = (py * c - px * s) / 16384;
            int32_t w = weight(texture, u, v, most(period, 1), extent);
            for (int k = 0; k < 3; k++)
                canvas[(row * CELLS + column) * 3 + k] = first[k] + (second[k] - first[k]) * w / 256;
        }
}

static void paint_specks(int32_t *canvas, int32_t count, Random *random) {
    for (int i = 0; i < count; i++) {
        int32_t x = between(random, 0, CELLS - 1), y = between(random, 0, CELLS - 1), radius = between(random, 1, 5);
        int32_t colour[3];
        for (int k = 0; k < 3; k++) colour[k] = between(random, 0, 255);
        for (int32_t row = most(y - radius, 0); row <= least(y + radius, CELLS - 1); row++)
            for (int32_t column = most(x - radius, 0); column <= least(x + radius, CELLS - 1); column++) {
                if ((column - x) * (column - x) + (row - y) * (row - y) > radius * radius) continue;
                int32_t *cell = canvas + (row * CELLS + column) * 3;
                for (int k = 0; k < 3; k++) cell[k] = (cell[k] + colour[k]) / 2;
            }
    }
}

static void paint_figure(int32_t *canvas, const int32_t *f, Random *random) {
    uint8_t mask[CELLS * CELLS];
    Outline o = outline(f, random);
    if (!f[IS_HOLLOW]) {
        mark_inside(mask, &o);
        paint_texture(
            canvas, mask, f[TEXTURE], f + FIRST, f + SECOND, f[X], f[Y], f[TEXTURE_ANGLE], f[PERIOD],
            most(f[WIDTH], f[HEIGHT]));
    }
    if (f[OUTLINE] > 0) {
        mark_edges(mask, &o, f[OUTLINE]);
        for (int cell = 0; cell < CELLS * CELLS; cell++)
            if (mask[cell]) memcpy(canvas + cell * 3, f + OUTLINE_COLOUR, 3 * sizeof(int32_t));
    }
}

static void shrink(const int32_t *canvas, int32_t *picture) {
    for (int row = 0; row < PIXELS; row++)
        for (int column = 0; column < PIXELS; column++)
            for (int k = 0; k < 3; k++) {
                const int32_t *cell = canvas + (2 * row * CELLS + 2 * column) * 3 + k;
                int32_t sum = cell[0] + cell[3] + cell[CELLS * 3] + cell[CELLS * 3 + 3];
                picture[(row * PIXELS + column) * 3 + k] = sum / 4;
            }
}

static void blur(int32_t *picture) {
    int32_t sharp[PIXELS * PIXELS * 3];
    memcpy(sharp, picture, sizeof sharp);
    for (int row = 0; row < PIXELS; row++)
        for (int column = 0; column < PIXELS; column++)
            for (int k = 0; k < 3; k++) {
                int32_t sum = 0;
                for (int i = -1; i <= 1; i++)
                    for (int j = -1; j <= 1; j++) {
                        int32_t y = within(0, row + i, PIXELS - 1), x = within(0, column + j, PIXELS - 1);
                        sum += sharp[(y * PIXELS + x) * 3 + k];
                    }
                picture[(row * PIXELS + column) * 3 + k] = sum / 9;
            }
}

static void expose(const int32_t *q, const int32_t *picture, uint8_t *out, Random *random) {
    int32_t s = sine(q[LIGHT_ANGLE]), c = cosine(q[LIGHT_ANGLE]), noise = q[NOISE], colour_noise = q[COLOUR_NOISE];
    for (int row = 0; row < PIXELS; row++)
        for (int column = 0; column < PIXELS; column++) {
            int32_t x = 2 * column - PIXELS, y = 2 * row - PIXELS;
            int32_t gain = q[GAIN] + (x * c + y * s) / 16384 * q[LIGHT] / PIXELS;
            int32_t grain = noise ? between(random, -noise, noise) : 0;
            for (int k = 0; k < 3; k++) {
                int32_t place = (row * PIXELS + column) * 3 + k;
                int32_t value = picture[place] * gain / 256 + q[LIFT] + grain;
                if (colour_noise) value += between(random, -colour_noise, colour_noise);
                value = within(0, value, 255);
                out[place] = (uint8_t)(q[INVERTED] ? 255 - value : value);
            }
        }
}

// Draws one record; canvas [96x96x3] and picture [48x48x3] hold what came before the last stage.
void draw(const int32_t *q, int32_t *canvas, int32_t *picture, uint8_t *out) {
    Random random = {(uint64_t)(uint32_t)q[SEED] * 0x9E3779B97F4A7C15ull + 1};
    int32_t middle = CELLS * UNIT / 2;
    paint_texture(
        canvas, 0, q[GROUND], q + GROUND_FIRST, q + GROUND_SECOND, middle, middle, q[GROUND_ANGLE], q[GROUND_PERIOD],
        middle);
    paint_specks(canvas, q[SPECKS], &random);
    for (int i = 0; i < q[FIGURES]; i++) paint_figure(canvas, q + HEAD + i * FIGURE, &random);
    shrink(canvas, picture);
    for (int i = 0; i < q[BLUR]; i++) blur(picture);
    expose(q, picture, out, &random);
}

// Draws count records of stride numbers each into out [count x 48 x 48 x 3].
void draw_all(const int32_t *records, int count, int stride, uint8_t *out) {
    int32_t canvas[CELLS * CELLS * 3], picture[PIXELS * PIXELS * 3];
    for (int64_t i = 0; i < count; i++) draw(records + i * stride, canvas, picture, out + i * PIXELS * PIXELS * 3);
}
