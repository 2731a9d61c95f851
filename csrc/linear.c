/* Multiplying by weights.
 *
 * Every output element is one accumulator summed over k in order (of quantised weights: over the groups of
 * k), so its bits are the same in any tile. The latency of the multiply-add is hidden by having many outputs
 * in flight: several rows of x, or several panels when x has few rows.
 *
 * Quantised weights meet activations in 16-bit integers. The sum within a group is exact. It becomes a
 * float, is multiplied by the group's scale and added, each step rounded by itself: every build and the twin
 * agree to the bit.
 */
#include "integer.h"
#include "mt.h"
#include "tiles.h"
#include "vector.h"
#include "wide.h"

enum {
    VECTORS = MT_PANEL / MT_WIDTH,       /* of one panel */
    FEW_PANELS = MT_WIDTH == 4 ? 2 : 4,  /* that a single row goes through together */
    MANY_PANELS = MT_WIDTH == 16 ? 2 : 1, /* that many rows go through together */
    CHUNK_TILES = 48 / MT_TILE_ROWS,     /* of rows of x, which stay in L2 while the panels go by */
    CHUNK_ROWS = CHUNK_TILES * MT_TILE_ROWS,
    BLOCK_COLS = 768 / MANY_PANELS,      /* of a panel, which stay in L1 while the rows go by */
    PREFETCH_BYTES = 2048,
};

/* --- tiles: R rows of x by P panels over cols [begin, end) of both. sums: [R][P * 16], continued ------- */

/* How far ahead of `offset` in a panel to fetch: within the panel, then in the one that comes next, P further.
 */
static MT_INLINE size_t ahead(const size_t P, size_t offset, size_t panel_bytes) {
    size_t distance = MT_MIN((size_t)PREFETCH_BYTES, panel_bytes);
    return offset + distance < panel_bytes ? distance : distance + (P - 1) * panel_bytes;
}

/* One or two rows of x by the words of P panels, of `count` columns. */
static MT_INLINE void multiply_words(const size_t R, const size_t P, const enum mt_dtype dtype,
                                     const char *words, size_t panel_bytes, size_t count, const float *x,
                                     size_t stride, mt_vec *acc) {
    mt_vec first[2], second[2];
    MT_EACH (r, R) {
        first[r] = mt_all(x[r * stride]);
        second[r] = count > 1 ? mt_all(x[r * stride + 1]) : mt_all(0);
    }
    MT_EACH (p, P)
        MT_EACH (i, VECTORS)
            MT_EACH (r, R) {
                mt_vec *sum = &acc[(r * P + p) * VECTORS + i];
                *sum = mt_fma(first[r], mt_load_floats(dtype, words + p * panel_bytes, i, 0), *sum);
                if (dtype == MT_BF16)
                    *sum = mt_fma(second[r], mt_load_floats(dtype, words + p * panel_bytes, i, 1), *sum);
            }
}

/* x: float rows. */
static MT_INLINE void tile_floats(const size_t R, const size_t P, const enum mt_dtype dtype,
                                  const struct mt_linear *op, size_t row, size_t panel, size_t begin,
                                  size_t end, float *sums) {
    mt_vec acc[MT_TILE_ROWS * 2 * VECTORS];
    const size_t steps = dtype == MT_BF16 ? 2 : 1, word_bytes = 4 * MT_PANEL, stride = op->x_stride,
                 panel_bytes = mt_panel_bytes(&op->weight);
    const char *base = (const char *)op->weight.panels + panel * panel_bytes;
    const float *x[(MT_TILE_ROWS + 2) / 3];
    MT_EACH (r, (R + 2) / 3) x[r] = op->x + (row + 3 * r) * stride;
    MT_EACH (i, R * P * VECTORS) acc[i] = mt_load(sums + i * MT_WIDTH);
    for (size_t k = begin; k < end; k += steps) {
        size_t offset = k / steps * word_bytes, distance = ahead(P, offset, panel_bytes);
        const char *column = base + offset;
        MT_EACH (p, P) __builtin_prefetch(column + p * panel_bytes + distance);
        if (R <= 2) {
            multiply_words(R, P, dtype, column, panel_bytes, MT_MIN(end - k, steps), x[0] + k, stride, acc);
            continue;
        }
        MT_EACH (s, steps) {
            if (s > 0 && k + s == end) break;
            mt_vec w[4 * VECTORS];
            MT_FORGET_IF(R * P >= 6, column);
            MT_EACH (p, P)
                MT_EACH (i, VECTORS) w[p * VECTORS + i] = mt_load_floats(dtype, column + p * panel_bytes, i, s);
            MT_EACH (r, R) {
                mt_vec value = mt_all(x[r / 3][r % 3 * stride + k + s]);
                MT_EACH (i, P * VECTORS)
                    acc[r * P * VECTORS + i] = mt_fma(value, w[i], acc[r * P * VECTORS + i]);
            }
        }
    }
    MT_EACH (i, R * P * VECTORS) mt_store(sums + i * MT_WIDTH, acc[i]);
}

