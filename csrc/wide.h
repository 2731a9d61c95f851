/* Products of many rows where registers are few: weights are widened once for several tiles of rows.
 *
 * The rows go through a panel in blocks of columns, tile by tile. The first tile widens the weights of the
 * block as it multiplies by them and keeps them for the others, in L1. All tiles together fetch the block
 * that comes next, so that reading goes on while the others, which read no memory, are busy.
 */
#ifndef MT_WIDE_H
#define MT_WIDE_H

#include "integer.h"
#include "mt.h"
#include "vector.h"

enum {
    MT_BLOCK_COLS = 384, /* of a block, at most: 24 KB of floats */
    MT_ROW_POINTERS = (MT_TILE_ROWS + 2) / 3,
    MT_VECTORS = MT_PANEL / MT_WIDTH, /* of one panel */
};

/* Weights of a block, in the order of their columns: floats, or the pairs that mt_dot takes. */
union mt_wide {
    float floats[MT_BLOCK_COLS * MT_PANEL];
    struct mt_wide_group {
        int16_t values[MT_GROUP * MT_PANEL];
        float scales[MT_PANEL];
    } groups[MT_BLOCK_COLS / MT_GROUP];
};

struct mt_block {
    size_t begin, end; /* columns */
    const char *packed;
    union mt_wide *wide;
};

/* What a tile fetches: `step` bytes from `at` on for each column. */
struct mt_fetch {
    const char *at;
    size_t step;
};

/* Vector i of the words of one column or, in bf16, of two: of the first (s = 0) or the second. */
static MT_INLINE mt_vec mt_load_floats(const enum mt_dtype dtype, const char *words, size_t i,
                                       const size_t s) {
    mt_words bits = mt_load_words((const uint32_t *)(const void *)words + i * MT_WIDTH);
    if (dtype == MT_BF16) bits = s == 0 ? bits << 16 : bits & 0xffff0000u;
    return (mt_vec)bits;
}

/* Of the weights of four columns the first or the second pair. */
static MT_INLINE void mt_load_pair(const enum mt_dtype dtype, const uint8_t *bytes, const size_t s,
                                   mt_shorts *w) {
    MT_EACH (i, MT_VECTORS) {
        if (dtype == MT_INT8) {
            mt_shorts words = mt_load_shorts(bytes + i * 4 * MT_WIDTH);
            w[i] = (s == 0 ? words << 8 : words) >> 8;
        } else {
            mt_shorts words = mt_load_unsigned_bytes(bytes + i * 2 * MT_WIDTH);
            w[i] = s == 0 ? words & 15 : words >> 4;
        }
    }
}

/* A word's halves don't both fit in the registers beside the sums of many rows: the compiler forgets where p
 * points, and loads the word again. */
#if MT_WIDTH == 8
#define MT_FORGET_IF(crowded, p) \
    if (crowded) __asm__ volatile("" : "+r"(p))
/* Or the compiler loads the operands of all rows first, and has no registers left. */
#define MT_HOLD(sum) __asm__ volatile("" : "+x"(sum))
#else
#define MT_FORGET_IF(crowded, p) (void)(crowded)
#define MT_HOLD(sum) (void)0
#endif

#if MT_WIDTH < 16
#define MT_HAS_WIDE 1

/* --- tiles: R rows of x by one panel over a block of columns. sums: [R][16], continued ------------------ */

/* Float rows. Weights that are floats already are not copied: each tile of them is a first one. */
static MT_INLINE void mt_tile_floats(const size_t R, const enum mt_dtype dtype, const int is_first,
                                     const struct mt_linear *op, size_t row, const struct mt_block *block,
                                     struct mt_fetch fetch, float *sums) {
    const size_t cols = is_first && dtype == MT_BF16 ? 2 : 1; /* of a word */
    const size_t stride = op->x_stride, count = block->end - block->begin;
    const char *words = block->packed;
    float *wide = block->wide->floats;
    const float *x[MT_ROW_POINTERS];
    mt_vec acc[MT_TILE_ROWS * MT_VECTORS];
    MT_EACH (r, (R + 2) / 3) x[r] = op->x + (row + 3 * r) * stride + block->begin;
    MT_EACH (i, R * MT_VECTORS) acc[i] = mt_load(sums + i * MT_WIDTH);
    for (size_t k = 0; k < count; k += cols, words += 4 * MT_PANEL, fetch.at += cols * fetch.step) {
        __builtin_prefetch(fetch.at);
        MT_EACH (s, cols) {
            if (s > 0 && k + s == count) break;
            mt_vec w[MT_VECTORS];
            MT_FORGET_IF(cols == 2 && R >= 6, words);
            MT_EACH (i, MT_VECTORS) {
                float *kept = wide + (k + s) * MT_PANEL + i * MT_WIDTH;
                w[i] = is_first ? mt_load_floats(dtype, words, i, s) : mt_load(kept);
                if (cols == 2) mt_store(kept, w[i]);
            }
            MT_EACH (r, R) {
                mt_vec value = mt_all(x[r / 3][r % 3 * stride + k + s]);
                MT_EACH (i, MT_VECTORS)
                    acc[r * MT_VECTORS + i] = mt_fma(value, w[i], acc[r * MT_VECTORS + i]);
            }
        }
    }
    MT_EACH (i, R * MT_VECTORS) mt_store(sums + i * MT_WIDTH, acc[i]);
}

