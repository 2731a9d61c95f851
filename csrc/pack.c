/* Weights into panels, rows of them out again, and activations to integers.
 *
 * All rounding is to nearest, ties to even, each step by itself: every build and the twin agree to the bit.
 */
#include "integer.h"
#include "mt.h"
#include "tiles.h"
#include "vector.h"

enum { EXPONENT = 0x7f800000, HALF_INFINITY = 0x7c00, NUM_DIVISORS = 8 };

static void report(const struct mt_pack *op, uint32_t is_unfit) {
    if (is_unfit) __atomic_store_n(op->is_unfit, 1, __ATOMIC_RELAXED);
}

static MT_INLINE uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Added to a float below 2^22 it rounds that to an integer, found in the low bits. */
static const float SHIFT = 12582912.0f;

static MT_INLINE float rounded(float value) { return value + SHIFT - SHIFT; }

static MT_INLINE uint16_t narrow_f16(float value) {
    uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
    uint32_t normal = (magnitude + 0xfff + (magnitude >> 13 & 1)) >> 13;
    if (magnitude >= 0x47800000) return (uint16_t)(sign | HALF_INFINITY);
    if (magnitude >= 0x38800000) return (uint16_t)(sign | (normal - (112 << 10)));
    return (uint16_t)(sign | (uint32_t)rounded((value < 0 ? -value : value) * 0x1p24f));
}

/* --- as stored ----------------------------------------------------------------------------------------- */

/* Words of two columns of one row, zeros past the last. */
static MT_INLINE uint32_t read_pair(const uint16_t *row, size_t c, size_t cols) {
    uint32_t pair = 0;
    memcpy(&pair, row + c, MT_MIN(cols - c, (size_t)2) * sizeof *row);
    return pair;
}

static void pack_panel_bf16(const struct mt_pack *op, size_t panel) {
    size_t cols = op->packed.cols, first = panel * MT_PANEL;
    size_t num_rows = MT_MIN(op->packed.rows - first, (size_t)MT_PANEL);
    size_t size = mt_panel_bytes(&op->packed);
    uint32_t *out = (uint32_t *)op->packed.panels + panel * size / sizeof *out;
    uint32_t is_unfit = 0;
    if (num_rows < MT_PANEL) memset(out, 0, size);
    for (size_t c = 0; c < cols; c += 2 * MT_GROUP) {
        size_t end = MT_MIN(c + 2 * MT_GROUP, cols);
        for (size_t j = 0; j < num_rows; j++) {
            const uint16_t *row = (const uint16_t *)op->w + (first + j) * op->w_stride;
            for (size_t i = c; i < end; i += 2) {
                uint32_t word = read_pair(row, i, cols);
                out[i / 2 * MT_PANEL + j] = word;
                is_unfit |= ((word & EXPONENT) == EXPONENT) | ((word << 16 & EXPONENT) == EXPONENT);
            }
        }
    }
    report(op, is_unfit);
}

/* Columns [begin, end) of a panel's rows as floats: [end - begin][16]. */
static void read_block(const struct mt_pack *op, size_t panel, size_t begin, size_t end, float *block) {
    for (size_t j = 0; j < MT_PANEL; j++) {
        size_t row = panel * MT_PANEL + j;
        const uint16_t *halves = (const uint16_t *)op->w + row * op->w_stride + begin;
        const float *floats = (const float *)op->w + row * op->w_stride + begin;
        if (row >= op->packed.rows)
            for (size_t i = 0; i < end - begin; i++) block[i * MT_PANEL + j] = 0;
        else if (op->dtype == MT_F16)
            for (size_t i = 0; i < end - begin; i++) block[i * MT_PANEL + j] = mt_widen_f16(halves[i]);
        else if (op->dtype == MT_F32)
            for (size_t i = 0; i < end - begin; i++) block[i * MT_PANEL + j] = floats[i];
        else
            for (size_t i = 0; i < end - begin; i++) {
                uint32_t bits = (uint32_t)halves[i] << 16;
                memcpy(block + i * MT_PANEL + j, &bits, sizeof bits);
            }
    }
}

