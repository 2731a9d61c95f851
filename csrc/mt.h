/* Shared by every C file: the operations, their operands, and the table that one ISA's build fills.
 *
 * An operation is a function over a range of its items (panels, rows, tiles). Ranges are independent, so the
 * pool may split them as it likes; an item's result never depends on the range it came in. Pointers and
 * shapes were checked by the caller. Kernels neither allocate nor keep state.
 */
#ifndef MT_H
#define MT_H

#include <stddef.h>
#include <stdint.h>

#define MT_CONCAT_(a, b) a##_##b
#define MT_CONCAT(a, b) MT_CONCAT_(a, b)
/* Name of a symbol in the build for one ISA: MT_FN(linear) is linear_avx2 under -DMT_ISA=avx2. */
#define MT_FN(name) MT_CONCAT(name, MT_ISA)

#define MT_MIN(a, b) ((a) < (b) ? (a) : (b))
#define MT_MAX(a, b) ((a) > (b) ? (a) : (b))

enum { MT_PANEL = 16 };     /* output rows of a weight that lie side by side */
enum { MT_CHUNK = 256 };    /* context positions that attention reduces together */
enum { MT_ITEM_ROWS = 24 }; /* query rows of one attention item, at most */
enum { MT_MAX_HEAD_DIM = 512 };

enum { MT_GROUP = 32 };     /* columns of a quantised weight that share a scale; of a tile in bf16 */
enum { MT_LEVELS = 32767 }; /* of quantised activations, to each side of 0 */

/* How a matrix is packed; MT_F16 only how it was stored. */
enum mt_dtype { MT_F32, MT_BF16, MT_INT8, MT_INT4, MT_F16 };

typedef void (*mt_range_fn)(const void *operands, size_t begin, size_t end);

/* A matrix [rows, cols] packed in panels of 16 rows, columns one after another; missing rows are zeros.
 *
 * MT_F32 [cols][16]: floats.
 * MT_BF16 [cols / 2][16]: words of two columns, the first in the low half: a shift and a mask widen them, and
 * AMX multiplies them. Half of the last words is zeros if the number of columns is odd.
 * MT_INT8 [groups]: 16 scales in float16, then [8][16] words of four columns, signed bytes in the order 0, 2,
 * 1, 3: shifts widen them to pairs of neighbours. The value is byte * scale * matrix scale.
 * MT_INT4 [groups]: 16 scales, then [8][16][2] bytes, of which the low halves hold two columns and
 * the high halves the next two. The value is (half - 8) * scale * matrix scale.
 * Columns that are missing in the last group of these are zeros. */
struct mt_matrix {
    size_t rows, cols;
    enum mt_dtype dtype;
    float scale; /* of all quantised values */
    void *panels;
};

static inline int mt_is_quantized(enum mt_dtype dtype) { return dtype == MT_INT8 || dtype == MT_INT4; }

static inline size_t mt_num_panels(const struct mt_matrix *matrix) {
    return (matrix->rows + MT_PANEL - 1) / MT_PANEL;
}

static inline size_t mt_num_groups(const struct mt_matrix *matrix) {
    return (matrix->cols + MT_GROUP - 1) / MT_GROUP;
}

static inline size_t mt_group_bytes(const struct mt_matrix *matrix) {
    size_t values = (size_t)MT_GROUP * MT_PANEL;
    return 2 * MT_PANEL + (matrix->dtype == MT_INT4 ? values / 2 : values);
}

static inline size_t mt_panel_bytes(const struct mt_matrix *matrix) {
    if (mt_is_quantized(matrix->dtype)) return mt_num_groups(matrix) * mt_group_bytes(matrix);
    if (matrix->dtype == MT_BF16) return (matrix->cols + 1) / 2 * MT_PANEL * 4;
    return matrix->cols * MT_PANEL * 4;
}

/* Strides are in elements. Items: panels. */
struct mt_pack {
    const void *w;
    size_t w_stride;
    enum mt_dtype dtype; /* of w; MT_INT8 comes with `scales` [rows][groups], float16, and is not rounded */
    const uint16_t *scales;
    size_t scales_stride;
    struct mt_matrix packed;
    int *is_unfit; /* set if a value is infinite, not a number, or too large for its scale */
};

/* out[m] = weight[ids[m]]. Items: m. */
struct mt_embed {
    struct mt_matrix weight;
    const int32_t *ids;
    float *out;
};

/* out[m, n] = sum over k of x[m, k] * weight[n, k], added to out if `adds`. Items: m for prepare, panels for
 * linear. */
struct mt_linear {
    const float *x;
    size_t x_stride, num_rows;
    void *prepared; /* what `linear` reads in place of x: prepared_bytes of them, made by `prepare` */
    struct mt_matrix weight;
    float *out;
    size_t out_stride;
    int adds;
};

