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

/* Columns of a tile: positions for scores, dimensions for values. */
enum { GROUP = 16, VECTORS = GROUP / MT_WIDTH };

/* sums[r][0:16) += sum over k < depth of a[r][k] * b[k * b_stride + 0:16) */
static MT_INLINE void tile(const size_t R, size_t depth, const float *const *a, const float *b,
                           size_t b_stride, float *sums, size_t sums_stride) {
    mt_vec acc[MT_TILE_ROWS * VECTORS];
    MT_EACH (r, R)
        MT_EACH (i, VECTORS) acc[r * VECTORS + i] = mt_load(sums + r * sums_stride + i * MT_WIDTH);
    for (size_t k = 0; k < depth; k++) {
        mt_vec columns[VECTORS];
        MT_EACH (i, VECTORS) columns[i] = mt_load(b + k * b_stride + i * MT_WIDTH);
        MT_EACH (r, R) {
            mt_vec value = mt_all(a[r][k]);
            MT_EACH (i, VECTORS) acc[r * VECTORS + i] = mt_fma(value, columns[i], acc[r * VECTORS + i]);
        }
    }
    MT_EACH (r, R)
        MT_EACH (i, VECTORS) mt_store(sums + r * sums_stride + i * MT_WIDTH, acc[r * VECTORS + i]);
}

static void tile_rows(size_t num_rows, size_t depth, const float *const *a, const float *b, size_t b_stride,
                      float *sums, size_t sums_stride) {
    switch (num_rows) {
        case 1: tile(1, depth, a, b, b_stride, sums, sums_stride); break;
        case 2: tile(2, depth, a, b, b_stride, sums, sums_stride); break;
#if MT_TILE_ROWS >= 6
        case 3: tile(3, depth, a, b, b_stride, sums, sums_stride); break;
        case 4: tile(4, depth, a, b, b_stride, sums, sums_stride); break;
        case 5: tile(5, depth, a, b, b_stride, sums, sums_stride); break;
        case 6: tile(6, depth, a, b, b_stride, sums, sums_stride); break;
#endif
#if MT_TILE_ROWS >= 12
        case 7: tile(7, depth, a, b, b_stride, sums, sums_stride); break;
        case 8: tile(8, depth, a, b, b_stride, sums, sums_stride); break;
        case 9: tile(9, depth, a, b, b_stride, sums, sums_stride); break;
        case 10: tile(10, depth, a, b, b_stride, sums, sums_stride); break;
        case 11: tile(11, depth, a, b, b_stride, sums, sums_stride); break;
        case 12: tile(12, depth, a, b, b_stride, sums, sums_stride); break;
#endif
    }
}

/* Positions [begin, end). */
struct span {
    size_t begin, end;
};

static int is_empty(struct span span) { return span.begin >= span.end; }

/* Rows of one tile within one chunk of their context. */
struct chunk {
    size_t num_rows;
    const float *q[MT_TILE_ROWS];
    struct span seen[MT_TILE_ROWS]; /* positions of the chunk that a row sees */
    struct span by_any, by_all;     /* by_any begins at a multiple of GROUP */
    float *scores; /* [MT_TILE_ROWS][MT_CHUNK]; weights once normalised */
    float *values; /* [MT_TILE_ROWS][value_stride] */
    size_t value_stride;
    float maximum[MT_TILE_ROWS], sum[MT_TILE_ROWS];
};

/* Cache row of the block that holds `position`, for one key head. Same shape product for keys and values. */
static const float *block_of(const struct mt_attention *op, const float *cache,
                             const struct mt_attention_item *item, size_t position) {
    size_t block = (size_t)op->block_tables[item->sequence * op->table_stride + position / op->block_size];
    return cache + (block * op->num_kv_heads + item->kv_head) * op->head_dim * op->block_size;
}

static void score(const struct mt_attention *op, const struct mt_attention_item *item, size_t start,
                  struct chunk *chunk) {
    for (size_t t = chunk->by_any.begin; t < chunk->by_any.end; t += GROUP) {
        const float *keys = block_of(op, op->k_cache, item, start + t) + (start + t) % op->block_size;
        for (size_t r = 0; r < chunk->num_rows; r++)
            memset(chunk->scores + r * MT_CHUNK + t, 0, GROUP * sizeof(float));
        tile_rows(chunk->num_rows, op->head_dim, chunk->q, keys, op->block_size, chunk->scores + t, MT_CHUNK);
    }
}

static void cap_scores(float *scores, struct span seen, float scale, float cap) {
    for (size_t t = seen.begin - seen.begin % GROUP; t < seen.end; t += MT_WIDTH)
        mt_store(scores + t, mt_capped(mt_load(scores + t) * mt_all(scale), cap));
}