/* x: integer rows. */
static MT_INLINE void tile_integers(const size_t R, const size_t P, const enum mt_dtype dtype,
                                    const struct mt_linear *op, size_t row, size_t panel, size_t begin,
                                    size_t end, float *sums) {
    const struct mt_matrix *weight = &op->weight;
    const struct mt_integers integers = mt_integers_of(op);
    const size_t stride = integers.stride, num_groups = mt_num_groups(weight);
    const size_t group_bytes = mt_group_bytes(weight), panel_bytes = num_groups * group_bytes;
    const size_t word_bytes = dtype == MT_INT8 ? 4 * MT_PANEL : 2 * MT_PANEL; /* of four columns */
    const uint8_t *first = (const uint8_t *)weight->panels + panel * panel_bytes;
    const int16_t *x[(MT_TILE_ROWS + 2) / 3];
    MT_EACH (r, (R + 2) / 3) x[r] = integers.values + (row + 3 * r) * stride;
    for (size_t g = begin / MT_GROUP; g * MT_GROUP < end; g++) {
        const uint8_t *group = first + g * group_bytes;
        const uint8_t *bytes = group + 2 * MT_PANEL;
        mt_ints acc[MT_TILE_ROWS * 2 * VECTORS];
        MT_EACH (r, R) {
            int32_t offset = dtype == MT_INT8 ? 0 : integers.offsets[(row + r) * num_groups + g];
            MT_EACH (i, P * VECTORS) acc[r * P * VECTORS + i] = mt_all_ints(offset);
        }
        for (size_t k = g * MT_GROUP; k < (g + 1) * MT_GROUP; k += 4, bytes += word_bytes) {
            size_t distance = ahead(P, (size_t)(bytes - first), panel_bytes);
            MT_EACH (p, P) __builtin_prefetch(bytes + p * panel_bytes + distance);
            MT_EACH (s, 2) {
                mt_shorts w[4 * VECTORS];
                const uint8_t *words = bytes;
                MT_FORGET_IF(R * P >= 6, words);
                MT_EACH (p, P) mt_load_pair(dtype, words + p * panel_bytes, s, w + p * VECTORS);
                MT_EACH (r, R) {
                    mt_shorts pair = mt_all_pairs(&x[r / 3][r % 3 * stride + k + 2 * s]);
                    MT_EACH (i, P * VECTORS) {
                        mt_ints *sum = &acc[r * P * VECTORS + i];
                        *sum = mt_dot(*sum, w[i], pair);
                        MT_HOLD(*sum);
                    }
                }
            }
        }
        MT_EACH (p, P)
            MT_EACH (i, VECTORS) {
                mt_vec scale =
                    mt_load_f16((const uint16_t *)(const void *)(group + p * panel_bytes) + i * MT_WIDTH);
                MT_EACH (r, R) {
                    float *sum = sums + ((r * P + p) * VECTORS + i) * MT_WIDTH;
                    mt_store(sum, mt_load(sum) + mt_to_floats(acc[(r * P + p) * VECTORS + i]) * scale);
                }
            }
    }
}

typedef void (*tile_fn)(const struct mt_linear *op, size_t row, size_t panel, size_t begin, size_t end,
                        float *sums);

#define DEFINE_ONE(kind, name, dtype, R, P)                                                              \
    static void tile_##name##_##R##x##P(const struct mt_linear *op, size_t row, size_t panel,            \
                                        size_t begin, size_t end, float *sums) {                         \
        tile_##kind(R, P, dtype, op, row, panel, begin, end, sums);                                      \
    }
#define DEFINE_TILE(R, P)                   \
    DEFINE_ONE(floats, f32, MT_F32, R, P)   \
    DEFINE_ONE(floats, bf16, MT_BF16, R, P) \
    DEFINE_ONE(integers, int8, MT_INT8, R, P) \
    DEFINE_ONE(integers, int4, MT_INT4, R, P)
