/* One pool of threads for the process. */
#ifndef MT_POOL_H
#define MT_POOL_H

#include "mt.h"

enum { MT_MAX_THREADS = 256 };

/* How a range is shared out: one contiguous part each (same parts every time, so caches stay warm), or item by item
 * to whoever is free. */
enum mt_share { MT_EVENLY, MT_AS_FREE };

/* Run fn over [0, num_items) on the caller and up to num_threads - 1 workers, started when first needed. Returns
 * when all is done. If another thread is using the pool, the caller does everything itself rather than wait. */
void mt_parallel(mt_range_fn fn, const void *operands, size_t num_items, size_t num_threads, enum mt_share share);

#endif
