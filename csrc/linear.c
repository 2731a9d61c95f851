/* Packing, gathering and multiplying weights.
 *
 * Every output element is one accumulator summed over k in order, so its bits are the same in any tile. The
 * latency of the multiply-add is hidden by having many outputs in flight: several rows of x, or several
 * panels when x has few rows.
 */
#include "mt.h"
#include "vector.h"

enum {
    VECTORS = MT_PANEL / MT_WIDTH, /* of one panel */
    CHUNK_ROWS = 48,               /* of x, which stay in L2 while the panels go by */
    BLOCK_COLS = 768,              /* of a panel, which stay in L1 while the rows go by */
    PREFETCH_BYTES = 4096,
};

/* --- packing ------------------------------------------------------------------------------------------- */

static MT_INLINE float widen_f16(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16, magnitude = half & 0x7fff;
    uint32_t bits = (magnitude << 13) + ((127 - 15) << 23);
    float value;
    if (magnitude >= 0x7c00) bits += (128 - 16) << 23; /* infinity, not a number */
    if (magnitude < 0x0400) {                          /* zero, subnormal */
        value = (float)magnitude * 0x1p-24f;
        memcpy(&bits, &value, sizeof bits);
    }
    bits |= sign;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void pack_panel_bf16(const struct mt_pack *op, size_t panel) {
    size_t cols = op->packed.cols, first = panel * MT_PANEL;
    uint32_t *out = (uint32_t *)op->packed.panels + panel * cols * (MT_PANEL / 2);
    for (size_t c = 0; c < cols; c += 64) {
        size_t end = MT_MIN(c + 64, cols);
        for (size_t j = 0; j < MT_PANEL / 2; j++) {
            static const uint16_t zeros[64] = {0};
            size_t low_row = first + j, high_row = first + j + MT_PANEL / 2;
            const uint16_t *w = op->w;
            const uint16_t *low = low_row < op->packed.rows ? w + low_row * op->w_stride + c : zeros;
            const uint16_t *high = high_row < op->packed.rows ? w + high_row * op->w_stride + c : zeros;
            for (size_t i = c; i < end; i++)
                out[i * (MT_PANEL / 2) + j] = (uint32_t)low[i - c] | (uint32_t)high[i - c] << 16;
        }
    }
}

static void pack_panel_f32(const struct mt_pack *op, size_t panel) {
    size_t cols = op->packed.cols, first = panel * MT_PANEL;
    float *out = (float *)op->packed.panels + panel * cols * MT_PANEL;
    for (size_t c = 0; c < cols; c += 32) {
        size_t end = MT_MIN(c + 32, cols);
        for (size_t j = 0; j < MT_PANEL; j++) {
            size_t row = first + j;
            if (row >= op->packed.rows)
                for (size_t i = c; i < end; i++) out[i * MT_PANEL + j] = 0;
            else if (op->dtype == MT_F16)
                for (size_t i = c; i < end; i++)
                    out[i * MT_PANEL + j] = widen_f16(((const uint16_t *)op->w)[row * op->w_stride + i]);
            else
                for (size_t i = c; i < end; i++)
                    out[i * MT_PANEL + j] = ((const float *)op->w)[row * op->w_stride + i];
        }
    }
}

void MT_FN(pack)(const void *operands, size_t begin, size_t end) {
    const struct mt_pack *op = operands;
    for (size_t panel = begin; panel < end; panel++) {
        if (op->packed.dtype == MT_BF16)
            pack_panel_bf16(op, panel);
        else
            pack_panel_f32(op, panel);
    }
}

void MT_FN(embed)(const void *operands, size_t begin, size_t end) {
    const struct mt_embed *op = operands;
    size_t cols = op->weight.cols;
    for (size_t m = begin; m < end; m++) {
        size_t id = (size_t)op->ids[m], panel = id / MT_PANEL, lane = id % MT_PANEL;
        float *out = op->out + m * cols;
        if (op->weight.dtype == MT_BF16) {
            const uint32_t *words =
                (const uint32_t *)op->weight.panels + panel * cols * (MT_PANEL / 2) + lane % 8;
            for (size_t c = 0; c < cols; c++) {
                uint32_t word = words[c * (MT_PANEL / 2)], bits = lane < 8 ? word << 16 : word & 0xffff0000u;
                memcpy(out + c, &bits, sizeof bits);
            }
        } else {
            const float *values = (const float *)op->weight.panels + panel * cols * MT_PANEL + lane;
            for (size_t c = 0; c < cols; c++) out[c] = values[c * MT_PANEL];
        }
    }
}

/* --- multiplying --------------------------------------------------------------------------------------- */

/* R rows of x by P panels over cols [begin, end) of both. sums: [R][P * 16], continued. */
static MT_INLINE void tile(const size_t R, const size_t P, const enum mt_dtype dtype,
                           const struct mt_matrix *weight, const float *x, size_t x_stride, size_t panel,
                           size_t begin, size_t end, float *sums) {
    mt_vec acc[MT_TILE_ROWS * VECTORS];
    const size_t row_bytes = dtype == MT_BF16 ? 2 * MT_PANEL : 4 * MT_PANEL,
                 panel_bytes = weight->cols * row_bytes;
    const char *base = (const char *)weight->panels + panel * panel_bytes;
    MT_EACH (i, R * P * VECTORS) acc[i] = mt_load(sums + i * MT_WIDTH);
    for (size_t k = begin; k < end; k++) {
        MT_EACH (p, P) {
            const char *row = base + p * panel_bytes + k * row_bytes;
            mt_vec w[VECTORS];
            if (dtype == MT_BF16) {
                MT_EACH (i, VECTORS / 2) {
                    mt_words words = mt_load_words((const uint32_t *)row + i * MT_WIDTH);
                    w[i] = (mt_vec)(words << 16);
                    w[VECTORS / 2 + i] = (mt_vec)(words & 0xffff0000u);
                }
            } else {
                MT_EACH (i, VECTORS) w[i] = mt_load((const float *)row + i * MT_WIDTH);
            }
            __builtin_prefetch(row + PREFETCH_BYTES);
            MT_EACH (r, R) {
                mt_vec value = mt_all(x[r * x_stride + k]);
                MT_EACH (i, VECTORS) {
                    mt_vec *sum = &acc[(r * P + p) * VECTORS + i];
                    *sum = mt_fma(value, w[i], *sum);
                }
            }
        }
    }
    MT_EACH (i, R * P * VECTORS) mt_store(sums + i * MT_WIDTH, acc[i]);
}

typedef void (*tile_fn)(const struct mt_matrix *weight, const float *x, size_t x_stride, size_t panel,
                        size_t begin, size_t end, float *sums);

#define DEFINE_TILE(R, P)                                                                            \
    static void tile_f32_##R##x##P(const struct mt_matrix *weight, const float *x, size_t x_stride,  \
                                   size_t panel, size_t begin, size_t end, float *sums) {            \
        tile(R, P, MT_F32, weight, x, x_stride, panel, begin, end, sums);                            \
    }                                                                                                \
    static void tile_bf16_##R##x##P(const struct mt_matrix *weight, const float *x, size_t x_stride, \
                                    size_t panel, size_t begin, size_t end, float *sums) {           \
        tile(R, P, MT_BF16, weight, x, x_stride, panel, begin, end, sums);                           \
    }

