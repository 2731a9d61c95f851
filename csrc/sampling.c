/* A token from a row of logits: the likeliest, or one by temperature, top_k, min_p, top_p and a draw. */
#include <float.h>
#include <math.h>

#include "mt.h"
#include "vector.h"

/* Runs of this many weights are summed in floats, the runs in doubles. */
enum { VECTORS = MT_SAMPLE_RUN / MT_WIDTH };
enum { DRAW_BLOCK = 256 };
enum { LANES = 64 };

typedef int32_t mt_ints __attribute__((vector_size(4 * MT_WIDTH)));

/* A value that at least LANES values reach. */
static float reached_by_lanes(const float *w, size_t size) {
    mt_vec best[LANES / MT_WIDTH];
    float lanes[LANES], reached;
    MT_EACH (j, LANES / MT_WIDTH) best[j] = mt_load(w + j * MT_WIDTH);
    for (size_t i = LANES; i < size; i += LANES)
        MT_EACH (j, LANES / MT_WIDTH) best[j] = mt_max(best[j], mt_load(w + i + j * MT_WIDTH));
    MT_EACH (j, LANES / MT_WIDTH) mt_store(lanes + j * MT_WIDTH, best[j]);
    reached = lanes[0];
    for (size_t i = 1; i < LANES; i++) reached = MT_MIN(reached, lanes[i]);
    return reached;
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

static double block_sum(const float *w) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < DRAW_BLOCK; i++) sum += (double)w[i];
    return sum;
}