static void pack_panel_f32(const struct mt_pack *op, size_t panel) {
    size_t cols = op->packed.cols;
    float *out = (float *)op->packed.panels + panel * cols * MT_PANEL;
    uint32_t is_unfit = 0;
    for (size_t c = 0; c < cols; c += 32) read_block(op, panel, c, MT_MIN(c + 32, cols), out + c * MT_PANEL);
    for (size_t i = 0; i < cols * MT_PANEL; i++) is_unfit |= (bits_of(out[i]) & EXPONENT) == EXPONENT;
    report(op, is_unfit);
}

/* --- quantised ----------------------------------------------------------------------------------------- */

/* One group of a panel: [32][16] integers and their 16 scales. */
struct group {
    int8_t values[MT_GROUP * MT_PANEL];
    uint16_t scales[MT_PANEL];
};

/* Where column i of a group lies, for its first row. */
static MT_INLINE size_t place_int8(size_t i) { return i / 4 * 4 * MT_PANEL + i % 2 * 2 + i % 4 / 2; }

static void put_group(const struct mt_matrix *packed, const struct group *group, uint8_t *out) {
    memcpy(out, group->scales, sizeof group->scales);
    out += sizeof group->scales;
    if (packed->dtype == MT_INT8) {
        for (size_t i = 0; i < MT_GROUP; i++)
            for (size_t j = 0; j < MT_PANEL; j++)
                out[place_int8(i) + j * 4] = (uint8_t)group->values[i * MT_PANEL + j];
        return;
    }
    for (size_t i = 0; i < MT_GROUP; i++)
        for (size_t j = 0; j < MT_PANEL; j++) {
            uint8_t half = (uint8_t)(group->values[i * MT_PANEL + j] + 8), *byte;
            byte = out + i / 4 * 32 + j * 2 + i % 2;
            *byte = i % 4 < 2 ? half : (uint8_t)(*byte | half << 4);
        }
}

/* The scale nearest to `wanted` in float16, and what it stands for. */
static MT_INLINE float choose_scale(const struct mt_matrix *packed, float wanted, uint16_t *scale) {
    *scale = narrow_f16(wanted / packed->scale);
    return mt_widen_f16(*scale) * packed->scale;
}

/* values = round(block / scale), within [lowest, highest]; errors: the sums of what it costs, squared. */
static MT_INLINE void round_group(const float *block, const float *scales, float lowest,
                                  float highest, int8_t *values, float *errors) {
    float inverse[MT_PANEL];
    for (size_t j = 0; j < MT_PANEL; j++) {
        inverse[j] = scales[j] == 0 ? 0 : 1 / scales[j];
        errors[j] = 0;
    }
    for (size_t i = 0; i < MT_GROUP; i++)
        for (size_t j = 0; j < MT_PANEL; j++) {
            float value = block[i * MT_PANEL + j], level = rounded(value * inverse[j]);
            level = level < lowest ? lowest : level > highest ? highest : level;
            float error = value - level * scales[j];
            errors[j] += error * error;
            values[i * MT_PANEL + j] = (int8_t)(int32_t)level;
        }
}

/* The value of each row that is farthest from zero; the first of several. */
static MT_INLINE void find_extremes(const float *block, float *extremes, uint32_t *is_unfit) {
    uint32_t largest[MT_PANEL] = {0}, unfit = 0;
    for (size_t j = 0; j < MT_PANEL; j++) extremes[j] = 0;
    for (size_t i = 0; i < MT_GROUP; i++)
        for (size_t j = 0; j < MT_PANEL; j++) {
            uint32_t magnitude = bits_of(block[i * MT_PANEL + j]) & 0x7fffffff;
            int is_larger = magnitude > largest[j];
            largest[j] = is_larger ? magnitude : largest[j];
            extremes[j] = is_larger ? block[i * MT_PANEL + j] : extremes[j];
        }
    for (size_t j = 0; j < MT_PANEL; j++) unfit |= largest[j] >= EXPONENT;
    *is_unfit |= unfit;
}