/* Scores that a row sees become exp(score * scale - maximum); those beside them, up to a whole vector, 0. */
static void weigh(float *scores, struct span seen, float scale, float *maximum, float *sum) {
    size_t begin = seen.begin - seen.begin % GROUP, end = (seen.end + MT_WIDTH - 1) / MT_WIDTH * MT_WIDTH;
    for (size_t t = begin; t < seen.begin; t++) scores[t] = -INFINITY;
    for (size_t t = seen.end; t < end; t++) scores[t] = -INFINITY;
    mt_vec largest = mt_all(-INFINITY), total = mt_all(0);
    for (size_t t = begin; t < end; t += MT_WIDTH) {
        mt_vec scaled = mt_load(scores + t) * mt_all(scale);
        mt_store(scores + t, scaled);
        largest = mt_max(largest, scaled);
    }
    *maximum = mt_largest(largest);
    for (size_t t = begin; t < end; t += MT_WIDTH) {
        mt_vec weight = mt_exp(mt_load(scores + t) - mt_all(*maximum));
        mt_store(scores + t, weight);
        total += weight;
    }
    *sum = mt_sum(total);
}

/* values[r][:] += sum over t < depth of weights[r][t] * v[t][:] */
static void add_values(const struct mt_attention *op, struct chunk *chunk, size_t first_row, size_t num_rows,
                       size_t t, size_t depth, const float *v) {
    size_t dim = op->head_dim, whole = dim - dim % GROUP;
    const float *weights[MT_TILE_ROWS];
    float *values = chunk->values + first_row * chunk->value_stride;
    for (size_t r = 0; r < num_rows; r++) weights[r] = chunk->scores + (first_row + r) * MT_CHUNK + t;
    for (size_t d = 0; d < whole; d += GROUP)
        tile_rows(num_rows, depth, weights, v + d, dim, values + d, chunk->value_stride);
    if (whole == dim) return;
    float padded[GROUP * GROUP];
    for (size_t i = 0; i < depth; i++) {
        memset(padded + i * GROUP, 0, GROUP * sizeof(float));
        memcpy(padded + i * GROUP, v + i * dim + whole, (dim - whole) * sizeof(float));
    }
    tile_rows(num_rows, depth, weights, padded, GROUP, values + whole, chunk->value_stride);
}

static void weigh_values(const struct mt_attention *op, const struct mt_attention_item *item, size_t start,
                         struct chunk *chunk) {
    for (size_t r = 0; r < chunk->num_rows; r++)
        memset(chunk->values + r * chunk->value_stride, 0, chunk->value_stride * sizeof(float));
    for (size_t t = chunk->by_any.begin; t < chunk->by_any.end; t += GROUP) {
        const float *v =
            block_of(op, op->v_cache, item, start + t) + (start + t) % op->block_size * op->head_dim;
        if (chunk->by_all.begin <= t && t + GROUP <= chunk->by_all.end) {
            add_values(op, chunk, 0, chunk->num_rows, t, GROUP, v);
            continue;
        }
        /* Positions a row may not see must not be touched: 0 * infinity is not 0. */
        for (size_t r = 0; r < chunk->num_rows; r++) {
            size_t first = MT_MAX(t, chunk->seen[r].begin), last = MT_MIN(t + GROUP, chunk->seen[r].end);
            if (first < last) add_values(op, chunk, r, 1, first, last - first, v + (first - t) * op->head_dim);
        }
    }
}

static void attend_chunk(const struct mt_attention *op, const struct mt_attention_item *item, size_t start,
                         struct chunk *chunk) {
    score(op, item, start, chunk);
    for (size_t r = 0; r < chunk->num_rows; r++) {
        float *scores = chunk->scores + r * MT_CHUNK, scale = op->scale;
        if (is_empty(chunk->seen[r])) continue;
        if (op->soft_cap > 0) {
            cap_scores(scores, chunk->seen[r], scale, op->soft_cap);
            scale = 1.0f;
        }
        weigh(scores, chunk->seen[r], scale, &chunk->maximum[r], &chunk->sum[r]);
    }
    weigh_values(op, item, start, chunk);
}

struct row {
    const float *q;
    size_t index; /* token * num_heads + head */
    struct span seen;
};

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

/* The part of a span that lies in the chunk at `start`, counted from there; {0, 0} if none does. */
static struct span within_chunk(struct span span, size_t start) {
    struct span part = {
        .begin = span.begin > start ? span.begin - start : 0,
        .end = span.end > start ? MT_MIN(span.end - start, (size_t)MT_CHUNK) : 0,
    };
    return is_empty(part) ? (struct span){0, 0} : part;
}

/* Load the rows [first, last) of an item for the chunk at `start`. */
static void enter_chunk(const struct mt_attention *op, const struct mt_attention_item *item, size_t first,
                        size_t last, size_t start, struct chunk *chunk) {
    chunk->num_rows = last - first;
    chunk->by_all = (struct span){0, MT_CHUNK};
    chunk->by_any = (struct span){MT_CHUNK, 0};
    for (size_t r = 0; r < chunk->num_rows; r++) {
        struct row row = row_of(op, item, item->first_row + first + r);
        struct span seen = within_chunk(row.seen, start);
        chunk->q[r] = row.q;
        chunk->seen[r] = seen;
        chunk->by_all.begin = MT_MAX(chunk->by_all.begin, seen.begin);
        chunk->by_all.end = MT_MIN(chunk->by_all.end, seen.end);
        if (is_empty(seen)) continue;
        chunk->by_any.begin = MT_MIN(chunk->by_any.begin, seen.begin - seen.begin % GROUP);
        chunk->by_any.end = MT_MAX(chunk->by_any.end, seen.end);
    }
}