/* One tile for each number of rows, over one panel and over as many as are needed to keep the units busy. */
struct tile_set {
    size_t panels;
    tile_fn one[2], many[2]; /* by mt_dtype */
};
#define TILE_SET(R, P)                                                                        \
    {                                                                                         \
        P, {tile_f32_##R##x1, tile_bf16_##R##x1}, { tile_f32_##R##x##P, tile_bf16_##R##x##P } \
    }

DEFINE_TILE(1, 1)
DEFINE_TILE(2, 1)
#if MT_TILE_ROWS == 2
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

/* sums: [num_rows][num_panels * 16] for rows of out from `row` on. */
static void put(const struct mt_linear *op, size_t row, size_t num_rows, size_t panel, size_t num_panels,
                const float *sums) {
    size_t stride = num_panels * MT_PANEL, first = panel * MT_PANEL;
    size_t n = MT_MIN(stride, op->weight.rows - first);
    for (size_t r = 0; r < num_rows; r++) {
        float *restrict out = op->out + (row + r) * op->weight.rows + first;
        const float *restrict from = sums + r * stride;
        if (op->adds)
            for (size_t i = 0; i < n; i++) out[i] += from[i];
        else
            memcpy(out, from, n * sizeof *out);
    }
}

/* All rows fit in one tile: each panel is read once, from memory. */
static void multiply_few_rows(const struct mt_linear *op, size_t begin, size_t end) {
    const struct tile_set *set = &tile_sets[op->num_rows];
    for (size_t panel = begin; panel < end;) {
        int fits = panel + set->panels <= end;
        size_t num_panels = fits ? set->panels : 1;
        float sums[MT_TILE_ROWS * MT_PANEL] = {0};
        (fits ? set->many : set->one)[op->weight.dtype](&op->weight, op->x, op->x_stride, panel, 0,
                                                        op->weight.cols, sums);
        put(op, 0, op->num_rows, panel, num_panels, sums);
        panel += num_panels;
    }
}

/* A chunk of rows by one panel: the panel in blocks that fit L1, the rows in tiles of nearly equal size. */
static void multiply_chunk(const struct mt_linear *op, size_t row, size_t num_rows, size_t panel) {
    float sums[CHUNK_ROWS * MT_PANEL] = {0};
    size_t num_tiles = (num_rows + MT_TILE_ROWS - 1) / MT_TILE_ROWS;
    for (size_t begin = 0; begin < op->weight.cols; begin += BLOCK_COLS) {
        size_t end = MT_MIN(begin + BLOCK_COLS, op->weight.cols);
        for (size_t i = 0, first = 0; i < num_tiles; i++) {
            size_t last = num_rows * (i + 1) / num_tiles;
            tile_sets[last - first].one[op->weight.dtype](&op->weight, op->x + (row + first) * op->x_stride,
                                                          op->x_stride, panel, begin, end,
                                                          sums + first * MT_PANEL);
            first = last;
        }
    }
    put(op, row, num_rows, panel, 1, sums);
}

void MT_FN(linear)(const void *operands, size_t begin, size_t end) {
    const struct mt_linear *op = operands;
    if (op->num_rows <= MT_TILE_ROWS) {
        multiply_few_rows(op, begin, end);
        return;
    }
    for (size_t row = 0; row < op->num_rows; row += CHUNK_ROWS)
        for (size_t panel = begin; panel < end; panel++)
            multiply_chunk(op, row, MT_MIN(CHUNK_ROWS, op->num_rows - row), panel);
}
