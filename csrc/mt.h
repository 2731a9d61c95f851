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

enum mt_dtype { MT_F32, MT_BF16, MT_F16 };

typedef void (*mt_range_fn)(const void *operands, size_t begin, size_t end);

/* A matrix [rows, cols] packed in panels [ceil(rows / 16)][cols][16]; missing rows are zeros. MT_F32: 16
 * floats. MT_BF16: 8 words, word j holding lane j in its low half and lane j + 8 in its high half, so that a
 * shift and a mask widen it. */
struct mt_matrix {
    size_t rows, cols;
    enum mt_dtype dtype;
    void *panels;
};

static inline size_t mt_num_panels(const struct mt_matrix *matrix) {
    return (matrix->rows + MT_PANEL - 1) / MT_PANEL;
}

static inline size_t mt_panel_bytes(const struct mt_matrix *matrix) {
    return matrix->cols * MT_PANEL * (matrix->dtype == MT_BF16 ? 2 : 4);
}

/* Strides are in elements. Items: panels. */
struct mt_pack {
    const void *w;
    size_t w_stride;
    enum mt_dtype dtype; /* of w */
    struct mt_matrix packed;
};

/* out[m] = weight[ids[m]]. Items: m. */
struct mt_embed {
    struct mt_matrix weight;
    const int32_t *ids;
    float *out;
};

/* out[m, n] = sum over k of x[m, k] * weight[n, k], added to out if `adds`. Items: panels. */
struct mt_linear {
    const float *x;
    size_t x_stride, num_rows;
    struct mt_matrix weight;
    float *out;
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
    float *k_cache, *v_cache;
    const int32_t *slots;
};

enum mt_activation { MT_SILU, MT_GELU, MT_GELU_TANH, MT_RELU };

/* out[m, f] = act(x[m, f]) for activate, act(x[m, f]) * x[m, F + f] for activate_mul. Items: m. */
struct mt_activate {
    const float *x;
    size_t x_stride, cols; /* cols: of out, F */
    enum mt_activation activation;
    float *out;
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
    const float *k_cache, *v_cache;
    const int32_t *block_tables;
    size_t table_stride;
    const int32_t *query_start, *context_lens;
    size_t num_heads, num_kv_heads, head_dim, block_size;
    float scale;
    size_t reach_left, reach_right; /* a query sees so many positions before and after its own */
    float soft_cap;                 /* 0: none */
    float *out;
    const struct mt_attention_item *items;
    size_t num_chunks;
    float *parts; /* [m][head][num_chunks][2 + head_dim]: maximum, sum and weighted values of one chunk */
};

struct mt_kernels {
    const char *name;
    mt_range_fn pack, embed, linear, rms_norm, rms_norm_heads, layer_norm, rope, write_kv;
    mt_range_fn activate, activate_mul, soft_cap;
    mt_range_fn attention, attention_part, attention_merge;
};

/* The builds this machine can run, fastest first, ending in NULL. */
const struct mt_kernels *const *mt_builds(void);

#endif