/* Positions that some row of an item sees. The first row begins first, the last row ends last. */
static struct span seen_by_item(const struct mt_attention *op, const struct mt_attention_item *item) {
    return (struct span){
        .begin = row_of(op, item, item->first_row).seen.begin,
        .end = row_of(op, item, (size_t)item->first_row + item->num_rows - 1).seen.end,
    };
}

/* What a row has gathered from its chunks so far. */
struct state {
    float maximum, sum;
    float *values; /* [head_dim] */
};

static void merge(struct state *into, float maximum, float sum, const float *restrict values, size_t dim) {
    float pair[MT_WIDTH] = {0};
    float largest = maximum > into->maximum ? maximum : into->maximum;
    pair[0] = into->maximum - largest;
    pair[1] = maximum - largest;
    mt_store(pair, mt_exp(mt_load(pair)));
    float *restrict out = into->values;
    for (size_t d = 0; d < dim; d++) out[d] = out[d] * pair[0] + values[d] * pair[1];
    into->sum = into->sum * pair[0] + sum * pair[1];
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

static void attend_item(const struct mt_attention *op, const struct mt_attention_item *item) {
    float scores[MT_TILE_ROWS * MT_CHUNK], values[MT_TILE_ROWS * MT_MAX_HEAD_DIM];
    struct chunk chunk = {.scores = scores, .values = values, .value_stride = padded_dim(op)};
    struct state states[MT_ITEM_ROWS];
    char has_started[MT_ITEM_ROWS] = {0};
    struct span seen = seen_by_item(op, item);
    size_t dim = op->head_dim, num_rows = item->num_rows;
    size_t num_tiles = (num_rows + MT_TILE_ROWS - 1) / MT_TILE_ROWS;
    for (size_t r = 0; r < num_rows; r++)
        states[r].values = op->out + row_of(op, item, item->first_row + r).index * dim;
    for (size_t start = seen.begin - seen.begin % MT_CHUNK; start < seen.end; start += MT_CHUNK) {
        for (size_t i = 0, first = 0; i < num_tiles; i++) {
            size_t last = num_rows * (i + 1) / num_tiles;
            enter_chunk(op, item, first, last, start, &chunk);
            if (!is_empty(chunk.by_any)) attend_chunk(op, item, start, &chunk);
            for (size_t r = 0; r < chunk.num_rows; r++) {
                if (is_empty(chunk.seen[r])) continue;
                start_or_merge(&states[first + r], !has_started[first + r], chunk.maximum[r], chunk.sum[r],
                               values + r * chunk.value_stride, dim);
                has_started[first + r] = 1;
            }
            first = last;
        }
    }
    for (size_t r = 0; r < num_rows; r++) finish(&states[r], states[r].values, dim);
}

void MT_FN(attention)(const void *operands, size_t begin, size_t end) {
    const struct mt_attention *op = operands;
    for (size_t i = begin; i < end; i++) attend_item(op, &op->items[i]);
}

static float *part_of(const struct mt_attention *op, size_t row, size_t chunk) {
    return op->parts + (row * op->num_chunks + chunk) * (2 + op->head_dim);
}

void MT_FN(attention_part)(const void *operands, size_t begin, size_t end) {
    const struct mt_attention *op = operands;
    float scores[MT_TILE_ROWS * MT_CHUNK], values[MT_TILE_ROWS * MT_MAX_HEAD_DIM];
    struct chunk chunk = {.scores = scores, .values = values, .value_stride = padded_dim(op)};
    for (size_t i = begin; i < end; i++) {
        const struct mt_attention_item *item = &op->items[i / op->num_chunks];
        size_t index = i % op->num_chunks, start = index * MT_CHUNK, num_rows = item->num_rows;
        size_t num_tiles = (num_rows + MT_TILE_ROWS - 1) / MT_TILE_ROWS;
        for (size_t j = 0, first = 0; j < num_tiles; j++) {
            size_t last = num_rows * (j + 1) / num_tiles;
            enter_chunk(op, item, first, last, start, &chunk);
            if (!is_empty(chunk.by_any)) attend_chunk(op, item, start, &chunk);
            for (size_t r = 0; r < chunk.num_rows; r++) {
                if (is_empty(chunk.seen[r])) continue;
                float *part = part_of(op, row_of(op, item, item->first_row + first + r).index, index);
                part[0] = chunk.maximum[r];
                part[1] = chunk.sum[r];
                memcpy(part + 2, values + r * chunk.value_stride, op->head_dim * sizeof(float));
            }
            first = last;
        }
    }
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