/* Pair s of a group's columns, of quantised weights. */
static MT_INLINE void mt_take_pair(const size_t R, const enum mt_dtype dtype, const int is_first,
                                   const size_t s, const uint8_t *bytes, struct mt_wide_group *group,
                                   mt_shorts *w) {
    int16_t *values = group->values + s * 2 * MT_PANEL;
    if (!is_first) {
        MT_EACH (i, MT_VECTORS) w[i] = mt_load_shorts(values + i * 2 * MT_WIDTH);
        return;
    }
    bytes += s / 2 * (dtype == MT_INT8 ? 4 * MT_PANEL : 2 * MT_PANEL);
    MT_FORGET_IF(R >= 6, bytes);
    mt_load_pair(dtype, bytes, s % 2, w);
    MT_EACH (i, MT_VECTORS) {
        if (dtype == MT_INT4) w[i] -= 8;
        memcpy(values + i * 2 * MT_WIDTH, &w[i], sizeof w[i]);
    }
}

/* Integer rows. */
static MT_INLINE void mt_tile_integers(const size_t R, const enum mt_dtype dtype, const int is_first,
                                       const struct mt_linear *op, size_t row, const struct mt_block *block,
                                       struct mt_fetch fetch, float *sums) {
    const struct mt_integers integers = mt_integers_of(op);
    const size_t stride = integers.stride, group_bytes = mt_group_bytes(&op->weight);
    const uint8_t *packed = (const uint8_t *)block->packed;
    struct mt_wide_group *group = block->wide->groups;
    const int16_t *x[MT_ROW_POINTERS];
    mt_vec totals[MT_TILE_ROWS * MT_VECTORS];
    MT_EACH (r, (R + 2) / 3) x[r] = integers.values + (row + 3 * r) * stride + block->begin;
    MT_EACH (i, R * MT_VECTORS) totals[i] = mt_load(sums + i * MT_WIDTH);
    for (size_t k = block->begin; k < block->end; k += MT_GROUP, group++, packed += group_bytes) {
        mt_ints acc[MT_TILE_ROWS * MT_VECTORS];
        MT_EACH (i, R * MT_VECTORS) acc[i] = mt_all_ints(0);
        MT_EACH (s, MT_GROUP / 2) {
            mt_shorts w[MT_VECTORS];
            if (s % 2 == 0) {
                __builtin_prefetch(fetch.at);
                fetch.at += 4 * fetch.step;
            }
            mt_take_pair(R, dtype, is_first, s, packed + 2 * MT_PANEL, group, w);
            MT_EACH (r, R) {
                mt_shorts pair = mt_all_pairs(&x[r / 3][r % 3 * stride + 2 * s]);
                MT_EACH (i, MT_VECTORS) {
                    mt_ints *sum = &acc[r * MT_VECTORS + i];
                    *sum = mt_dot(*sum, w[i], pair);
                    MT_HOLD(*sum);
                }
            }
        }
        MT_EACH (i, MT_VECTORS) {
            float *scales = group->scales + i * MT_WIDTH;
            mt_vec scale = is_first ? mt_load_f16((const uint16_t *)(const void *)packed + i * MT_WIDTH)
                                    : mt_load(scales);
            if (is_first) mt_store(scales, scale);
            MT_EACH (r, R) totals[r * MT_VECTORS + i] += mt_to_floats(acc[r * MT_VECTORS + i]) * scale;
        }
        MT_EACH (r, (R + 2) / 3) x[r] += MT_GROUP;
    }
    MT_EACH (i, R * MT_VECTORS) mt_store(sums + i * MT_WIDTH, totals[i]);
}

