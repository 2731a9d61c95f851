/* Products by tiles of AMX: up to 16 rows of activations by the panels of a weight.
 *
 * bf16: a float is the sum of three bf16 to its last bit, 8 bits of it each; their products with a weight
 * are exact, and are summed as floats. A row of a tile is a group of columns; an output element takes the
 * three parts of one group, then those of the next, whatever the tiles around it.
 *
 * Rows are spread evenly over tiles. Prepared rows lie as they are read: of a tile all groups, of a group all
 * parts, of a part all rows. Rows that are missing in the last tile are zeros.
 *
 * A single row leaves tiles nearly empty. It is multiplied by vectors, to the same bits: in what order a tile
 * adds up is known (Intel's manual, TDPBF16PS). Its parts are prepared as floats.
 */
#ifndef MT_TILES_H
#define MT_TILES_H

#if defined(__AMX_TILE__) && defined(__AMX_BF16__)
#define MT_HAS_TILES 1

#include <immintrin.h>
#include <string.h>

#include "mt.h"
#include "vector.h"

enum {
    MT_TILE = 16,      /* rows of a tile, at most */
    MT_LINE = 64,      /* bytes of a row of a tile */
    MT_BF16_PARTS = 3, /* of a float */
    MT_TILE_BYTES = MT_TILE * MT_LINE,
};

struct mt_tiling {
    size_t rows, count; /* of one tile; tiles */
};

static MT_INLINE struct mt_tiling mt_tiling_of(size_t num_rows) {
    size_t count = (num_rows + MT_TILE - 1) / MT_TILE;
    return (struct mt_tiling){.rows = (num_rows + count - 1) / count, .count = count};
}

/* Of a prepared tile. */
static MT_INLINE size_t mt_tile_bytes(const struct mt_linear *op) {
    return mt_tiling_of(op->num_rows).rows * mt_num_groups(&op->weight) * MT_BF16_PARTS * MT_LINE;
}

/* --- bf16: tiles 0 to 3 hold sums, the next `row_tiles` - 4 rows, the others panels --------------------- */

struct mt_tile_config {
    uint8_t palette, start_row, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
};

static MT_INLINE void mt_configure_bf16(size_t rows, size_t row_tiles) {
    struct mt_tile_config config = {.palette = 1};
    for (size_t i = 0; i < 8; i++) {
        config.row_bytes[i] = MT_LINE;
        config.rows[i] = i < row_tiles ? (uint8_t)rows : MT_GROUP / 2;
    }
    __asm__ volatile("" : : "m"(config)); /* some compilers take only its first bytes for read */
    _tile_loadconfig(&config);
}

/* Three parts of 32 floats, each cut off what is left of them, `stride` bytes from one to the next. What is
 * infinite becomes not a number. */
static MT_INLINE void mt_split_bf16(const float *x, char *out, size_t stride) {
    static const uint16_t places[32] = {1,  3,  5,  7,  9,  11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31,
                                        33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 63};
    const __m512i high_halves = _mm512_loadu_si512(places);
    mt_vec first = mt_load(x), second = mt_load(x + MT_WIDTH);
    MT_EACH (part, MT_BF16_PARTS) {
        _mm512_storeu_si512(out + part * stride,
                            _mm512_permutex2var_epi16((__m512i)first, high_halves, (__m512i)second));
        first -= (mt_vec)((mt_words)first & 0xffff0000u);
        second -= (mt_vec)((mt_words)second & 0xffff0000u);
    }
}

/* Where a group of P panels begins: [P] of `stride` bytes. The last may be shorter than a tile, which wants
 * zeros: it is copied to `padded`. */
static MT_INLINE const char *mt_group_of(const size_t P, const char *panels, size_t panel_bytes, size_t at,
                                         char *padded, size_t *stride) {
    *stride = panel_bytes;
    if (at + MT_TILE_BYTES <= panel_bytes) return panels + at;
    memset(padded, 0, P * MT_TILE_BYTES);
    MT_EACH (p, P) memcpy(padded + p * MT_TILE_BYTES, panels + p * panel_bytes + at, panel_bytes - at);
    __asm__ volatile("" ::: "memory"); /* the compiler does not know that tiles are loaded from memory */
    *stride = MT_TILE_BYTES;
    return padded;
}

