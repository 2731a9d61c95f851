/* Attention over a paged cache, each query seeing a window of its context: causal, sliding or both ways.
 *
 * A row's context is cut at fixed positions into chunks of MT_CHUNK. Each chunk is reduced by itself to its
 * largest score, the sum of its weights and its weighted values; chunks are merged in order, as in online
 * softmax [Milakov and Gimelshein 2018]. So a row's bits depend on its context alone: not on the rows beside
 * it, nor on whether the chunks were computed one after another or by several threads. Chunks, and groups of
 * positions in them, that no row of a tile sees are not read.
 */
#include <math.h>

#include "mt.h"
#include "vector.h"

enum { LINE = 64 }; /* bytes that memory is read by */
/* Columns of a tile: positions for scores, dimensions for values. */
enum { GROUP = 16, VECTORS = GROUP / MT_WIDTH, NUM_GROUPS = MT_CHUNK / GROUP };
enum { Q_STRIDE = MT_MAX_HEAD_DIM + GROUP }; /* no power of two, or all rows want the same lines of L1 */

/* How many groups R rows go through together: as many sums as registers hold beside their operands. */
#if MT_WIDTH == 16
#define GROUPS_OF(R) ((R) <= 6 ? 4 : 2)
#elif MT_TILE_ROWS == 2
#define GROUPS_OF(R) 1
#else
#define GROUPS_OF(R) ((R) <= 3 ? 2 : 1)
#endif
enum { MAX_SUMS = MT_TILE_ROWS * 4 * VECTORS, MAX_GROUPS = 4 };
/* Groups that are fetched before they are read: keys, and values, of which as many more come while scores
 * become weights. */
enum { AHEAD = 4, VALUES_AHEAD = 2 * AHEAD };
/* A chunk's scores, and room for those that fill a last tile. */
enum { SCORE_STRIDE = MT_CHUNK + MAX_GROUPS * GROUP };

static MT_INLINE size_t size_of(const enum mt_dtype dtype) { return dtype == MT_BF16 ? 2 : 4; }

static MT_INLINE void load_group(const enum mt_dtype dtype, const char *p, mt_vec *columns) {
    if (dtype == MT_BF16)
        mt_load_bf16(p, columns);
    else
        MT_EACH (i, VECTORS) columns[i] = mt_load((const float *)(const void *)p + i * MT_WIDTH);
}

/* sums[r][p] += a[r * stride] * columns[p], for R rows and P groups of columns */
static MT_INLINE void accumulate(const size_t R, const size_t P, const float *a, const size_t stride,
                                 const mt_vec *columns, mt_vec *sums) {
    MT_EACH (r, R) {
        mt_vec value = mt_all(a[r * stride]);
        MT_EACH (i, P * VECTORS) sums[r * P * VECTORS + i] = mt_fma(value, columns[i], sums[r * P * VECTORS + i]);
#if MT_WIDTH == 8
        /* Or the compiler loads the values of all rows first, and has no registers left. */
        MT_EACH (i, P * VECTORS) __asm__ volatile("" : "+x"(sums[r * P * VECTORS + i]));
#endif
    }
}

/* scores[r][p][0:16) = sum over d < dim of q[r][d] * keys[p][d][0:16). `ahead` is fetched. */
static MT_INLINE void score_tile(const size_t R, const size_t P, const enum mt_dtype dtype, size_t dim,
                                 const float *q, const char *const *keys, const char *const *ahead,
                                 size_t line, float *scores) {
    mt_vec sums[MAX_SUMS], columns[MAX_GROUPS * VECTORS];
    MT_EACH (i, R * P * VECTORS) sums[i] = mt_all(0);
    for (size_t d = 0; d < dim; d++) {
        MT_EACH (p, P) {
            load_group(dtype, keys[p] + d * line, columns + p * VECTORS);
            __builtin_prefetch(ahead[p] + d * line);
        }
        accumulate(R, P, q + d, Q_STRIDE, columns, sums);
    }
    MT_EACH (r, R)
        MT_EACH (i, P * VECTORS)
            mt_store(scores + r * SCORE_STRIDE + i * MT_WIDTH, sums[r * P * VECTORS + i]);
}

