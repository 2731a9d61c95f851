/* A token by chance from a row of logits: temperature, top_k, min_p, top_p and a draw. */
#include <float.h>
#include <math.h>

#include "mt.h"
#include "vector.h"

/* Runs of this many weights are summed in floats, the runs in doubles. */
enum { VECTORS = MT_SAMPLE_RUN / MT_WIDTH };
enum { DRAW_BLOCK = 256 };
enum { LANES = 64 };

typedef int32_t mt_ints __attribute__((vector_size(4 * MT_WIDTH)));

/* The largest value, and one that at least LANES values reach. */
static float largest_of(const float *w, size_t size, float *reached) {
    mt_vec best[LANES / MT_WIDTH];
    float lanes[LANES], largest;
    MT_EACH (j, LANES / MT_WIDTH) best[j] = mt_load(w + j * MT_WIDTH);
    for (size_t i = LANES; i < size; i += LANES)
        MT_EACH (j, LANES / MT_WIDTH) best[j] = mt_max(best[j], mt_load(w + i + j * MT_WIDTH));
    MT_EACH (j, LANES / MT_WIDTH) mt_store(lanes + j * MT_WIDTH, best[j]);
    largest = *reached = lanes[0];
    for (size_t i = 1; i < LANES; i++) {
        largest = MT_MAX(largest, lanes[i]);
        *reached = MT_MIN(*reached, lanes[i]);
    }
    return largest;
}

static size_t lanes_sum(mt_ints counts) {
    int32_t lanes[MT_WIDTH];
    size_t sum = 0;
    memcpy(lanes, &counts, sizeof counts);
    for (size_t i = 0; i < MT_WIDTH; i++) sum += (size_t)lanes[i];
    return sum;
}

/* How many values reach `least`. */
static size_t count_from(const float *w, size_t size, float least) {
    mt_ints counts[4] = {{0}, {0}, {0}, {0}};
    for (size_t i = 0; i < size; i += 4 * MT_WIDTH)
        MT_EACH (j, 4) counts[j] -= (mt_ints)(mt_load(w + i + j * MT_WIDTH) >= mt_all(least));
    return lanes_sum((counts[0] + counts[1]) + (counts[2] + counts[3]));
}

/* What the values that reach `least` add up to, and how many they are. */
static double sum_from(const float *w, size_t size, float least, size_t *count) {
    mt_ints counts[2] = {{0}, {0}};
    double total = 0;
    for (size_t run = 0; run < size; run += MT_SAMPLE_RUN) {
        mt_vec sums[4] = {mt_all(0), mt_all(0), mt_all(0), mt_all(0)};
        for (size_t i = 0; i < VECTORS; i += 4)
            MT_EACH (j, 4) {
                mt_vec v = mt_load(w + run + (i + j) * MT_WIDTH);
                mt_ints reaches = (mt_ints)(v >= mt_all(least));
                sums[j] += (mt_vec)(reaches & (mt_ints)v);
                counts[j % 2] -= reaches;
            }
        total += (double)mt_sum((sums[0] + sums[1]) + (sums[2] + sums[3]));
    }
    *count = lanes_sum(counts[0] + counts[1]);
    return total;
}

/* Integers in the order of floats, and back. */
static int32_t rank_of(float value) {
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? bits ^ INT32_MAX : bits;
}