/* out[m] = x[m] / sqrt(mean(x[m]^2) + eps) * weight. Items: m. */
struct mt_rms_norm {
    const float *x, *weight;
    size_t x_stride, cols;
    float eps;
    float *out;
};

/* x[m, h] = x[m, h] / sqrt(mean(x[m, h]^2) + eps) * weight. Items: m. */
struct mt_rms_norm_heads {
    float *x;
    const float *weight; /* [head_dim] */
    size_t x_stride, num_heads, head_dim;
    float eps;
};

/* out[m] = (x[m] - mean(x[m])) / sqrt(variance(x[m]) + eps) * weight + bias. Items: m. */
struct mt_layer_norm {
    const float *x, *weight, *bias; /* bias: may be NULL */
    size_t x_stride, cols;
    float eps;
    float *out;
};

/* x[m, h, i], x[m, h, i + half] rotated by the angle of positions[m] and i. Items: m. */
struct mt_rope {
    float *x;
    size_t x_stride, num_heads, head_dim, half;
    const float *cos_sin; /* [max_positions][2 * half] */
    const int32_t *positions;
};

/* Items: m. */
struct mt_write_kv {
    const float *k, *v;
    size_t k_stride, v_stride, num_heads, head_dim, block_size;
    void *k_cache, *v_cache;
    size_t block_stride; /* elements from one block to the next, in each of the caches */
    enum mt_dtype dtype; /* of the cache */
    const int32_t *slots;
};

/* Where the caches hold element i of a line in bf16: 16 lie as mt_load_bf16 reads them, the rest in order. */
static inline size_t mt_place_bf16(size_t i, size_t line) {
    return i < line - line % 16 ? i / 16 * 16 + i % 8 * 2 + i % 16 / 8 : i;
}

enum mt_activation { MT_SILU, MT_GELU, MT_GELU_TANH, MT_RELU };

/* out[m, f] = act(x[m, f]) for activate, act(x[m, f]) * x[m, F + f] for activate_mul. Items: m. */
struct mt_activate {
    const float *x;
    size_t x_stride, cols; /* cols: of out, F */
    enum mt_activation activation;
    float *out;
    size_t out_stride;
};

/* x = cap * tanh(x / cap). Items: runs of MT_CAP_RUN values. */
enum { MT_CAP_RUN = 1024 };
struct mt_soft_cap {
    float *x;
    size_t size;
    float cap;
};

/* Rows of one sequence that share a key head. Row r is query r / group, query head r % group of the key head.
 */
struct mt_attention_item {
    uint32_t sequence, kv_head;
    uint32_t first_row, num_rows;
};

/* Items: `items` for attention and attention_merge; items x num_chunks, chunk fastest, for attention_part. */
struct mt_attention {
    const float *q;
    size_t q_stride;
    const void *k_cache, *v_cache; /* lines of MT_F32, or of MT_BF16 as mt_place_bf16 says */
    size_t block_stride;           /* elements from one block to the next, in each of them */
    enum mt_dtype dtype;           /* of the cache */
    const int32_t *block_tables;
    size_t table_stride;
    const int32_t *query_start, *context_lens;
    size_t num_heads, num_kv_heads, head_dim, block_size;
    float scale;
    size_t reach_left, reach_right; /* a query sees so many positions before and after its own */
    float soft_cap;                 /* 0: none */
    float *out;
    const struct mt_attention_item *items;
    size_t num_items, num_chunks;
    float *parts; /* [m][head][num_chunks][2 + head_dim]: maximum, sum and weighted values of one chunk */
};

/* How a token is chosen from a row; as the caller's array has it. */
struct mt_sampling {
    double temperature, top_k, top_p, min_p, uniform; /* temperature 0: the likeliest; top_k 0: all */
};

/* out[m] = a token of rows[m], or -1 if its largest value is not finite or some value is not a number.
 * Items: m. */
struct mt_sample {
    const float *const *rows;
    size_t num_rows, vocab_size;
    const struct mt_sampling *how;
    float *scratch; /* a thread's own: [MT_SAMPLE_ROWS][mt_sample_padded(vocab_size)] */
    int32_t *out;
};
enum { MT_SAMPLE_RUN = 1024, MT_SAMPLE_ROWS = 4 };
static inline size_t mt_sample_padded(size_t vocab_size) {
    return (vocab_size + MT_SAMPLE_RUN - 1) / MT_SAMPLE_RUN * MT_SAMPLE_RUN;
}

struct mt_kernels {
    const char *name;
    size_t (*prepared_bytes)(const struct mt_linear *op);
    mt_range_fn pack, embed, prepare, linear, rms_norm, rms_norm_heads, layer_norm, rope, write_kv;
    mt_range_fn activate, activate_mul, soft_cap;
    mt_range_fn attention, attention_part, attention_merge;
    mt_range_fn sample;
};

/* The builds this machine can run, fastest first, ending in NULL. */
const struct mt_kernels *const *mt_builds(void);

#endif