/* values[r][p][0:16) += sum over t < count of weights[r][t] * v[t / 16][t % 16][0:16), where group p begins
 * 16 p columns on. `ahead`, which has P groups at least, is fetched, a line of each in turn: memory is read
 * faster from several places at once. */
static MT_INLINE void value_tile(const size_t R, const size_t P, const enum mt_dtype dtype, size_t count,
                                 const float *weights, const char *const *v, const char *const *ahead,
                                 size_t line, size_t column, float *values, size_t stride) {
    mt_vec sums[MAX_SUMS], columns[MAX_GROUPS * VECTORS];
    MT_EACH (r, R)
        MT_EACH (i, P * VECTORS)
            sums[r * P * VECTORS + i] = mt_load(values + r * stride + column + i * MT_WIDTH);
    for (size_t g = 0; g * GROUP < count; g++) {
        const size_t depth = MT_MIN(count - g * GROUP, (size_t)GROUP);
        for (size_t t = 0; t < depth; t++) {
            const size_t next = (column / GROUP + g % P) * GROUP + t;
            MT_EACH (p, P) {
                const char *values_at = v[g] + t * line + (column + p * GROUP) * size_of(dtype);
                load_group(dtype, values_at, columns + p * VECTORS);
                __builtin_prefetch(ahead[g - g % P + p] + next * GROUP * size_of(dtype));
            }
            accumulate(R, P, weights + g * GROUP + t, SCORE_STRIDE, columns, sums);
        }
    }
    MT_EACH (r, R)
        MT_EACH (i, P * VECTORS)
            mt_store(values + r * stride + column + i * MT_WIDTH, sums[r * P * VECTORS + i]);
}

typedef void (*score_fn)(size_t dim, const float *q, const char *const *keys, const char *const *ahead,
                         size_t line, float *scores);
typedef void (*value_fn)(size_t count, const float *weights, const char *const *v, const char *const *ahead,
                         size_t line, size_t column, float *values, size_t stride);

#define DEFINE_SCORE(name, dtype, R, P)                                                                    \
    static void score_##name##_##R(size_t dim, const float *q, const char *const *keys,                    \
                                   const char *const *ahead, size_t line, float *scores) {                 \
        score_tile(R, P, dtype, dim, q, keys, ahead, line, scores);                                        \
    }
#define DEFINE_VALUE(name, dtype, R, P, amount)                                                            \
    static void value_##name##_##R##amount(size_t count, const float *weights, const char *const *v,       \
                                           const char *const *ahead, size_t line, size_t column,           \
                                           float *values, size_t stride) {                                 \
        value_tile(R, P, dtype, count, weights, v, ahead, line, column, values, stride);                   \
    }
#define DEFINE_DTYPE(name, dtype, R)           \
    DEFINE_SCORE(name, dtype, R, GROUPS_OF(R)) \
    DEFINE_VALUE(name, dtype, R, 1, one)       \
    DEFINE_VALUE(name, dtype, R, GROUPS_OF(R), many)
#define DEFINE_TILES(R) DEFINE_DTYPE(f32, MT_F32, R) DEFINE_DTYPE(bf16, MT_BF16, R)

/* By number of rows. */
struct tile_set {
    size_t groups; /* of all but value_one */
    struct {
        score_fn score;
        value_fn value_one, value_many;
    } of[2]; /* by mt_dtype */
};
#define TILES_OF(name, R) {score_##name##_##R, value_##name##_##R##one, value_##name##_##R##many}
#define TILE_SET(R) {GROUPS_OF(R), {TILES_OF(f32, R), TILES_OF(bf16, R)}}

DEFINE_TILES(1)
DEFINE_TILES(2)
#if MT_TILE_ROWS >= 6
DEFINE_TILES(3)
DEFINE_TILES(4)
DEFINE_TILES(5)
DEFINE_TILES(6)
#endif
#if MT_TILE_ROWS >= 12
DEFINE_TILES(7)
DEFINE_TILES(8)
DEFINE_TILES(9)
DEFINE_TILES(10)
DEFINE_TILES(11)
DEFINE_TILES(12)
#endif
static const struct tile_set tile_sets[] = {
    {0},
    TILE_SET(1),
    TILE_SET(2),
#if MT_TILE_ROWS >= 6
    TILE_SET(3),
    TILE_SET(4),
    TILE_SET(5),
    TILE_SET(6),
#endif
#if MT_TILE_ROWS >= 12
    TILE_SET(7),
    TILE_SET(8),
    TILE_SET(9),
    TILE_SET(10),
    TILE_SET(11),
    TILE_SET(12),
#endif
};