/* T tiles of rows by P panels: sums [T * rows][P * 16]. */
static MT_INLINE void mt_multiply_bf16(const size_t T, const size_t P, const int is_cold, const char *rows,
                                       size_t num_rows, size_t tile_bytes, const char *panels,
                                       size_t panel_bytes, float *sums) {
    enum { PREFETCH_BYTES = 1024 };
    const size_t part_bytes = num_rows * MT_LINE, tile_sums = num_rows * P * MT_PANEL;
    const size_t distance = MT_MIN((size_t)PREFETCH_BYTES, panel_bytes);
    char padded[2 * MT_TILE_BYTES];
    _tile_zero(0);
    if (P > 1) _tile_zero(1);
    if (T > 1) _tile_zero(2);
    if (T > 1 && P > 1) _tile_zero(3);
    for (size_t at = 0; at < panel_bytes; at += MT_TILE_BYTES) {
        if (is_cold) {
            const char *next = panels + at + distance;
            if (at + distance >= panel_bytes) next += (P - 1) * panel_bytes;
            MT_EACH (i, MT_TILE) {
                __builtin_prefetch(next + i * MT_LINE);
                if (P > 1) __builtin_prefetch(next + panel_bytes + i * MT_LINE);
            }
        }
        size_t stride;
        const char *group = mt_group_of(P, panels, panel_bytes, at, padded, &stride);
        _tile_loadd(6, group, MT_LINE);
        if (P > 1) _tile_loadd(7, group + stride, MT_LINE);
        MT_EACH (part, MT_BF16_PARTS) {
            _tile_loadd(4, rows, MT_LINE);
            _tile_dpbf16ps(0, 4, 6);
            if (P > 1) _tile_dpbf16ps(1, 4, 7);
            if (T > 1) {
                _tile_loadd(5, rows + tile_bytes, MT_LINE);
                _tile_dpbf16ps(2, 5, 6);
                if (P > 1) _tile_dpbf16ps(3, 5, 7);
            }
            rows += part_bytes;
        }
    }
    _tile_stored(0, sums, P * MT_LINE);
    if (P > 1) _tile_stored(1, sums + MT_PANEL, P * MT_LINE);
    if (T > 1) _tile_stored(2, sums + tile_sums, P * MT_LINE);
    if (T > 1 && P > 1) _tile_stored(3, sums + tile_sums + MT_PANEL, P * MT_LINE);
}

/* One tile of rows by P panels, from memory: sums [rows][P * 16], `sum_stride` floats from row to row. Here tiles
 * 4 to 6 hold the parts of the rows, and 7 panels. */
static MT_INLINE void mt_multiply_wide_bf16(const size_t P, const char *rows, size_t num_rows,
                                            const char *panels, size_t panel_bytes, float *sums,
                                            size_t sum_stride) {
    enum { PREFETCH_BYTES = 2048 };
    const size_t part_bytes = num_rows * MT_LINE, distance = MT_MIN((size_t)PREFETCH_BYTES, panel_bytes);
    const size_t sum_bytes = sum_stride * sizeof *sums;
    char padded[4 * MT_TILE_BYTES];
    _tile_zero(0);
    if (P > 1) _tile_zero(1);
    if (P > 2) _tile_zero(2);
    if (P > 3) _tile_zero(3);
    for (size_t at = 0; at < panel_bytes; at += MT_TILE_BYTES, rows += MT_BF16_PARTS * part_bytes) {
        size_t stride;
        const char *group = mt_group_of(P, panels, panel_bytes, at, padded, &stride);
        const char *next = panels + at + distance + (at + distance < panel_bytes ? 0 : (P - 1) * panel_bytes);
        _tile_loadd(4, rows, MT_LINE);
        _tile_loadd(5, rows + part_bytes, MT_LINE);
        _tile_loadd(6, rows + 2 * part_bytes, MT_LINE);
#define FETCH(i) __builtin_prefetch(next + (i) % P * panel_bytes + (i) / P * MT_LINE)
#define MULTIPLY(p)                                    \
    if ((p) < P) {                                     \
        _tile_loadd(7, group + (p) * stride, MT_LINE); \
        MT_EACH (i, MT_TILE) FETCH((p) * MT_TILE + i); \
        _tile_dpbf16ps(p, 4, 7);                       \
        _tile_dpbf16ps(p, 5, 7);                       \
        _tile_dpbf16ps(p, 6, 7);                       \
    }
        MULTIPLY(0)
        MULTIPLY(1)
        MULTIPLY(2)
        MULTIPLY(3)
#undef MULTIPLY
#undef FETCH
    }
    _tile_stored(0, sums, sum_bytes);
    if (P > 1) _tile_stored(1, sums + MT_PANEL, sum_bytes);
    if (P > 2) _tile_stored(2, sums + 2 * MT_PANEL, sum_bytes);
    if (P > 3) _tile_stored(3, sums + 3 * MT_PANEL, sum_bytes);
}