static float value_of(int32_t rank) {
    int32_t bits = rank < 0 ? rank ^ INT32_MAX : rank;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int32_t between(int32_t low, int32_t high) { return (int32_t)(((int64_t)low + high) >> 1); }

/* Of the values equal to `value`, those past the first `kept` become `other`. */
static void drop_equals(float *w, size_t size, float value, size_t kept, float other) {
    for (size_t i = 0; i < size; i++) {
        if (w[i] != value) continue;
        if (kept == 0)
            w[i] = other;
        else
            kept--;
    }
}

static void drop_below(float *w, size_t size, float least, float other) {
    for (size_t i = 0; i < size; i += MT_WIDTH) {
        mt_vec v = mt_load(w + i);
        mt_store(w + i, mt_select((mt_words)(v >= mt_all(least)), v, mt_all(other)));
    }
}

/* Copy the values from `least` up to `limit` to the front of `out`, which may be w. Returns their number; what
 * follows them, to a whole run, is zeros. */
static size_t pick(const float *w, size_t size, float least, float limit, float *out) {
    size_t count = 0;
    for (size_t i = 0; i < size; i += MT_WIDTH) {
        mt_vec v = mt_load(w + i);
#if MT_WIDTH == 16
        __mmask16 fits = _mm512_cmp_ps_mask(v, mt_all(least), _CMP_GE_OQ);
        fits = _mm512_mask_cmp_ps_mask(fits, v, mt_all(limit), _CMP_LT_OQ);
        mt_store(out + count, _mm512_maskz_compress_ps(fits, v));
        count += (size_t)__builtin_popcount(fits);
#else
        float lanes[MT_WIDTH];
#if MT_WIDTH == 8
        if (_mm256_movemask_ps(_mm256_cmp_ps(v, mt_all(least), _CMP_GE_OQ)) == 0) continue;
#endif
        mt_store(lanes, v);
        for (size_t j = 0; j < MT_WIDTH; j++) {
            out[count] = lanes[j];
            count += (lanes[j] >= least) & (lanes[j] < limit);
        }
#endif
    }
    size_t end = mt_sample_padded(count);
    for (size_t i = count; i < end; i++) out[i] = 0;
    return count;
}

/* Move the values that reach `least` to the front, with their places; equals of it only the first `equals`. */
static size_t gather(float *w, size_t size, float least, size_t equals, int32_t *places) {
    size_t count = 0;
    for (size_t group = 0; group < size; group += 4 * MT_WIDTH) {
        mt_vec best = mt_load(w + group);
        for (size_t j = 1; j < 4; j++) best = mt_max(best, mt_load(w + group + j * MT_WIDTH));
        if (mt_largest(best) < least) continue;
        for (size_t i = group; i < group + 4 * MT_WIDTH; i++) {
            if (w[i] < least || (w[i] == least && equals == 0)) continue;
            equals -= w[i] == least;
            w[count] = w[i];
            places[count++] = (int32_t)i;
        }
    }
    return count;
}

/* Move the `top_k` largest to the front, with their places; of equals the first. Returns their number. */
static size_t keep_largest(float *w, size_t size, float likeliest, float reached, size_t top_k,
                           int32_t *places) {
    int32_t low = rank_of(top_k <= LANES ? reached : -INFINITY), high = rank_of(likeliest) + 1;
    size_t count = count_from(w, size, value_of(low)), above = 0;
    while (count != top_k && high - (int64_t)low > 1) {
        int32_t middle = between(low, high);
        size_t reaching = count_from(w, size, value_of(middle));
        if (reaching >= top_k) {
            low = middle;
            count = reaching;
        } else {
            high = middle;
            above = reaching;
        }
    }
    return gather(w, size, value_of(low), top_k - above, places);
}

/* All but the fewest weights that hold `top_p` of the sum become 0: the largest, of equals the first. What is
 * looked through shrinks to the weights between the bounds, in `picked`. */
static void keep_nucleus(float *w, size_t size, size_t vocab_size, double top_p, float *picked) {
    enum { SHARE = MT_WIDTH == 16 ? 2 : 8 }; /* of the weights that are looked through: then it pays to pick */
    size_t count, above = 0, num_larger = 0, num_seen = size;
    double total = sum_from(w, size, 0, &count), target = top_p * total, sum_above = 0, sum_larger = 0;
    const float *seen = w;
    /* Weights below this hold less than the last 1 - top_p together. Half, for rounding. */
    float floor = (float)(0.5 * (1 - top_p) * total / (double)vocab_size);
    int32_t low = MT_MAX(rank_of(floor), 1), high = rank_of(1.0f) + 1;
    while (count - above > 1 && high - low > 1) {
        if (count - above <= num_seen / SHARE && num_seen > MT_SAMPLE_RUN) {
            num_seen = mt_sample_padded(pick(seen, num_seen, value_of(low), value_of(high), picked));
            seen = picked;
            num_larger = above;
            sum_larger = sum_above;
        }
        int32_t middle = between(low, high);
        size_t reaching;
        double sum = sum_larger + sum_from(seen, num_seen, value_of(middle), &reaching);
        reaching += num_larger;
        if (sum >= target) {
            low = middle;
            count = reaching;
        } else {
            high = middle;
            above = reaching;
            sum_above = sum;
        }
    }
    float least = value_of(low);
    drop_below(w, size, least, 0);
    if (count - above > 1) {
        double needed = ceil((target - sum_above) / (double)least);
        drop_equals(w, size, least, (size_t)MT_MAX(needed, 1), 0);
    }
}

static double block_sum(const float *w) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < DRAW_BLOCK; i++) sum += (double)w[i];
    return sum;
}