/* Positions [begin, end). */
struct span {
    size_t begin, end;
};

static int is_empty(struct span span) { return span.begin >= span.end; }

/* A query head of one token. */
struct row {
    const float *q;
    size_t index;     /* token * num_heads + head */
    struct span seen; /* positions of its context */
};

/* Rows of one tile within one chunk of their context. */
struct chunk {
    size_t num_rows;
    float q[MT_TILE_ROWS * Q_STRIDE];
    struct span seen[MT_TILE_ROWS]; /* positions of the chunk that a row sees */
    struct span by_any, by_all;     /* by_any begins at a multiple of GROUP */
    /* Groups that some row sees, as they are read: keys, then values, then what is fetched for later. */
    size_t num_groups;
    const char *groups[2 * NUM_GROUPS + MAX_GROUPS + VALUES_AHEAD];
    float scores[MT_TILE_ROWS * SCORE_STRIDE]; /* weights once normalised */
    float values[MT_TILE_ROWS * MT_MAX_HEAD_DIM];
    size_t value_stride;
    float maximum[MT_TILE_ROWS], sum[MT_TILE_ROWS];
};

/* Where groups of a sequence lie, for one key head: the dimensions of keys, the positions of values. */
struct place {
    const int32_t *blocks;
    size_t index, offset; /* of the block, in the block */
    size_t kv_head;
};

static struct place place_of(const struct mt_attention *op, const struct mt_attention_item *item,
                             size_t position) {
    return (struct place){
        .blocks = op->block_tables + item->sequence * op->table_stride,
        .index = position / op->block_size,
        .offset = position % op->block_size,
        .kv_head = item->kv_head,
    };
}

static void go_on(const struct mt_attention *op, struct place *place) {
    place->offset += GROUP;
    if (place->offset < op->block_size) return;
    place->offset = 0;
    place->index++;
}

/* `line`: elements from one position to the next. */
static const char *group_at(const struct mt_attention *op, const void *cache, const struct place *place,
                            size_t line) {
    size_t block = (size_t)place->blocks[place->index] * op->block_stride;
    size_t head = place->kv_head * op->head_dim * op->block_size;
    return (const char *)cache + (block + head + place->offset * line) * size_of(op->dtype);
}

/* Positions of a context of which keys are read soon. */
struct next {
    const struct mt_attention_item *item;
    struct span span;
};

static void find_groups(const struct mt_attention *op, const struct mt_attention_item *item, size_t start,
                        const struct next *next, struct chunk *chunk) {
    size_t begin = chunk->by_any.begin / GROUP, end = (chunk->by_any.end + GROUP - 1) / GROUP;
    size_t count = end - begin, filled = 2 * count, room = sizeof chunk->groups / sizeof *chunk->groups;
    struct place place = place_of(op, item, start + begin * GROUP);
    chunk->num_groups = count;
    for (size_t i = 0; i < count; i++, go_on(op, &place)) {
        chunk->groups[i] = group_at(op, op->k_cache, &place, 1);
        chunk->groups[count + i] = group_at(op, op->v_cache, &place, op->head_dim);
    }
    place = place_of(op, next->item, next->span.begin);
    for (size_t t = next->span.begin; t < next->span.end && filled < 2 * count + AHEAD; t += GROUP) {
        chunk->groups[filled++] = group_at(op, op->k_cache, &place, 1);
        go_on(op, &place);
    }
    for (; filled < MT_MIN(2 * count + VALUES_AHEAD + MAX_GROUPS, room); filled++)
        chunk->groups[filled] = chunk->groups[filled - 1];
}

