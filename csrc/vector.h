/* Vectors of floats in GCC's and Clang's own notation, so that one source serves every ISA.
 *
 * Contraction is off: a multiply-add is fused exactly where mt_fma is written and the target has it, whatever
 * the compiler makes of the surrounding loop. Results then cannot depend on how a loop was unrolled.
 */
#ifndef MT_VECTOR_H
#define MT_VECTOR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* MT_WIDTH: lanes of a register. MT_TILE_ROWS: rows of 16 sums that fit in the registers beside their
 * operands. */
#if defined(__AVX512F__)
#include <immintrin.h>
#define MT_WIDTH 16
#define MT_TILE_ROWS 12
#elif defined(__AVX2__)
#include <immintrin.h>
#define MT_WIDTH 8
#define MT_TILE_ROWS 6
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#define MT_WIDTH 4
#define MT_TILE_ROWS 6
#else
#define MT_WIDTH 4
#define MT_TILE_ROWS 2
#endif

#define MT_INLINE inline __attribute__((always_inline))
/* For i from 0 below a constant n, unrolled so that arrays indexed by i live in registers. */
#if defined(__clang__)
#define MT_EACH(i, n) _Pragma("unroll") for (size_t i = 0; i < (n); i++)
#else
#define MT_EACH(i, n) _Pragma("GCC unroll 32") for (size_t i = 0; i < (n); i++)
#endif

typedef float mt_vec __attribute__((vector_size(4 * MT_WIDTH)));
typedef uint32_t mt_words __attribute__((vector_size(4 * MT_WIDTH)));

static MT_INLINE mt_vec mt_load(const float *p) {
    mt_vec v;
    memcpy(&v, p, sizeof v);
    return v;
}

static MT_INLINE void mt_store(float *p, mt_vec v) { memcpy(p, &v, sizeof v); }

/* The first n lanes; zeros follow. */
static MT_INLINE mt_vec mt_load_first(const float *p, size_t n) {
    float lanes[MT_WIDTH] = {0};
    memcpy(lanes, p, n * sizeof *p);
    return mt_load(lanes);
}

static MT_INLINE void mt_store_first(float *p, mt_vec v, size_t n) {
    float lanes[MT_WIDTH];
    mt_store(lanes, v);
    memcpy(p, lanes, n * sizeof *p);
}

static MT_INLINE mt_words mt_load_words(const uint32_t *p) {
    mt_words w;
    memcpy(&w, p, sizeof w);
    return w;
}

static MT_INLINE mt_vec mt_all(float x) {
#if MT_WIDTH == 16
    return _mm512_set1_ps(x);
#elif MT_WIDTH == 8
    return (mt_vec){x, x, x, x, x, x, x, x};
#else
    return (mt_vec){x, x, x, x};
#endif
}

/* a * b + c */
static MT_INLINE mt_vec mt_fma(mt_vec a, mt_vec b, mt_vec c) {
#if MT_WIDTH == 16
    return _mm512_fmadd_ps(a, b, c);
#elif MT_WIDTH == 8
    return _mm256_fmadd_ps(a, b, c);
#elif defined(__ARM_NEON) && defined(__aarch64__)
    return vfmaq_f32(c, a, b);
#else
    return a * b + c;
#endif
}

/* 16 values of bf16, in 8 words: word j holds value j in its low half and value j + 8 in its high half. */
static MT_INLINE void mt_load_bf16(const void *p, mt_vec *w) {
#if MT_WIDTH == 16
    /* Of 16-bit lanes: each half of word j to the high half of its lane, the low half cleared. */
    static const uint16_t places[32] = {0, 0, 0, 2, 0, 4, 0, 6, 0, 8, 0, 10, 0, 12, 0, 14,
                                        0, 1, 0, 3, 0, 5, 0, 7, 0, 9, 0, 11, 0, 13, 0, 15};
    __m512i words = _mm512_castsi256_si512(_mm256_loadu_si256(p));
    w[0] = (mt_vec)_mm512_maskz_permutexvar_epi16(0xaaaaaaaau, _mm512_loadu_si512(places), words);
#else
    MT_EACH (i, 8 / MT_WIDTH) {
        mt_words words = mt_load_words((const uint32_t *)p + i * MT_WIDTH);
        w[i] = (mt_vec)(words << 16);
        w[8 / MT_WIDTH + i] = (mt_vec)(words & 0xffff0000u);
    }
#endif
}

/* Lane by lane where `mask` is all ones, else b's. */
static MT_INLINE mt_vec mt_select(mt_words mask, mt_vec a, mt_vec b) {
    return (mt_vec)((mask & (mt_words)a) | (~mask & (mt_words)b));
}

/* A lane of b that is not a number wins. */
static MT_INLINE mt_vec mt_max(mt_vec a, mt_vec b) {
#if MT_WIDTH == 16
    return _mm512_max_ps(a, b);
#elif MT_WIDTH == 8
    return _mm256_max_ps(a, b);
#else
    return mt_select((mt_words)(a > b), a, b);
#endif
}

static MT_INLINE mt_vec mt_min(mt_vec a, mt_vec b) {
#if MT_WIDTH == 16
    return _mm512_min_ps(a, b);
#elif MT_WIDTH == 8
    return _mm256_min_ps(a, b);
#else
    return mt_select((mt_words)(a < b), a, b);
#endif
}