/* The index at which the running sum of the weights passes `uniform`, from [0, 1), of their total. */
static size_t draw(const float *w, size_t size, double uniform) {
    double total = 0, passed = 0, target;
    size_t block = 0, found;
    for (size_t i = 0; i < size; i += DRAW_BLOCK) total += block_sum(w + i);
    target = uniform * total;
    for (; block + DRAW_BLOCK < size; block += DRAW_BLOCK) {
        double next = passed + block_sum(w + block);
        if (next > target) break;
        passed = next;
    }
    target -= passed;
    double sum = 0;
    found = block;
    for (size_t i = block; i < block + DRAW_BLOCK; i++) {
        if (w[i] <= 0) continue;
        found = i; /* the last one, should the sums have been rounded differently */
        sum += (double)w[i];
        if (sum > target) break;
    }
    return found;
}

static void pad(float *w, size_t count) {
    for (size_t i = count; i < mt_sample_padded(count); i++) w[i] = -INFINITY;
}

/* The largest of a row of any length. */
static float likeliest_of(const float *row, size_t count) {
    size_t whole = count - count % (4 * MT_WIDTH);
    mt_vec best[4] = {mt_all(-INFINITY), mt_all(-INFINITY), mt_all(-INFINITY), mt_all(-INFINITY)};
    for (size_t i = 0; i < whole; i += 4 * MT_WIDTH)
        MT_EACH (j, 4) best[j] = mt_max(best[j], mt_load(row + i + j * MT_WIDTH));
    float largest = mt_largest(mt_max(mt_max(best[0], best[1]), mt_max(best[2], best[3])));
    for (size_t i = whole; i < count; i++) largest = MT_MAX(largest, row[i]);
    return largest;
}

/* w = exp((row - likeliest) / temperature), zeros to `size`. `row` may be w. */
static void weigh(const float *row, size_t count, float likeliest, float temperature, float *w, size_t size) {
    size_t whole = count - count % MT_WIDTH;
    mt_vec shift = mt_all(likeliest), factor = mt_all(MT_MIN(1 / temperature, FLT_MAX));
    for (size_t i = 0; i < whole; i += MT_WIDTH) mt_store(w + i, mt_exp((mt_load(row + i) - shift) * factor));
    if (whole < count) {
        mt_vec rest = mt_exp((mt_load_first(row + whole, count - whole) - shift) * factor);
        mt_store_first(w + whole, rest, count - whole);
    }
    memset(w + count, 0, (size - count) * sizeof *w);
}

static int32_t sample_row(const struct mt_sample *op, size_t m, float *w, int32_t *places, float *picked) {
    const struct mt_sampling *how = op->how + m;
    const float *row = op->rows[m];
    size_t count = op->vocab_size, size = mt_sample_padded(count);
    int has_places = how->top_k >= 1 && how->top_k < (double)count;
    float likeliest, reached;
    if (has_places) {
        memcpy(w, row, count * sizeof *w);
        pad(w, count);
        likeliest = largest_of(w, size, &reached);
        count = keep_largest(w, size, likeliest, reached, (size_t)how->top_k, places);
        size = mt_sample_padded(count);
        row = w;
    } else {
        likeliest = likeliest_of(row, count);
    }
    weigh(row, count, likeliest, (float)how->temperature, w, size);
    if (how->min_p > 0) drop_below(w, size, (float)how->min_p, 0);
    if (how->top_p < 1) keep_nucleus(w, size, count, how->top_p, picked);
    size_t found = MT_MIN(draw(w, size, how->uniform), count - 1);
    return has_places ? places[found] : (int32_t)found;
}

void MT_FN(sample)(const void *operands, size_t begin, size_t end) {
    const struct mt_sample *op = operands;
    size_t size = mt_sample_padded(op->vocab_size);
    for (size_t slot = begin; slot < end; slot++) {
        float *w = op->scratch + slot * MT_SAMPLE_ROWS * size;
        int32_t *places = (int32_t *)(void *)(w + size);
        for (size_t m = slot; m < op->num_rows; m += op->num_slots)
            op->out[m] = sample_row(op, m, w, places, w + 2 * size);
    }
}
