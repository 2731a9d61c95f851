/* Vectors of integers: operands of the quantised product, 16-bit pairs summed into 32 bits, and float16. */
#ifndef MT_INTEGER_H
#define MT_INTEGER_H

#include "mt.h"
#include "vector.h"
#if defined(__SSE2__)
#include <immintrin.h>
#endif

typedef int32_t mt_ints __attribute__((vector_size(4 * MT_WIDTH)));
typedef int16_t mt_shorts __attribute__((vector_size(4 * MT_WIDTH)));
typedef int8_t mt_bytes __attribute__((vector_size(2 * MT_WIDTH)));

/* Rows of activations as integers: x[m, k] is about values[m, k] * scales[m]. Columns past the last are
 * zeros. */
struct mt_integers {
    int16_t *values;
    size_t stride;
    float *scales;
    int32_t *offsets; /* [m][groups]: -8 times the sum of a group's values, for MT_INT4 */
};

static MT_INLINE size_t mt_integers_bytes(const struct mt_linear *op) {
    size_t num_groups = mt_num_groups(&op->weight), offsets = op->weight.dtype == MT_INT4 ? num_groups : 0;
    return op->num_rows * (num_groups * MT_GROUP * sizeof(int16_t) + (offsets + 1) * sizeof(int32_t));
}

/* Where they lie in op->prepared. */
static MT_INLINE struct mt_integers mt_integers_of(const struct mt_linear *op) {
    size_t num_groups = mt_num_groups(&op->weight), stride = num_groups * MT_GROUP;
    int16_t *values = op->prepared;
    void *rest = values + op->num_rows * stride;
    float *scales = rest;
    int32_t *offsets = (int32_t *)rest + op->num_rows;
    return (struct mt_integers){values, stride, scales, op->weight.dtype == MT_INT4 ? offsets : NULL};
}

static MT_INLINE mt_ints mt_all_ints(int32_t x) {
#if MT_WIDTH == 16
    return (mt_ints)_mm512_set1_epi32(x);
#elif MT_WIDTH == 8
    return (mt_ints)_mm256_set1_epi32(x);
#else
    return (mt_ints){x, x, x, x};
#endif
}

/* Two neighbours of x in every lane. */
static MT_INLINE mt_shorts mt_all_pairs(const int16_t *x) {
    int32_t pair;
    memcpy(&pair, x, sizeof pair);
    return (mt_shorts)mt_all_ints(pair);
}

static MT_INLINE mt_shorts mt_load_shorts(const void *p) {
    mt_shorts v;
    memcpy(&v, p, sizeof v);
    return v;
}

/* Bytes from 0 to 255. */
static MT_INLINE mt_shorts mt_load_unsigned_bytes(const void *p) {
#if MT_WIDTH == 16
    return (mt_shorts)_mm512_cvtepu8_epi16(_mm256_loadu_si256(p));
#elif MT_WIDTH == 8
    return (mt_shorts)_mm256_cvtepu8_epi16(_mm_loadu_si128(p));
#else
    mt_bytes bytes;
    memcpy(&bytes, p, sizeof bytes);
    return __builtin_convertvector(bytes, mt_shorts) & 255;
#endif
}

/* sum[i] += a[2i] * b[2i] + a[2i + 1] * b[2i + 1] */
static MT_INLINE mt_ints mt_dot(mt_ints sum, mt_shorts a, mt_shorts b) {
#if MT_WIDTH == 16 && defined(__AVX512VNNI__)
    return (mt_ints)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
#elif MT_WIDTH == 16
    return sum + (mt_ints)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif MT_WIDTH == 8
    return sum + (mt_ints)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
    return sum + (mt_ints)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
    mt_ints low_a = (mt_ints)((mt_words)a << 16) >> 16, low_b = (mt_ints)((mt_words)b << 16) >> 16;
    return sum + low_a * low_b + ((mt_ints)a >> 16) * ((mt_ints)b >> 16);
#endif
}

static MT_INLINE mt_vec mt_to_floats(mt_ints x) { return __builtin_convertvector(x, mt_vec); }

static MT_INLINE float mt_widen_f16(uint16_t half) {
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

/* MT_WIDTH float16 widened. */
static MT_INLINE mt_vec mt_load_f16(const uint16_t *p) {
#if MT_WIDTH == 16
    return _mm512_cvtph_ps(_mm256_loadu_si256((const void *)p));
#elif MT_WIDTH == 8
    return _mm256_cvtph_ps(_mm_loadu_si128((const void *)p));
#else
    mt_vec v;
    MT_EACH (i, MT_WIDTH) v[i] = mt_widen_f16(p[i]);
    return v;
#endif
}

#endif