static void score(const struct mt_attention *op, struct chunk *chunk) {
    const struct tile_set *set = &tile_sets[chunk->num_rows];
    size_t line = op->block_size * size_of(op->dtype), count = chunk->num_groups;
    for (size_t i = 0; i < count; i += set->groups) {
        const char *tile[MAX_GROUPS]; /* filled up by the last group, again */
        for (size_t p = 0; p < set->groups; p++) tile[p] = chunk->groups[MT_MIN(i + p, count - 1)];
        set->of[op->dtype].score(op->head_dim, chunk->q, tile, chunk->groups + i + AHEAD, line,
                                 chunk->scores + chunk->by_any.begin + i * GROUP);
    }
}

static void cap_scores(float *scores, struct span seen, float scale, float cap) {
    for (size_t t = seen.begin - seen.begin % GROUP; t < seen.end; t += MT_WIDTH)
        mt_store(scores + t, mt_capped(mt_load(scores + t) * mt_all(scale), cap));
}

/* Lines of AHEAD groups that are fetched by and by, a line of each in turn. */
struct fetch {
    const char *const *groups;
    size_t at, end; /* bytes of each group */
};

static MT_INLINE void fetch_some(struct fetch *fetch) {
    if (fetch->at >= fetch->end) return;
    for (size_t i = 0; i < AHEAD; i++) __builtin_prefetch(fetch->groups[i] + fetch->at);
    fetch->at += LINE;
}

/* Scores that a row sees become exp(score * scale - maximum); those beside them, up to a whole vector, 0. */
static void weigh(float *scores, struct span seen, float scale, struct fetch *fetch, float *maximum,
                  float *sum) {
    size_t begin = seen.begin - seen.begin % GROUP, end = (seen.end + MT_WIDTH - 1) / MT_WIDTH * MT_WIDTH;
    for (size_t t = begin; t < seen.begin; t++) scores[t] = -INFINITY;
    for (size_t t = seen.end; t < end; t++) scores[t] = -INFINITY;
    mt_vec largest = mt_all(-INFINITY), total = mt_all(0);
    for (size_t t = begin; t < end; t += MT_WIDTH) {
        mt_vec scaled = mt_load(scores + t) * mt_all(scale);
        mt_store(scores + t, scaled);
        largest = mt_max(largest, scaled);
        fetch_some(fetch);
    }
    *maximum = mt_largest(largest);
    for (size_t t = begin; t < end; t += MT_WIDTH) {
        mt_vec weight = mt_exp(mt_load(scores + t) - mt_all(*maximum));
        mt_store(scores + t, weight);
        total += weight;
        fetch_some(fetch);
    }
    *sum = mt_sum(total);
}

/* The columns after the last whole group, as floats with zeros beside them. */
static void pad_values(const struct mt_attention *op, const char *v, size_t depth, size_t whole,
                       float *padded) {
    size_t rest = op->head_dim - whole;
    memset(padded, 0, GROUP * GROUP * sizeof *padded);
    for (size_t t = 0; t < depth; t++)
        for (size_t i = 0; i < rest; i++) {
            size_t at = t * op->head_dim + whole + i;
            uint32_t bits = op->dtype == MT_BF16 ? (uint32_t)((const uint16_t *)(const void *)v)[at] << 16
                                                 : ((const uint32_t *)(const void *)v)[at];
            memcpy(padded + t * GROUP + i, &bits, sizeof bits);
        }
}

/* values[r][:] += sum over t < count of weights[r][position + t] * v[t / 16][t % 16][:] */
static void add_values(const struct mt_attention *op, struct chunk *chunk, struct span rows, size_t position,
                       size_t count, const char *const *v, const char *const *ahead) {
    const struct tile_set *set = &tile_sets[rows.end - rows.begin];
    size_t dim = op->head_dim, whole = dim - dim % GROUP, line = dim * size_of(op->dtype);
    const float *weights = chunk->scores + rows.begin * SCORE_STRIDE + position;
    float *values = chunk->values + rows.begin * chunk->value_stride;
    for (size_t d = 0; d < whole;) {
        int fits = d + set->groups * GROUP <= whole;
        (fits ? set->of[op->dtype].value_many : set->of[op->dtype].value_one)(
            count, weights, v, ahead, line, d, values, chunk->value_stride);
        d += fits ? set->groups * GROUP : GROUP;
    }
    if (whole == dim) return;
    for (size_t t = 0; t < count; t += GROUP) {
        float padded[GROUP * GROUP];
        const char *const pointer = (const char *)padded;
        size_t depth = MT_MIN(count - t, (size_t)GROUP);
        pad_values(op, v[t / GROUP], depth, whole, padded);
        set->of[MT_F32].value_one(depth, weights + t, &pointer, &pointer, GROUP * sizeof *padded, 0,
                                  values + whole, chunk->value_stride);
    }
}

