/* Operations on one row at a time: norms, rotations, activations, cache writes. */
#include <math.h>

#include "mt.h"
#include "vector.h"

/* Sum of (x - shift)^2, or of x. */
static MT_INLINE float sum_row(const float *x, size_t cols, const int is_squared, float shift) {
    size_t whole = cols - cols % (4 * MT_WIDTH);
    mt_vec sums[4] = {mt_all(0), mt_all(0), mt_all(0), mt_all(0)};
    for (size_t c = 0; c < whole; c += 4 * MT_WIDTH)
        MT_EACH (i, 4) {
            mt_vec v = mt_load(x + c + i * MT_WIDTH) - mt_all(shift);
            sums[i] = is_squared ? mt_fma(v, v, sums[i]) : sums[i] + v;
        }
    for (size_t c = whole; c < cols; c += MT_WIDTH) {
        float lanes[MT_WIDTH] = {0};
        for (size_t i = 0; i < MT_MIN(cols - c, MT_WIDTH); i++) lanes[i] = x[c + i] - shift;
        mt_vec v = mt_load(lanes);
        sums[0] = is_squared ? mt_fma(v, v, sums[0]) : sums[0] + v;
    }
    return mt_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

static void rms_norm_row(const float *x, const float *weight, size_t cols, float eps, float *out) {
    float factor = 1.0f / sqrtf(sum_row(x, cols, 1, 0.0f) / (float)cols + eps);
    for (size_t c = 0; c < cols; c++) out[c] = x[c] * factor * weight[c];
}

void MT_FN(rms_norm)(const void *operands, size_t begin, size_t end) {
    const struct mt_rms_norm *op = operands;
    for (size_t m = begin; m < end; m++)
        rms_norm_row(op->x + m * op->x_stride, op->weight, op->cols, op->eps, op->out + m * op->cols);
}

void MT_FN(rms_norm_heads)(const void *operands, size_t begin, size_t end) {
    const struct mt_rms_norm_heads *op = operands;
    for (size_t m = begin; m < end; m++)
        for (size_t h = 0; h < op->num_heads; h++) {
            float *head = op->x + m * op->x_stride + h * op->head_dim;
            rms_norm_row(head, op->weight, op->head_dim, op->eps, head);
        }
}

void MT_FN(layer_norm)(const void *operands, size_t begin, size_t end) {
    const struct mt_layer_norm *op = operands;
    size_t cols = op->cols;
    for (size_t m = begin; m < end; m++) {
        const float *x = op->x + m * op->x_stride;
        float *out = op->out + m * cols;
        float mean = sum_row(x, cols, 0, 0.0f) / (float)cols;
        float factor = 1.0f / sqrtf(sum_row(x, cols, 1, mean) / (float)cols + op->eps);
        for (size_t c = 0; c < cols; c++) out[c] = (x[c] - mean) * factor * op->weight[c];
        for (size_t c = 0; op->bias != NULL && c < cols; c++) out[c] += op->bias[c];
    }
}

void MT_FN(rope)(const void *operands, size_t begin, size_t end) {
    const struct mt_rope *op = operands;
    size_t half = op->half;
    for (size_t m = begin; m < end; m++) {
        const float *restrict cos = op->cos_sin + (size_t)op->positions[m] * 2 * half;
        const float *restrict sin = cos + half;
        for (size_t h = 0; h < op->num_heads; h++) {
            float *restrict first = op->x + m * op->x_stride + h * op->head_dim;
            float *restrict second = first + half;
            for (size_t i = 0; i < half; i++) {
                float a = first[i], b = second[i];
                first[i] = a * cos[i] - b * sin[i];
                second[i] = b * cos[i] + a * sin[i];
            }
        }
    }
}

/* To the nearest, ties to even; what is not a number stays so. */
static MT_INLINE uint16_t narrow_bf16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (value != value) return (uint16_t)(bits >> 16 | 0x40);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/* Where the elements of one token begin for one head: its keys are block_size apart. */
struct kv_place {
    size_t k, v;
};

static MT_INLINE struct kv_place kv_place_of(const struct mt_write_kv *op, size_t m, size_t h) {
    size_t slot = (size_t)op->slots[m], block = slot / op->block_size, offset = slot % op->block_size;
    size_t base = block * op->block_stride + h * op->head_dim * op->block_size;
    size_t k = op->dtype == MT_BF16 ? mt_place_bf16(offset, op->block_size) : offset;
    return (struct kv_place){.k = base + k, .v = base + offset * op->head_dim};
}

/* Each element of a key lies in a line of its own, which is not in the cache: those of the next head are
 * fetched. */
static MT_INLINE void write_head(const struct mt_write_kv *op, size_t m, size_t h, struct kv_place at,
                                 struct kv_place next) {
    const float *k = op->k + m * op->k_stride + h * op->head_dim;
    const float *v = op->v + m * op->v_stride + h * op->head_dim;
    uint16_t *k_halves = (uint16_t *)op->k_cache + at.k, *v_halves = (uint16_t *)op->v_cache + at.v;
    float *k_floats = (float *)op->k_cache + at.k, *v_floats = (float *)op->v_cache + at.v;
    if (op->dtype == MT_BF16) {
        for (size_t d = 0; d < op->head_dim; d++) {
            __builtin_prefetch((uint16_t *)op->k_cache + next.k + d * op->block_size, 1);
            k_halves[d * op->block_size] = narrow_bf16(k[d]);
            v_halves[mt_place_bf16(d, op->head_dim)] = narrow_bf16(v[d]);
        }
        return;
    }
    for (size_t d = 0; d < op->head_dim; d++) {
        __builtin_prefetch((float *)op->k_cache + next.k + d * op->block_size, 1);
        k_floats[d * op->block_size] = k[d];
    }
    memcpy(v_floats, v, op->head_dim * sizeof *v);
}

void MT_FN(write_kv)(const void *operands, size_t begin, size_t end) {
    const struct mt_write_kv *op = operands;
    struct kv_place at = kv_place_of(op, begin, 0);
    for (size_t m = begin; m < end; m++)
        for (size_t h = 0; h < op->num_heads; h++) {
            size_t is_last = h + 1 == op->num_heads, next_m = MT_MIN(m + is_last, end - 1);
            struct kv_place next = kv_place_of(op, next_m, is_last ? 0 : h + 1);
            write_head(op, m, h, at, next);
            at = next;
        }
}

static MT_INLINE mt_vec activation_of(const enum mt_activation activation, mt_vec x) {
    switch (activation) {
        case MT_SILU: return x / (mt_all(1) + mt_exp(-x));
        case MT_GELU: return x * mt_normal_cdf(x);
        /* x (1 + tanh(u)) / 2 = x / (1 + exp(-2u)), u = sqrt(2 / pi) (x + 0.044715 x^3) */
        case MT_GELU_TANH: {
            mt_vec minus_2u = x * mt_fma(x * x, mt_all(-0.0713548163f), mt_all(-1.59576912f));
            return x / (mt_all(1) + mt_exp(minus_2u));
        }
        case MT_RELU: return mt_max(mt_all(0), x);
    }
    return x;
}

static MT_INLINE void activate_row(const enum mt_activation activation, const float *x, const float *up,
                                   size_t cols, float *out) {
    size_t whole = cols - cols % MT_WIDTH, rest = cols - whole;
    for (size_t c = 0; c < whole; c += MT_WIDTH) {
        mt_vec value = activation_of(activation, mt_load(x + c));
        mt_store(out + c, up == NULL ? value : value * mt_load(up + c));
    }
    if (rest == 0) return;
    mt_vec value = activation_of(activation, mt_load_first(x + whole, rest));
    mt_store_first(out + whole, up == NULL ? value : value * mt_load_first(up + whole, rest), rest);
}

static MT_INLINE void activate_rows(const struct mt_activate *op, size_t begin, size_t end,
                                    const int multiplies) {
    for (size_t m = begin; m < end; m++) {
        const float *x = op->x + m * op->x_stride, *up = multiplies ? x + op->cols : NULL;
        float *out = op->out + m * op->out_stride;
        switch (op->activation) {
            case MT_SILU: activate_row(MT_SILU, x, up, op->cols, out); break;
            case MT_GELU: activate_row(MT_GELU, x, up, op->cols, out); break;
            case MT_GELU_TANH: activate_row(MT_GELU_TANH, x, up, op->cols, out); break;
            case MT_RELU: activate_row(MT_RELU, x, up, op->cols, out); break;
        }
    }
}

void MT_FN(activate)(const void *operands, size_t begin, size_t end) {
    activate_rows(operands, begin, end, 0);
}

void MT_FN(activate_mul)(const void *operands, size_t begin, size_t end) {
    activate_rows(operands, begin, end, 1);
}

void MT_FN(soft_cap)(const void *operands, size_t begin, size_t end) {
    const struct mt_soft_cap *op = operands;
    size_t last = MT_MIN(end * MT_CAP_RUN, op->size);
    size_t i = begin * MT_CAP_RUN;
    for (; i + MT_WIDTH <= last; i += MT_WIDTH)
        mt_store(op->x + i, mt_capped(mt_load(op->x + i), op->cap));
    if (i < last) {
        mt_vec rest = mt_capped(mt_load_first(op->x + i, last - i), op->cap);
        mt_store_first(op->x + i, rest, last - i);
    }
}