/* --- bf16 by vectors ----------------------------------------------------------------------------------- */

/* The parts of 32 floats, as floats: [3][32]. */
static MT_INLINE void mt_split_floats(const float *x, float *out) {
    MT_EACH (i, MT_GROUP / MT_WIDTH) {
        mt_vec rest = mt_load(x + i * MT_WIDTH);
        MT_EACH (part, MT_BF16_PARTS) {
            mt_vec cut = (mt_vec)((mt_words)rest & 0xffff0000u);
            mt_store(out + part * MT_GROUP + i * MT_WIDTH, cut);
            rest -= cut;
        }
    }
}

/* A row by P panels: sums [P * 16]. As in a tile, the even columns of a group and the odd ones are sums by
 * themselves, which are added to each other and then to the sum of the groups before; subnormal numbers are
 * zeros, if the caller has set that. */
static MT_INLINE void mt_multiply_row(const size_t P, const float *x, const char *panels, size_t panel_bytes,
                                      float *sums) {
    enum { PREFETCH_BYTES = 2048 };
    const size_t distance = MT_MIN((size_t)PREFETCH_BYTES, panel_bytes);
    mt_vec totals[4];
    MT_EACH (p, P) totals[p] = mt_all(0);
    for (size_t at = 0; at < panel_bytes; at += MT_TILE_BYTES, x += MT_BF16_PARTS * MT_GROUP) {
        const size_t num_words = MT_MIN((panel_bytes - at) / MT_LINE, (size_t)MT_TILE);
        const char *words = panels + at;
        const char *next = words + distance + (at + distance < panel_bytes ? 0 : (P - 1) * panel_bytes);
        mt_vec even[4 * MT_BF16_PARTS], odd[4 * MT_BF16_PARTS];
        MT_EACH (i, P * MT_BF16_PARTS) even[i] = odd[i] = mt_all(0);
        for (size_t k = 0; k < num_words; k++)
            MT_EACH (p, P) {
                const size_t offset = p * panel_bytes + k * MT_LINE;
                mt_words pair = mt_load_words((const uint32_t *)(const void *)(words + offset));
                __builtin_prefetch(next + offset);
                MT_EACH (part, MT_BF16_PARTS) {
                    const float *values = x + part * MT_GROUP + 2 * k;
                    mt_vec *first = &even[p * MT_BF16_PARTS + part], *second = &odd[p * MT_BF16_PARTS + part];
                    *first = mt_fma(mt_all(values[0]), (mt_vec)(pair << 16), *first);
                    *second = mt_fma(mt_all(values[1]), (mt_vec)(pair & 0xffff0000u), *second);
                }
            }
        if (num_words < MT_TILE) /* the tile's zeros: they make of -0 a 0 */
            MT_EACH (i, P * MT_BF16_PARTS) {
                even[i] += mt_all(0);
                odd[i] += mt_all(0);
            }
        MT_EACH (part, MT_BF16_PARTS)
            MT_EACH (p, P) totals[p] += even[p * MT_BF16_PARTS + part] + odd[p * MT_BF16_PARTS + part];
    }
    MT_EACH (p, P) mt_store(sums + p * MT_PANEL, totals[p]);
}

#endif
#endif