/* Of the group at `position`, each row takes the part that it sees; rows that see the same go together.
 * Others must not be touched, for 0 * infinity is not 0. */
static void add_parts(const struct mt_attention *op, struct chunk *chunk, size_t position, const char *v,
                      const char *const *ahead) {
    const struct span *seen = chunk->seen;
    size_t line = op->head_dim * size_of(op->dtype);
    for (size_t r = 0, end; r < chunk->num_rows; r = end) {
        for (end = r + 1; end < chunk->num_rows; end++)
            if (seen[end].begin != seen[r].begin || seen[end].end != seen[r].end) break;
        size_t first = MT_MAX(position, seen[r].begin), last = MT_MIN(position + GROUP, seen[r].end);
        const char *part = v + (first - position) * line;
        if (first < last) add_values(op, chunk, (struct span){r, end}, first, last - first, &part, ahead);
    }
}

/* Groups that every row sees go together. */
static void weigh_values(const struct mt_attention *op, struct chunk *chunk) {
    const char *const *v = chunk->groups + chunk->num_groups;
    size_t base = chunk->by_any.begin;
    memset(chunk->values, 0, chunk->num_rows * chunk->value_stride * sizeof(float));
    for (size_t i = 0; i < chunk->num_groups;) {
        size_t t = base + i * GROUP, together = 0;
        if (chunk->by_all.begin <= t && t < chunk->by_all.end)
            together = MT_MIN((chunk->by_all.end - t) / GROUP, chunk->num_groups - i);
        if (together > 0)
            add_values(op, chunk, (struct span){0, chunk->num_rows}, t, together * GROUP, v + i,
                       v + i + VALUES_AHEAD);
        else
            add_parts(op, chunk, t, v[i], v + i + VALUES_AHEAD);
        i += MT_MAX(together, (size_t)1);
    }
}

static void attend_chunk(const struct mt_attention *op, const struct mt_attention_item *item, size_t start,
                         const struct next *next, struct chunk *chunk) {
    find_groups(op, item, start, next, chunk);
    struct fetch fetch = {
        .groups = chunk->groups + chunk->num_groups + AHEAD,
        .end = GROUP * op->head_dim * size_of(op->dtype),
    };
    score(op, chunk);
    for (size_t r = 0; r < chunk->num_rows; r++) {
        float *scores = chunk->scores + r * SCORE_STRIDE, scale = op->scale;
        if (is_empty(chunk->seen[r])) continue;
        if (op->soft_cap > 0) {
            cap_scores(scores, chunk->seen[r], scale, op->soft_cap);
            scale = 1.0f;
        }
        weigh(scores, chunk->seen[r], scale, &fetch, &chunk->maximum[r], &chunk->sum[r]);
    }
    while (fetch.at < fetch.end) fetch_some(&fetch);
    weigh_values(op, chunk);
}

static struct row row_of(const struct mt_attention *op, const struct mt_attention_item *item, size_t r) {
    size_t group = op->num_heads / op->num_kv_heads, first = (size_t)op->query_start[item->sequence];
    size_t num_queries = (size_t)op->query_start[item->sequence + 1] - first, query = r / group;
    size_t head = item->kv_head * group + r % group;
    size_t length = (size_t)op->context_lens[item->sequence], position = length - num_queries + query;
    return (struct row){
        .q = op->q + (first + query) * op->q_stride + head * op->head_dim,
        .index = (first + query) * op->num_heads + head,
        .seen.begin = position > op->reach_left ? position - op->reach_left : 0,
        .seen.end = op->reach_right < length - position ? position + op->reach_right + 1 : length,
    };
}