#define ROW_OF(R, P) {tile_f32_##R##x##P, tile_bf16_##R##x##P, tile_int8_##R##x##P, tile_int4_##R##x##P}

/* One tile for each number of rows, over one panel and over as many as are needed to keep the units busy. */
struct tile_set {
    size_t panels;
    tile_fn one[4], many[4]; /* by mt_dtype */
};
#define TILE_SET(R, P) {P, ROW_OF(R, 1), ROW_OF(R, P)}

DEFINE_TILE(1, 1)
DEFINE_TILE(2, 1)
#if MT_WIDTH == 16
#define DEFINE_TILES(R) DEFINE_TILE(R, 1) DEFINE_TILE(R, 2)
DEFINE_TILE(1, 4)
DEFINE_TILE(2, 4)
DEFINE_TILES(3)
DEFINE_TILES(4)
DEFINE_TILES(5)
DEFINE_TILES(6)
DEFINE_TILES(7)
DEFINE_TILES(8)
DEFINE_TILES(9)
DEFINE_TILES(10)
DEFINE_TILES(11)
DEFINE_TILES(12)
static const struct tile_set tile_sets[] = {
    {0},            TILE_SET(1, 4), TILE_SET(2, 4), TILE_SET(3, 2),  TILE_SET(4, 2),
    TILE_SET(5, 2), TILE_SET(6, 2), TILE_SET(7, 2), TILE_SET(8, 2),  TILE_SET(9, 2),
    TILE_SET(10, 2), TILE_SET(11, 2), TILE_SET(12, 2)};
#elif MT_TILE_ROWS == 2
DEFINE_TILE(1, 2)
static const struct tile_set tile_sets[] = {{0}, TILE_SET(1, 2), TILE_SET(2, 1)};
#else
DEFINE_TILE(1, 4)
DEFINE_TILE(2, 2)
DEFINE_TILE(3, 1)
DEFINE_TILE(3, 2)
DEFINE_TILE(4, 1)
DEFINE_TILE(5, 1)
DEFINE_TILE(6, 1)
static const struct tile_set tile_sets[] = {
    {0}, TILE_SET(1, 4), TILE_SET(2, 2), TILE_SET(3, 2), TILE_SET(4, 1), TILE_SET(5, 1), TILE_SET(6, 1)};
#endif

/* --- matrices ------------------------------------------------------------------------------------------ */

/* out = from * scale, added to out if `adds`. */
static MT_INLINE void put_row(const float *restrict from, size_t n, float scale, const int adds,
                              float *restrict out) {
    size_t i = 0;
    for (; i + MT_WIDTH <= n; i += MT_WIDTH) {
        mt_vec value = mt_load(from + i) * mt_all(scale);
        mt_store(out + i, adds ? mt_load(out + i) + value : value);
    }
    for (; i < n; i++) out[i] = adds ? out[i] + from[i] * scale : from[i] * scale;
}

/* sums: [num_rows][num_panels * 16] for rows of out from `row` on. */
static void put(const struct mt_linear *op, size_t row, size_t num_rows, size_t panel, size_t num_panels,
                const float *sums) {
    size_t stride = num_panels * MT_PANEL, first = panel * MT_PANEL;
    size_t n = MT_MIN(stride, op->weight.rows - first);
    const float *scales = mt_is_quantized(op->weight.dtype) ? mt_integers_of(op).scales : NULL;
    float *out = op->out + row * op->out_stride + first;
    for (size_t r = 0; r < num_rows; r++, out += op->out_stride, sums += stride) {
        float scale = scales == NULL ? 1 : scales[row + r] * op->weight.scale;
        if (op->adds)
            put_row(sums, n, scale, 1, out);
        else
            put_row(sums, n, scale, 0, out);
    }
}

/* All rows fit in one tile: each panel is read once, from memory. */
static void multiply_few_rows(const struct mt_linear *op, size_t begin, size_t end) {
    const struct tile_set *set = &tile_sets[op->num_rows];
    for (size_t panel = begin; panel < end;) {
        int fits = panel + set->panels <= end;
        size_t num_panels = fits ? set->panels : 1;
        float sums[MT_TILE_ROWS * 2 * MT_PANEL] = {0};
        (fits ? set->many : set->one)[op->weight.dtype](op, 0, panel, 0, op->weight.cols, sums);
        put(op, 0, op->num_rows, panel, num_panels, sums);
        panel += num_panels;
    }
}