static void quantize_int8(const struct mt_matrix *packed, const float *block, struct group *group,
                          uint32_t *is_unfit) {
    float extremes[MT_PANEL], scales[MT_PANEL], errors[MT_PANEL];
    find_extremes(block, extremes, is_unfit);
    for (size_t j = 0; j < MT_PANEL; j++) {
        float magnitude = extremes[j] < 0 ? -extremes[j] : extremes[j];
        scales[j] = choose_scale(packed, magnitude / 127, &group->scales[j]);
        *is_unfit |= group->scales[j] >= HALF_INFINITY;
    }
    round_group(block, scales, -127, 127, group->values, errors);
}

/* A scale puts the extreme value on -8 or near it, or near 7: the one that costs least. */
static void quantize_int4(const struct mt_matrix *packed, const float *block, struct group *group,
                          uint32_t *is_unfit) {
    static const float divisors[NUM_DIVISORS] = {-8, -7.5f, -7, -8.5f, -9, -6.5f, 7, 7.5f};
    float extremes[MT_PANEL], least[MT_PANEL];
    struct group trial;
    find_extremes(block, extremes, is_unfit);
    for (size_t d = 0; d < NUM_DIVISORS; d++) {
        float scales[MT_PANEL], errors[MT_PANEL];
        for (size_t j = 0; j < MT_PANEL; j++)
            scales[j] = choose_scale(packed, extremes[j] / divisors[d], &trial.scales[j]);
        round_group(block, scales, -8, 7, trial.values, errors);
        for (size_t j = 0; j < MT_PANEL; j++) {
            *is_unfit |= (trial.scales[j] & 0x7fff) >= HALF_INFINITY;
            if (d > 0 && !(errors[j] < least[j])) continue;
            least[j] = errors[j];
            group->scales[j] = trial.scales[j];
            for (size_t i = 0; i < MT_GROUP; i++)
                group->values[i * MT_PANEL + j] = trial.values[i * MT_PANEL + j];
        }
    }
}

/* What somebody else has quantised. */
static void read_quantized(const struct mt_pack *op, size_t panel, size_t begin, struct group *group,
                           uint32_t *is_unfit) {
    size_t end = MT_MIN(begin + MT_GROUP, op->packed.cols);
    memset(group, 0, sizeof *group);
    for (size_t j = 0; j < MT_PANEL && panel * MT_PANEL + j < op->packed.rows; j++) {
        size_t row = panel * MT_PANEL + j;
        const int8_t *values = (const int8_t *)op->w + row * op->w_stride;
        group->scales[j] = op->scales[row * op->scales_stride + begin / MT_GROUP];
        *is_unfit |= (group->scales[j] & 0x7fff) >= HALF_INFINITY;
        for (size_t c = begin; c < end; c++) {
            group->values[(c - begin) * MT_PANEL + j] = values[c];
            *is_unfit |= op->packed.dtype == MT_INT4 && (values[c] < -8 || values[c] > 7);
        }
    }
}

static void pack_panel_quantized(const struct mt_pack *op, size_t panel) {
    const struct mt_matrix *packed = &op->packed;
    uint8_t *out = (uint8_t *)packed->panels + panel * mt_panel_bytes(packed);
    struct group group;
    uint32_t is_unfit = 0;
    for (size_t c = 0; c < packed->cols; c += MT_GROUP, out += mt_group_bytes(packed)) {
        float block[MT_GROUP * MT_PANEL];
        size_t end = MT_MIN(c + MT_GROUP, packed->cols);
        if (op->dtype == MT_INT8) {
            read_quantized(op, panel, c, &group, &is_unfit);
        } else {
            read_block(op, panel, c, end, block);
            memset(block + (end - c) * MT_PANEL, 0, (c + MT_GROUP - end) * MT_PANEL * sizeof *block);
            (packed->dtype == MT_INT8 ? quantize_int8 : quantize_int4)(packed, block, &group, &is_unfit);
        }
        put_group(packed, &group, out);
    }
    report(op, is_unfit);
}