/* Positions that some row of an item sees. The first row begins first, the last row ends last. */
static struct span seen_by_item(const struct mt_attention *op, const struct mt_attention_item *item) {
    return (struct span){
        .begin = row_of(op, item, item->first_row).seen.begin,
        .end = row_of(op, item, (size_t)item->first_row + item->num_rows - 1).seen.end,
    };
}

/* The part of a span that lies in the chunk at `start`, counted from there; {0, 0} if none does. */
static struct span within_chunk(struct span span, size_t start) {
    struct span part = {
        .begin = span.begin > start ? span.begin - start : 0,
        .end = span.end > start ? MT_MIN(span.end - start, (size_t)MT_CHUNK) : 0,
    };
    return is_empty(part) ? (struct span){0, 0} : part;
}

/* What item `index`, if there is one, sees from `start` on. */
static struct next next_of(const struct mt_attention *op, size_t index, size_t start) {
    if (index >= op->num_items) return (struct next){op->items, {0, 0}};
    struct next next = {&op->items[index], seen_by_item(op, &op->items[index])};
    next.span.begin = MT_MAX(next.span.begin - next.span.begin % GROUP, start);
    return next;
}

/* Load rows for the chunk at `start`. */
static void enter_chunk(const struct mt_attention *op, const struct row *rows, size_t num_rows, size_t start,
                        struct chunk *chunk) {
    chunk->num_rows = num_rows;
    chunk->by_all = (struct span){0, MT_CHUNK};
    chunk->by_any = (struct span){MT_CHUNK, 0};
    for (size_t r = 0; r < num_rows; r++) {
        struct span seen = within_chunk(rows[r].seen, start);
        memcpy(chunk->q + r * Q_STRIDE, rows[r].q, op->head_dim * sizeof(float));
        chunk->seen[r] = seen;
        chunk->by_all.begin = MT_MAX(chunk->by_all.begin, seen.begin);
        chunk->by_all.end = MT_MIN(chunk->by_all.end, seen.end);
        if (is_empty(seen)) continue;
        chunk->by_any.begin = MT_MIN(chunk->by_any.begin, seen.begin - seen.begin % GROUP);
        chunk->by_any.end = MT_MAX(chunk->by_any.end, seen.end);
    }
}

/* What a row has gathered from its chunks so far. */
struct state {
    float maximum, sum;
    float *values; /* [head_dim] */
};

static void merge(struct state *into, float maximum, float sum, const float *restrict values, size_t dim) {
    float largest = maximum > into->maximum ? maximum : into->maximum;
    /* Vectors of one value, as a store of scalars before a load of a vector would wait. */
    float old = mt_exp(mt_all(into->maximum - largest))[0], new = mt_exp(mt_all(maximum - largest))[0];
    float *restrict out = into->values;
    for (size_t d = 0; d < dim; d++) out[d] = out[d] * old + values[d] * new;
    into->sum = into->sum * old + sum * new;
    into->maximum = largest;
}

static void start_or_merge(struct state *into, int is_first, float maximum, float sum, const float *values,
                           size_t dim) {
    if (!is_first) {
        merge(into, maximum, sum, values, dim);
        return;
    }
    into->maximum = maximum;
    into->sum = sum;
    memcpy(into->values, values, dim * sizeof *values);
}

static void finish(const struct state *state, float *restrict out, size_t dim) {
    float factor = 1.0f / state->sum;
    for (size_t d = 0; d < dim; d++) out[d] = state->values[d] * factor;
}

static size_t padded_dim(const struct mt_attention *op) { return (op->head_dim + GROUP - 1) / GROUP * GROUP; }