#ifndef MT_HAS_WIDE
/* A chunk of rows by MANY_PANELS panels or one: these in blocks that fit L1, the rows in tiles of nearly equal
 * size, more than half of the largest. */
static void multiply_chunk(const struct mt_linear *op, size_t row, size_t num_rows, size_t panel,
                           size_t num_panels) {
    float sums[CHUNK_ROWS * MANY_PANELS * MT_PANEL];
    size_t num_tiles = (num_rows + MT_TILE_ROWS - 1) / MT_TILE_ROWS, width = num_panels * MT_PANEL;
    memset(sums, 0, num_rows * width * sizeof *sums);
    for (size_t begin = 0; begin < op->weight.cols; begin += BLOCK_COLS) {
        size_t end = MT_MIN(begin + BLOCK_COLS, op->weight.cols);
        for (size_t i = 0, first = 0; i < num_tiles; i++) {
            size_t last = num_rows * (i + 1) / num_tiles;
            const struct tile_set *set = &tile_sets[last - first];
            (num_panels == 1 ? set->one : set->many)[op->weight.dtype](op, row + first, panel, begin, end,
                                                                       sums + first * width);
            first = last;
        }
    }
    put(op, row, num_rows, panel, num_panels, sums);
}
#else
static void multiply_chunk(const struct mt_linear *op, size_t row, size_t num_rows, size_t panel,
                           size_t num_panels) {
    _Alignas(64) float sums[CHUNK_ROWS * MT_PANEL];
    for (size_t last = panel + num_panels; panel < last; panel++) {
        const float *out = op->out + row * op->out_stride + panel * MT_PANEL;
        for (size_t r = 0; r < num_rows; r++) __builtin_prefetch(out + r * op->out_stride, 1);
        mt_multiply_wide(op, row, num_rows, panel, sums);
        put(op, row, num_rows, panel, 1, sums);
    }
}
#endif

#ifdef MT_HAS_TILES
#define DEFINE_TILES_BF16(T, P)                                                                            \
    static void tiles_##T##x##P(const struct mt_linear *op, int is_cold, size_t tile, size_t panel,        \
                                float *sums) {                                                             \
        size_t tile_bytes = mt_tile_bytes(op), panel_bytes = mt_panel_bytes(&op->weight);                  \
        const char *rows = (const char *)op->prepared + tile * tile_bytes;                                 \
        const char *panels = (const char *)op->weight.panels + panel * panel_bytes;                        \
        size_t num_rows = mt_tiling_of(op->num_rows).rows;                                                 \
        mt_multiply_bf16(T, P, is_cold, rows, num_rows, tile_bytes, panels, panel_bytes, sums);            \
    }
DEFINE_TILES_BF16(1, 1)
DEFINE_TILES_BF16(1, 2)
DEFINE_TILES_BF16(2, 1)
DEFINE_TILES_BF16(2, 2)

/* Tiles [first, last) by panels [begin, end), two by two. */
static void multiply_tiles(const struct mt_linear *op, size_t first, size_t last, size_t begin,
                           size_t end) {
    float sums[2 * MT_TILE * 2 * MT_PANEL];
    size_t rows = mt_tiling_of(op->num_rows).rows;
    for (size_t panel = begin; panel < end; panel += 2) {
        size_t num_panels = MT_MIN(end - panel, (size_t)2);
        for (size_t tile = first; tile < last; tile += 2) {
            size_t num_tiles = MT_MIN(last - tile, (size_t)2), row = tile * rows;
            if (num_panels == 2)
                (num_tiles == 2 ? tiles_2x2 : tiles_1x2)(op, tile == first, tile, panel, sums);
            else
                (num_tiles == 2 ? tiles_2x1 : tiles_1x1)(op, tile == first, tile, panel, sums);
            put(op, row, MT_MIN(num_tiles * rows, op->num_rows - row), panel, num_panels, sums);
        }
    }
}