typedef void (*mt_wide_fn)(const struct mt_linear *op, size_t row, const struct mt_block *block,
                           struct mt_fetch fetch, float *sums);

#define MT_DEFINE_WIDE(kind, name, dtype, is_first, R)                                                   \
    static void mt_wide_##name##_##R(const struct mt_linear *op, size_t row, const struct mt_block *block, \
                                     struct mt_fetch fetch, float *sums) {                               \
        mt_tile_##kind(R, dtype, is_first, op, row, block, fetch, sums);                                 \
    }
#define MT_DEFINE_WIDE_TILES(R)                    \
    MT_DEFINE_WIDE(floats, f32, MT_F32, 1, R)      \
    MT_DEFINE_WIDE(floats, bf16, MT_BF16, 1, R)    \
    MT_DEFINE_WIDE(integers, int8, MT_INT8, 1, R)  \
    MT_DEFINE_WIDE(integers, int4, MT_INT4, 1, R)  \
    MT_DEFINE_WIDE(floats, floats, MT_BF16, 0, R)  \
    MT_DEFINE_WIDE(integers, integers, MT_INT8, 0, R)
#define MT_WIDE_TILES(R)                                                                     \
    {{mt_wide_f32_##R, mt_wide_bf16_##R, mt_wide_int8_##R, mt_wide_int4_##R},                \
     {mt_wide_f32_##R, mt_wide_floats_##R, mt_wide_integers_##R, mt_wide_integers_##R}}

/* By number of rows; first tiles and others, by mt_dtype. */
#if MT_TILE_ROWS == 2
MT_DEFINE_WIDE_TILES(1)
MT_DEFINE_WIDE_TILES(2)
static const mt_wide_fn mt_wide_tiles[][2][4] = {{{0}}, MT_WIDE_TILES(1), MT_WIDE_TILES(2)};
#else
MT_DEFINE_WIDE_TILES(3)
MT_DEFINE_WIDE_TILES(4)
MT_DEFINE_WIDE_TILES(5)
MT_DEFINE_WIDE_TILES(6)
static const mt_wide_fn mt_wide_tiles[][2][4] = {
    {{0}}, {{0}}, {{0}}, MT_WIDE_TILES(3), MT_WIDE_TILES(4), MT_WIDE_TILES(5), MT_WIDE_TILES(6)};
#endif

/* Bytes of a panel that hold MT_GROUP columns. */
static MT_INLINE size_t mt_step_bytes(const struct mt_matrix *weight) {
    if (mt_is_quantized(weight->dtype)) return mt_group_bytes(weight);
    return MT_GROUP * MT_PANEL * (weight->dtype == MT_BF16 ? 2 : 4);
}

/* More rows than a tile has, by one panel: sums [num_rows][16], from zero. The tiles are of nearly equal
 * size, at least half of the largest. */
static MT_INLINE void mt_multiply_wide(const struct mt_linear *op, size_t row, size_t num_rows, size_t panel,
                                       float *sums) {
    const struct mt_matrix *weight = &op->weight;
    const size_t num_tiles = (num_rows + MT_TILE_ROWS - 1) / MT_TILE_ROWS;
    const size_t bytes = mt_step_bytes(weight), parts = num_tiles * MT_GROUP;
    _Alignas(64) union mt_wide wide;
    struct mt_block block = {
        .packed = (const char *)weight->panels + panel * mt_panel_bytes(weight),
        .wide = &wide,
    };
    const size_t num_blocks = (weight->cols + MT_BLOCK_COLS - 1) / MT_BLOCK_COLS;
    memset(sums, 0, num_rows * MT_PANEL * sizeof *sums);
    for (size_t b = 0; b < num_blocks; b++, block.begin = block.end) {
        block.end = MT_MIN(mt_num_groups(weight) * (b + 1) / num_blocks * MT_GROUP, weight->cols);
        size_t num_groups = (block.end - block.begin + MT_GROUP - 1) / MT_GROUP;
        struct mt_fetch fetch = {.at = block.packed + num_groups * bytes, .step = (bytes + parts - 1) / parts};
        for (size_t i = 0, first = 0; i < num_tiles; i++) {
            size_t last = num_rows * (i + 1) / num_tiles;
            mt_wide_tiles[last - first][i > 0][weight->dtype](op, row + first, &block, fetch,
                                                              sums + first * MT_PANEL);
            fetch.at += num_groups * MT_GROUP * fetch.step;
            first = last;
        }
        block.packed += num_groups * bytes;
    }
}

#endif
#endif