void MT_FN(pack)(const void *operands, size_t begin, size_t end) {
    const struct mt_pack *op = operands;
    for (size_t panel = begin; panel < end; panel++) {
        if (mt_is_quantized(op->packed.dtype))
            pack_panel_quantized(op, panel);
        else if (op->packed.dtype == MT_BF16)
            pack_panel_bf16(op, panel);
        else
            pack_panel_f32(op, panel);
    }
}

/* --- out again ----------------------------------------------------------------------------------------- */

static void embed_quantized(const struct mt_matrix *weight, size_t panel, size_t lane, float *out) {
    const uint8_t *group = (const uint8_t *)weight->panels + panel * mt_panel_bytes(weight);
    for (size_t c = 0; c < weight->cols; c += MT_GROUP, group += mt_group_bytes(weight)) {
        uint16_t half;
        memcpy(&half, group + 2 * lane, sizeof half);
        float scale = mt_widen_f16(half) * weight->scale;
        const uint8_t *bytes = group + 2 * MT_PANEL + 2 * lane;
        for (size_t i = 0; i < MT_MIN((size_t)MT_GROUP, weight->cols - c); i++) {
            int value;
            if (weight->dtype == MT_INT8)
                value = (int8_t)bytes[place_int8(i) + 2 * lane];
            else
                value = (bytes[i / 4 * 32 + i % 2] >> (i % 4 < 2 ? 0 : 4) & 15) - 8;
            out[c + i] = (float)value * scale;
        }
    }
}

void MT_FN(embed)(const void *operands, size_t begin, size_t end) {
    const struct mt_embed *op = operands;
    size_t cols = op->weight.cols;
    for (size_t m = begin; m < end; m++) {
        size_t id = (size_t)op->ids[m], panel = id / MT_PANEL, lane = id % MT_PANEL;
        float *out = op->out + m * cols;
        if (mt_is_quantized(op->weight.dtype)) {
            embed_quantized(&op->weight, panel, lane, out);
        } else if (op->weight.dtype == MT_BF16) {
            size_t panel_words = mt_panel_bytes(&op->weight) / sizeof(uint32_t);
            const uint32_t *words = (const uint32_t *)op->weight.panels + panel * panel_words + lane;
            for (size_t c = 0; c < cols; c++) {
                uint32_t word = words[c / 2 * MT_PANEL], bits = c % 2 ? word & 0xffff0000u : word << 16;
                memcpy(out + c, &bits, sizeof bits);
            }
        } else {
            const float *values = (const float *)op->weight.panels + panel * cols * MT_PANEL + lane;
            for (size_t c = 0; c < cols; c++) out[c] = values[c * MT_PANEL];
        }
    }
}

/* --- activations --------------------------------------------------------------------------------------- */

static uint32_t largest_magnitude(const float *x, size_t cols) {
    int32_t largest = 0; /* as integers, magnitudes sort as they do as floats, and what is no number last */
    for (size_t c = 0; c < cols; c++) {
        int32_t magnitude = (int32_t)(bits_of(x[c]) & 0x7fffffff);
        largest = magnitude > largest ? magnitude : largest;
    }
    return (uint32_t)largest;
}

/* A row's scale, and what to multiply it by: 0 if it is none but zeros, or no numbers. */
static MT_INLINE float scale_of_row(const float *x, size_t cols, float *inverse) {
    uint32_t bits = largest_magnitude(x, cols);
    float largest;
    memcpy(&largest, &bits, sizeof largest);
    *inverse = 0;
    if (bits >= EXPONENT) return NAN;
    if (!(largest > 1e-30f)) return 0;
    *inverse = MT_LEVELS / largest;
    return largest / MT_LEVELS;
}

static MT_INLINE int16_t level_of(float value, float inverse) {
    return (int16_t)(bits_of(value * inverse + SHIFT) - bits_of(SHIFT));
}

