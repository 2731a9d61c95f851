/* One pool of threads for the process. */
#ifndef MT_POOL_H
#define MT_POOL_H

#include "mt.h"

enum { MT_MAX_THREADS = 256 };

/* Run fn over [0, num_items) on the caller and up to num_threads - 1 workers, started when first needed.
 * Returns when all is done. Each thread has its part, the same every time so that caches stay warm, and takes
 * it `grain` items at a time; who is done helps the others. If another thread is using the pool, the caller
 * does everything itself rather than wait. */
void mt_parallel(mt_range_fn fn, const void *operands, size_t num_items, size_t num_threads, size_t grain);

/* The same with operands of each thread's own: those of thread t lie t * stride bytes on. */
void mt_parallel_each(mt_range_fn fn, const void *operands, size_t stride, size_t num_items,
                      size_t num_threads, size_t grain);

#endif