/* Sum of the lanes, always in the same order. */
static MT_INLINE float mt_sum(mt_vec v) {
#if MT_WIDTH == 16
    return _mm512_reduce_add_ps(v); /* halves, halves of the sums, and so on, as below */
#else
    float lanes[MT_WIDTH];
    mt_store(lanes, v);
    for (size_t n = MT_WIDTH / 2; n > 0; n /= 2)
        for (size_t i = 0; i < n; i++) lanes[i] += lanes[i + n];
    return lanes[0];
#endif
}

static MT_INLINE float mt_largest(mt_vec v) {
#if MT_WIDTH == 16
    return _mm512_reduce_max_ps(v);
#else
    float lanes[MT_WIDTH];
    mt_store(lanes, v);
    for (size_t i = 1; i < MT_WIDTH; i++) lanes[0] = lanes[i] > lanes[0] ? lanes[i] : lanes[0];
    return lanes[0];
#endif
}

/* exp(x - n ln(2)), where n is x / ln(2) rounded: the Taylor series on |r| <= ln(2)/2, to degree 7. */
static MT_INLINE mt_vec mt_exp_rest(mt_vec x, mt_vec n) {
    mt_vec r = mt_fma(n, mt_all(-0.693145751953125f), x);
    r = mt_fma(n, mt_all(-1.42860682e-6f), r);
    mt_vec p = mt_all(1.0f / 5040);
    p = mt_fma(p, r, mt_all(1.0f / 720));
    p = mt_fma(p, r, mt_all(1.0f / 120));
    p = mt_fma(p, r, mt_all(1.0f / 24));
    p = mt_fma(p, r, mt_all(1.0f / 6));
    p = mt_fma(p, r, mt_all(0.5f));
    p = mt_fma(p, r, mt_all(1.0f));
    return mt_fma(p, r, mt_all(1.0f));
}

/* exp(x) to about 1e-7 relative: 2^n times the series of what is left. Exactly 1 at 0,
 * exactly 0 below -87.33 (where a float would be subnormal), infinite above 88.37. */
static MT_INLINE mt_vec mt_exp(mt_vec x) {
    const mt_vec lowest = mt_all(-87.33654f), highest = mt_all(88.37f);
    const mt_vec shift = mt_all(12582912.0f); /* 1.5 * 2^23: adding it rounds to an integer in the low bits */
    mt_words vanishes = (mt_words)(x < lowest), explodes = (mt_words)(x > highest);
    x = mt_max(lowest, mt_min(highest, x));
    mt_vec shifted = mt_fma(x, mt_all(1.44269504f), shift);
    mt_vec n = shifted - shift;
    mt_vec p = mt_exp_rest(x, n);
    mt_vec power = (mt_vec)(((mt_words)shifted << 23) + 0x3f800000u);
    return mt_select(explodes, mt_all(INFINITY), (mt_vec)(~vanishes & (mt_words)(p * power)));
}

static MT_INLINE mt_vec mt_abs(mt_vec x) { return (mt_vec)((mt_words)x & 0x7fffffffu); }

/* tanh(x) to 2e-7 relative: below 0.625 an odd polynomial, minimax to 4e-9; else by exp. */
static MT_INLINE mt_vec mt_tanh(mt_vec x) {
    mt_vec size = mt_abs(x), square = x * x;
    mt_vec p = mt_all(-0.005717011613f);
    p = mt_fma(p, square, mt_all(0.02065055459f));
    p = mt_fma(p, square, mt_all(-0.05374348693f));
    p = mt_fma(p, square, mt_all(0.1333149113f));
    p = mt_fma(p, square, mt_all(-0.3333328392f));
    mt_vec small = mt_fma(p * square, x, x);
    mt_vec large = mt_all(1) - mt_all(2) / (mt_exp(size + size) + mt_all(1));
    mt_words sign = (mt_words)x & 0x80000000u;
    return mt_select((mt_words)(size < mt_all(0.625f)), small, (mt_vec)((mt_words)large | sign));
}

static MT_INLINE mt_vec mt_capped(mt_vec x, float cap) { return mt_tanh(x / mt_all(cap)) * mt_all(cap); }

/* The share of a normal distribution below x, (1 + erf(x / sqrt(2))) / 2, to 4e-7 relative above -1 and
 * (1 + x^2) 2e-7 below: a tail exp(-x^2 / 2) t q(t), with q minimax to 5e-9 in t = 1 / (1 + 0.33 |x|). */
static MT_INLINE mt_vec mt_normal_cdf(mt_vec x) {
    mt_vec a = mt_abs(x) * mt_all(0.707106781f);
    mt_vec t = mt_all(1) / mt_fma(a, mt_all(0.3275911f), mt_all(1));
    mt_vec q = mt_all(0.0558206976f);
    q = mt_fma(q, t, mt_all(-0.3123838966f));
    q = mt_fma(q, t, mt_all(0.6159292212f));
    q = mt_fma(q, t, mt_all(-0.544397515f));
    q = mt_fma(q, t, mt_all(0.4879394321f));
    q = mt_fma(q, t, mt_all(-0.04290883337f));
    q = mt_fma(q, t, mt_all(0.2032594612f));
    q = mt_fma(q, t, mt_all(0.1662405976f));
    q = mt_fma(q, t, mt_all(0.1857175974f));
    q = mt_fma(q, t, mt_all(0.1847832329f));
    mt_vec tail = mt_exp(-(a * a)) * t * q * mt_all(0.5f);
    return mt_select((mt_words)(x < mt_all(0)), tail, mt_all(1) - tail);
}

#endif