/* Weights below `least` become 0. Returns the sum, and puts those of blocks into `sums`. */
static double drop_below(float *w, size_t size, float least, double *sums) {
    double total = 0;
    for (size_t block = 0; block < size; block += DRAW_BLOCK) {
        for (size_t i = block; i < block + DRAW_BLOCK; i += MT_WIDTH) {
            mt_vec v = mt_load(w + i);
            mt_store(w + i, (mt_vec)((mt_words)(v >= mt_all(least)) & (mt_words)v));
        }
        total += sums[block / DRAW_BLOCK] = block_sum(w + block);
    }
    return total;
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
static size_t keep_largest(float *w, size_t size, float likeliest, size_t top_k, int32_t *places) {
    float reached = top_k <= LANES ? reached_by_lanes(w, size) : -INFINITY;
    int32_t low = rank_of(reached), high = rank_of(likeliest) + 1;
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

/* Ranks a little above and below what the weights of some runs, a part of all, say of the least weight of a
 * nucleus between `low` and `high`. */
static void guess_least(const float *w, size_t size, double top_p, int32_t low, int32_t high, float *some,
                        int32_t *guesses) {
    enum { SHARE = 16, PIECE = 64, CLOSE = 1 << 19 }; /* a rank differs by 2^23 where a value doubles */
    size_t num_seen = 0, unused;
    for (size_t i = 0; i + PIECE <= size; i += SHARE * PIECE, num_seen += PIECE)
        memcpy(some + num_seen, w + i, PIECE * sizeof *w);
    for (size_t i = num_seen; i < mt_sample_padded(num_seen); i++) some[i] = 0;
    num_seen = mt_sample_padded(num_seen);
    double target = top_p * sum_from(some, num_seen, 0, &unused);
    while (high - low > CLOSE) {
        int32_t middle = between(low, high);
        if (sum_from(some, num_seen, value_of(middle), &unused) >= target)
            low = middle;
        else
            high = middle;
    }
    guesses[0] = high + CLOSE;
    guesses[1] = low - CLOSE;
}

/* All but the fewest weights that hold `top_p` of the sum become 0: the largest, of equals the first. What is
 * looked through shrinks to the weights between the bounds, in `picked`. Returns the sum of what is left, and
 * those of blocks. */
static double keep_nucleus(float *w, size_t size, size_t vocab_size, double top_p, double total, float *picked,
                           double *sums) {
    enum { SHARE = MT_WIDTH == 16 ? 2 : 8 }; /* of the weights that are looked through: then it pays to pick */
    enum { MANY = 8 * MT_SAMPLE_RUN, NUM_GUESSES = 2 };
    size_t count = size, above = 0, num_larger = 0, num_seen = size;
    double target = top_p * total, sum_above = 0, sum_larger = 0;
    const float *seen = w;
    /* Weights below this hold less than the last 1 - top_p together. Half, for rounding. */
    float floor = (float)(0.5 * (1 - top_p) * total / (double)vocab_size);
    int32_t low = MT_MAX(rank_of(floor), 1), high = rank_of(1.0f) + 1, guesses[NUM_GUESSES] = {0};
    if (size > MANY) guess_least(w, size, top_p, low, high, picked, guesses);
    for (size_t i = 0; count - above > 1 && high - low > 1; i++) {
        int32_t middle = between(low, high);
        if (i < NUM_GUESSES && low < guesses[i] && guesses[i] < high)
            middle = guesses[i];
        else if (count - above <= num_seen / SHARE && num_seen > MT_SAMPLE_RUN) {
            num_seen = mt_sample_padded(pick(seen, num_seen, value_of(low), value_of(high), picked));
            seen = picked;
            num_larger = above;
            sum_larger = sum_above;
        }
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
    if (count - above > 1) {
        double needed = ceil((target - sum_above) / (double)least);
        drop_equals(w, size, least, (size_t)MT_MAX(needed, 1), 0);
    }
    return drop_below(w, size, least, sums);
}

/* The index at which the running sum of the weights passes `uniform`, from [0, 1), of their total. `sums`: those
 * of blocks. */
static size_t draw(const float *w, size_t size, double uniform, double total, const double *sums) {
    double passed = 0, target = uniform * total;
    size_t block = 0, found;
    for (; block + DRAW_BLOCK < size; block += DRAW_BLOCK) {
        double next = passed + sums[block / DRAW_BLOCK];
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

/* Whether a value is not a number, for any of the lanes so far. */
#if MT_WIDTH == 16
typedef __mmask16 mt_flags;
#else
typedef mt_words mt_flags;
#endif

static MT_INLINE mt_flags flag_unordered(mt_flags flags, mt_vec v) {
#if MT_WIDTH == 16
    return (mt_flags)(flags | _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q));
#else
    return flags | (mt_words)(v != v);
#endif
}

static int any_flag(mt_flags flags) {
#if MT_WIDTH == 16
    return flags != 0;
#else
    uint32_t any = 0;
    for (size_t i = 0; i < MT_WIDTH; i++) any |= flags[i];
    return any != 0;
#endif
}

/* The largest of a run of values; `flags` says whether one is not a number. */
static MT_INLINE float largest_of_run(const float *row, mt_flags *flags) {
    mt_vec best[4] = {mt_all(-INFINITY), mt_all(-INFINITY), mt_all(-INFINITY), mt_all(-INFINITY)};
    mt_flags found[2];
    memset(found, 0, sizeof found);
    for (size_t i = 0; i < MT_SAMPLE_RUN; i += 4 * MT_WIDTH)
        MT_EACH (j, 4) {
            mt_vec v = mt_load(row + i + j * MT_WIDTH);
            best[j] = mt_max(best[j], v);
            found[j % 2] = flag_unordered(found[j % 2], v);
        }
    *flags = (mt_flags)(*flags | found[0] | found[1]);
    return mt_largest(mt_max(mt_max(best[0], best[1]), mt_max(best[2], best[3])));
}

/* The largest of a row of any length, and where its first run with that value begins. Not a number if some
 * value is none. */
static float likeliest_of(const float *row, size_t count, size_t *at) {
    size_t whole = count - count % MT_SAMPLE_RUN;
    float likeliest = -INFINITY, last[MT_SAMPLE_RUN];
    mt_flags flags;
    memset(&flags, 0, sizeof flags);
    *at = 0;
    for (size_t run = 0; run < count; run += MT_SAMPLE_RUN) {
        if (run == whole) {
            memcpy(last, row + run, (count - run) * sizeof *row);
            for (size_t i = count - run; i < MT_SAMPLE_RUN; i++) last[i] = -INFINITY;
        }
        float largest = largest_of_run(run == whole ? last : row + run, &flags);
        if (largest > likeliest) {
            likeliest = largest;
            *at = run;
        }
    }
    return any_flag(flags) ? NAN : likeliest;
}

/* mt_exp, to the same bits, of values that are not above 0. Lanes that vanish may be anything on the way. */
static MT_INLINE mt_vec weight_of(mt_vec x) {
#if MT_WIDTH == 16
    const mt_vec shift = mt_all(12582912.0f); /* see mt_exp */
    mt_vec n = mt_fma(x, mt_all(1.44269504f), shift) - shift;
    const __mmask16 stays = _mm512_cmp_ps_mask(x, mt_all(-87.33654f), _CMP_GE_OQ);
    return _mm512_maskz_scalef_ps(stays, mt_exp_rest(x, n), n);
#else
    return mt_exp(x);
#endif
}

/* w = exp((row - likeliest) / temperature), zeros to `size`. `row` may be w. Returns the sum, and puts those of
 * blocks into `sums`. */
static double weigh(const float *row, size_t count, float likeliest, float temperature, float *w, size_t size,
                    double *sums) {
    mt_vec shift = mt_all(likeliest), factor = mt_all(MT_MIN(1 / temperature, FLT_MAX));
    double total = 0;
    for (size_t block = 0; block < size; block += DRAW_BLOCK) {
        size_t end = MT_MIN(block + DRAW_BLOCK, MT_MAX(count, block)), whole = end - (end - block) % MT_WIDTH;
        for (size_t i = block; i < whole; i += MT_WIDTH)
            mt_store(w + i, weight_of((mt_load(row + i) - shift) * factor));
        if (whole < end) {
            mt_vec rest = weight_of((mt_load_first(row + whole, end - whole) - shift) * factor);
            mt_store_first(w + whole, rest, end - whole);
        }
        memset(w + end, 0, (block + DRAW_BLOCK - end) * sizeof *w);
        total += sums[block / DRAW_BLOCK] = block_sum(w + block);
    }
    return total;
}

/* Where a thread works, each [mt_sample_padded(vocab_size)]. */
struct scratch {
    float *weights, *picked;
    int32_t *places;
    double *sums; /* of blocks */
};

static int32_t sample_row(const struct mt_sample *op, size_t m, const struct scratch *scratch) {
    const struct mt_sampling *how = op->how + m;
    const float *row = op->rows[m];
    float *w = scratch->weights;
    size_t count = op->vocab_size, size = mt_sample_padded(count), at;
    int has_places = how->top_k >= 1 && how->top_k < (double)count;
    float likeliest = likeliest_of(row, count, &at);
    if (!isfinite(likeliest)) return -1;
    if (how->temperature == 0) {
        while (row[at] != likeliest) at++;
        return (int32_t)at;
    }
    if (has_places) {
        memcpy(w, row, count * sizeof *w);
        pad(w, count);
        count = keep_largest(w, size, likeliest, (size_t)how->top_k, scratch->places);
        size = mt_sample_padded(count);
        row = w;
    }
    double total = weigh(row, count, likeliest, (float)how->temperature, w, size, scratch->sums);
    if (how->min_p > 0) total = drop_below(w, size, (float)how->min_p, scratch->sums);
    if (how->top_p < 1)
        total = keep_nucleus(w, size, count, how->top_p, total, scratch->picked, scratch->sums);
    size_t found = MT_MIN(draw(w, size, how->uniform, total, scratch->sums), count - 1);
    return has_places ? scratch->places[found] : (int32_t)found;
}

void MT_FN(sample)(const void *operands, size_t begin, size_t end) {
    const struct mt_sample *op = operands;
    size_t size = mt_sample_padded(op->vocab_size);
    const struct scratch scratch = {
        .weights = op->scratch,
        .picked = op->scratch + size,
        .places = (int32_t *)(void *)(op->scratch + 2 * size),
        .sums = (double *)(void *)(op->scratch + 3 * size),
    };
    for (size_t m = begin; m < end; m++) op->out[m] = sample_row(op, m, &scratch);
}
