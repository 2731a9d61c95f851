/* Operations on one row at a time: norms, rotations, activations, cache writes. */
#include <math.h>

#include "mt.h"
#include "vector.h"

void MT_FN(rms_norm)(const void *operands, size_t begin, size_t end) {
    const struct mt_rms_norm *op = operands;
    size_t cols = op->cols, whole = cols - cols % (4 * MT_WIDTH);
    for (size_t m = begin; m < end; m++) {
        const float *x = op->x + m * op->x_stride;
        float *out = op->out + m * cols;
        mt_vec sums[4] = {mt_all(0), mt_all(0), mt_all(0), mt_all(0)};
        for (size_t c = 0; c < whole; c += 4 * MT_WIDTH)
            MT_EACH (i, 4) {
                mt_vec v = mt_load(x + c + i * MT_WIDTH);
                sums[i] = mt_fma(v, v, sums[i]);
            }
        for (size_t c = whole; c < cols; c += MT_WIDTH) {
            mt_vec v = mt_load_first(x + c, MT_MIN(cols - c, MT_WIDTH));
            sums[0] = mt_fma(v, v, sums[0]);
        }
        float mean = mt_sum((sums[0] + sums[1]) + (sums[2] + sums[3])) / (float)cols;
        float factor = 1.0f / sqrtf(mean + op->eps);
        for (size_t c = 0; c < cols; c++) out[c] = x[c] * factor * op->weight[c];
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

void MT_FN(write_kv)(const void *operands, size_t begin, size_t end) {
    const struct mt_write_kv *op = operands;
    size_t head_size = op->head_dim * op->block_size;
    for (size_t m = begin; m < end; m++) {
        size_t slot = (size_t)op->slots[m], block = slot / op->block_size, offset = slot % op->block_size;
        for (size_t h = 0; h < op->num_heads; h++) {
            size_t base = (block * op->num_heads + h) * head_size;
            const float *k = op->k + m * op->k_stride + h * op->head_dim;
            const float *v = op->v + m * op->v_stride + h * op->head_dim;
            float *k_out = op->k_cache + base + offset;
            for (size_t d = 0; d < op->head_dim; d++) k_out[d * op->block_size] = k[d];
            memcpy(op->v_cache + base + offset * op->head_dim, v, op->head_dim * sizeof *v);
        }
    }
}

static MT_INLINE mt_vec silu_mul(mt_vec gate, mt_vec up) { return gate / (mt_all(1) + mt_exp(-gate)) * up; }

void MT_FN(silu_mul)(const void *operands, size_t begin, size_t end) {
    const struct mt_silu_mul *op = operands;
    size_t cols = op->cols, whole = cols - cols % MT_WIDTH;
    for (size_t m = begin; m < end; m++) {
        const float *gate = op->gate_up + m * op->stride, *up = gate + cols;
        float *out = op->out + m * cols;
        for (size_t c = 0; c < whole; c += MT_WIDTH)
            mt_store(out + c, silu_mul(mt_load(gate + c), mt_load(up + c)));
        size_t rest = cols - whole;
        if (rest > 0)
            mt_store_first(out + whole,
                           silu_mul(mt_load_first(gate + whole, rest), mt_load_first(up + whole, rest)),
                           rest);
    }
}