static void quantize_row(const struct mt_linear *op, const struct mt_integers *out, size_t m) {
    size_t cols = op->weight.cols, num_groups = mt_num_groups(&op->weight);
    const float *restrict x = op->x + m * op->x_stride;
    int16_t *restrict values = out->values + m * out->stride;
    float inverse, scale = scale_of_row(x, cols, &inverse);
    out->scales[m] = scale;
    if (inverse == 0) {
        memset(values, 0, out->stride * sizeof *values);
    } else {
        for (size_t c = 0; c < cols; c++) values[c] = level_of(x[c], inverse);
        memset(values + cols, 0, (out->stride - cols) * sizeof *values);
    }
    if (out->offsets == NULL) return;
    for (size_t g = 0; g < num_groups; g++) {
        int32_t sum = 0;
        for (size_t i = 0; i < MT_GROUP; i++) sum += values[g * MT_GROUP + i];
        out->offsets[m * num_groups + g] = -8 * sum;
    }
}

#ifdef MT_HAS_TILES
/* Columns of a group of a row, zeros past the last: in place, or in `last`. */
static MT_INLINE const float *group_of_row(const struct mt_linear *op, size_t m, size_t group, float *last) {
    const float *x = op->x + m * op->x_stride + group * MT_GROUP;
    size_t count = MT_MIN(op->weight.cols - group * MT_GROUP, (size_t)MT_GROUP);
    if (count == MT_GROUP) return x;
    memset(last, 0, MT_GROUP * sizeof *last);
    memcpy(last, x, count * sizeof *x);
    return last;
}

static void split_single_row(const struct mt_linear *op) {
    float last[MT_GROUP], *out = op->prepared;
    for (size_t g = 0; g < mt_num_groups(&op->weight); g++, out += MT_BF16_PARTS * MT_GROUP)
        mt_split_floats(group_of_row(op, 0, g, last), out);
}

/* Group by group, which is how tiles lie in memory. */
static void split_rows(const struct mt_linear *op, size_t begin, size_t end) {
    struct mt_tiling tiling = mt_tiling_of(op->num_rows);
    size_t part_bytes = tiling.rows * MT_LINE;
    while (begin < end) {
        size_t tile = begin / tiling.rows, stop = MT_MIN((tile + 1) * tiling.rows, end);
        char *out = (char *)op->prepared + tile * mt_tile_bytes(op);
        for (size_t g = 0; g < mt_num_groups(&op->weight); g++, out += MT_BF16_PARTS * part_bytes)
            for (size_t m = begin; m < stop; m++) {
                float last[MT_GROUP];
                mt_split_bf16(group_of_row(op, m, g, last), out + m % tiling.rows * MT_LINE, part_bytes);
            }
        begin = stop;
    }
}

/* Rows after the last, to the end of its tile. */
static void clear_missing_rows(const struct mt_linear *op) {
    struct mt_tiling tiling = mt_tiling_of(op->num_rows);
    size_t missing = tiling.rows * tiling.count - op->num_rows, part_bytes = tiling.rows * MT_LINE;
    char *tile = (char *)op->prepared + (tiling.count - 1) * mt_tile_bytes(op);
    if (missing == 0) return;
    for (size_t at = part_bytes; at <= mt_tile_bytes(op); at += part_bytes)
        memset(tile + at - missing * MT_LINE, 0, missing * MT_LINE);
}
#endif

size_t MT_FN(prepared_bytes)(const struct mt_linear *op) {
#ifdef MT_HAS_TILES
    if (op->weight.dtype == MT_BF16 && op->num_rows == 1)
        return mt_num_groups(&op->weight) * MT_BF16_PARTS * MT_GROUP * sizeof(float);
    if (op->weight.dtype == MT_BF16) return mt_tiling_of(op->num_rows).count * mt_tile_bytes(op);
#endif
    return mt_is_quantized(op->weight.dtype) ? mt_integers_bytes(op) : 0;
}

void MT_FN(prepare)(const void *operands, size_t begin, size_t end) {
    const struct mt_linear *op = operands;
#ifdef MT_HAS_TILES
    if (op->weight.dtype == MT_BF16) {
        if (op->num_rows == 1) {
            split_single_row(op);
            return;
        }
        split_rows(op, begin, end);
        if (end == op->num_rows) clear_missing_rows(op);
        return;
    }
#endif
    struct mt_integers integers = mt_integers_of(op);
    for (size_t m = begin; m < end; m++) quantize_row(op, &integers, m);
}