static void attend_item(const struct mt_attention *op, size_t index, struct chunk *chunk) {
    const struct mt_attention_item *item = &op->items[index];
    struct span seen = seen_by_item(op, item);
    struct row rows[MT_ITEM_ROWS];
    struct state states[MT_ITEM_ROWS];
    char has_started[MT_ITEM_ROWS] = {0};
    size_t dim = op->head_dim, num_rows = item->num_rows;
    size_t num_tiles = (num_rows + MT_TILE_ROWS - 1) / MT_TILE_ROWS;
    for (size_t r = 0; r < num_rows; r++) {
        rows[r] = row_of(op, item, item->first_row + r);
        states[r].values = op->out + rows[r].index * dim;
    }
    for (size_t start = seen.begin - seen.begin % MT_CHUNK; start < seen.end; start += MT_CHUNK) {
        struct next same = next_of(op, index, start), next = next_of(op, index, start + MT_CHUNK);
        if (is_empty(next.span)) next = next_of(op, index + 1, 0);
        for (size_t i = 0, first = 0; i < num_tiles; i++) {
            size_t last = num_rows * (i + 1) / num_tiles;
            enter_chunk(op, rows + first, last - first, start, chunk);
            if (!is_empty(chunk->by_any))
                attend_chunk(op, item, start, i + 1 < num_tiles ? &same : &next, chunk);
            for (size_t r = 0; r < chunk->num_rows; r++) {
                if (is_empty(chunk->seen[r])) continue;
                start_or_merge(&states[first + r], !has_started[first + r], chunk->maximum[r], chunk->sum[r],
                               chunk->values + r * chunk->value_stride, dim);
                has_started[first + r] = 1;
            }
            first = last;
        }
    }
    for (size_t r = 0; r < num_rows; r++) finish(&states[r], states[r].values, dim);
}

void MT_FN(attention)(const void *operands, size_t begin, size_t end) {
    const struct mt_attention *op = operands;
    struct chunk chunk;
    chunk.value_stride = padded_dim(op);
    for (size_t i = begin; i < end; i++) attend_item(op, i, &chunk);
}

static float *part_of(const struct mt_attention *op, size_t row, size_t chunk) {
    return op->parts + (row * op->num_chunks + chunk) * (2 + op->head_dim);
}

static void attend_part(const struct mt_attention *op, size_t i, struct chunk *chunk) {
    const struct mt_attention_item *item = &op->items[i % op->num_items];
    size_t index = i / op->num_items, start = index * MT_CHUNK, num_rows = item->num_rows;
    size_t num_tiles = (num_rows + MT_TILE_ROWS - 1) / MT_TILE_ROWS;
    struct next next = next_of(op, (i + 1) % op->num_items, (i + 1) / op->num_items * MT_CHUNK);
    for (size_t j = 0, first = 0; j < num_tiles; j++) {
        size_t last = num_rows * (j + 1) / num_tiles;
        struct row rows[MT_TILE_ROWS];
        for (size_t r = first; r < last; r++) rows[r - first] = row_of(op, item, item->first_row + r);
        enter_chunk(op, rows, last - first, start, chunk);
        if (!is_empty(chunk->by_any)) attend_chunk(op, item, start, &next, chunk);
        for (size_t r = 0; r < chunk->num_rows; r++) {
            if (is_empty(chunk->seen[r])) continue;
            float *part = part_of(op, rows[r].index, index);
            part[0] = chunk->maximum[r];
            part[1] = chunk->sum[r];
            memcpy(part + 2, chunk->values + r * chunk->value_stride, op->head_dim * sizeof(float));
        }
        first = last;
    }
}

void MT_FN(attention_part)(const void *operands, size_t begin, size_t end) {
    const struct mt_attention *op = operands;
    struct chunk chunk;
    chunk.value_stride = padded_dim(op);
    for (size_t i = begin; i < end; i++) attend_part(op, i, &chunk);
}

void MT_FN(attention_merge)(const void *operands, size_t begin, size_t end) {
    const struct mt_attention *op = operands;
    for (size_t i = begin; i < end; i++) {
        const struct mt_attention_item *item = &op->items[i];
        for (size_t r = 0; r < item->num_rows; r++) {
            struct row row = row_of(op, item, item->first_row + r);
            struct state state = {.values = op->out + row.index * op->head_dim};
            size_t first = row.seen.begin / MT_CHUNK;
            for (size_t c = first; c * MT_CHUNK < row.seen.end; c++) {
                const float *part = part_of(op, row.index, c);
                start_or_merge(&state, c == first, part[0], part[1], part + 2, op->head_dim);
            }
            finish(&state, state.values, op->head_dim);
        }
    }
}