/* Sums go straight to where they belong, if nothing is there already. */
#define DEFINE_WIDE(P)                                                                                     \
    static void wide_by_##P(const struct mt_linear *op, size_t panel) {                                    \
        float sums[MT_TILE * P * MT_PANEL], *out = op->out + panel * MT_PANEL;                             \
        size_t panel_bytes = mt_panel_bytes(&op->weight);                                                  \
        const char *panels = (const char *)op->weight.panels + panel * panel_bytes;                        \
        int is_direct = !op->adds && (panel + P) * MT_PANEL <= op->weight.rows;                            \
        mt_multiply_wide_bf16(P, op->prepared, op->num_rows, panels, panel_bytes, is_direct ? out : sums,  \
                              is_direct ? op->out_stride : P * MT_PANEL);                                  \
        if (!is_direct) put(op, 0, op->num_rows, panel, P, sums);                                          \
    }
DEFINE_WIDE(1)
DEFINE_WIDE(2)
DEFINE_WIDE(3)
DEFINE_WIDE(4)

static void multiply_one_tile(const struct mt_linear *op, size_t begin, size_t end) {
    static void (*const wide_by[])(const struct mt_linear *op, size_t panel) = {NULL, wide_by_1, wide_by_2,
                                                                                wide_by_3, wide_by_4};
    mt_configure_bf16(op->num_rows, 7);
    while (begin < end) {
        size_t num_panels = MT_MIN(end - begin, (size_t)4);
        wide_by[num_panels](op, begin);
        begin += num_panels;
    }
    _tile_release();
}

/* Functions of their own, so that nothing moves past the change of mode. */
#define DEFINE_ROW_BF16(P)                                                                                 \
    __attribute__((noinline)) static void row_by_##P(const struct mt_linear *op, size_t panel,             \
                                                     float *sums) {                                        \
        size_t panel_bytes = mt_panel_bytes(&op->weight);                                                  \
        const char *panels = (const char *)op->weight.panels + panel * panel_bytes;                        \
        mt_multiply_row(P, op->prepared, panels, panel_bytes, sums);                                       \
    }
DEFINE_ROW_BF16(1)
DEFINE_ROW_BF16(2)

static void linear_row(const struct mt_linear *op, size_t begin, size_t end) {
    enum { SUBNORMALS_ARE_ZEROS = 0x8040 }; /* those that are read, and results */
    for (size_t panel = begin; panel < end; panel += 2) {
        float sums[2 * MT_PANEL];
        size_t num_panels = MT_MIN(end - panel, (size_t)2);
        unsigned mode = _mm_getcsr();
        _mm_setcsr(mode | SUBNORMALS_ARE_ZEROS);
        (num_panels == 2 ? row_by_2 : row_by_1)(op, panel, sums);
        _mm_setcsr(mode);
        put(op, 0, 1, panel, num_panels, sums);
    }
}

/* As many tiles at a time as stay in L2 while the panels go by. */
static void linear_tiles(const struct mt_linear *op, size_t begin, size_t end) {
    enum { CHUNK_BYTES = 768 * 1024 };
    struct mt_tiling tiling = mt_tiling_of(op->num_rows);
    size_t step = MT_MAX(CHUNK_BYTES / mt_tile_bytes(op) / 2 * 2, (size_t)2);
    if (tiling.count == 1) {
        multiply_one_tile(op, begin, end);
        return;
    }
    mt_configure_bf16(tiling.rows, 6);
    for (size_t first = 0; first < tiling.count; first += step)
        multiply_tiles(op, first, MT_MIN(first + step, tiling.count), begin, end);
    _tile_release();
}
#endif

void MT_FN(linear)(const void *operands, size_t begin, size_t end) {
    const struct mt_linear *op = operands;
#ifdef MT_HAS_TILES
    if (op->weight.dtype == MT_BF16) {
        (op->num_rows == 1 ? linear_row : linear_tiles)(op, begin, end);
        return;
    }
#endif
    if (op->num_rows <= MT_TILE_ROWS) {
        multiply_few_rows(op, begin, end);
        return;
    }
    size_t num_tiles = (op->num_rows + MT_TILE_ROWS - 1) / MT_TILE_ROWS;
    size_t num_chunks = (num_tiles + CHUNK_TILES - 1) / CHUNK_TILES;
    for (size_t i = 0, row = 0; i < num_chunks; i++) {
        size_t last = op->num_rows * (num_tiles * (i + 1) / num_chunks) / num_tiles, num_rows = last - row;
        for (size_t panel = begin; panel < end;) {
            size_t num_panels = panel + MANY_PANELS <= end ? MANY_PANELS : 1;
            multiply_chunk(op, row, num_rows, panel, num_panels);
            panel += num_panels;
        }
        row = last;
    }
}
