/* A job is published by raising the epoch, whose low bits say how many threads take part. Workers spin on it for a
 * while, because in a step the next job comes within microseconds, and then sleep. After a fork the child has no
 * workers; it starts its own.
 */
#define _GNU_SOURCE
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { SPIN_NS = 80000, SHARE_BITS = 16 };

static struct {
    pthread_mutex_t owner; /* held while a job runs */
    pthread_mutex_t sleeping;
    pthread_cond_t wake;
    size_t num_workers; /* guarded by owner */
    _Atomic uint64_t epoch; /* job number << SHARE_BITS | threads that take part */
    atomic_size_t num_sleepers;
    atomic_size_t num_pending; /* workers that take part and are not done */

    /* The job: written before the epoch is raised, left alone until num_pending is 0. */
    mt_range_fn fn;
    const void *operands;
    size_t num_items, num_threads;
    enum mt_share share;
    atomic_size_t next_item;
} pool = {
    .owner = PTHREAD_MUTEX_INITIALIZER,
    .sleeping = PTHREAD_MUTEX_INITIALIZER,
    .wake = PTHREAD_COND_INITIALIZER,
};

static void forget_workers(void) {
    static const pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
    static const pthread_cond_t quiet = PTHREAD_COND_INITIALIZER;
    memcpy(&pool.owner, &unlocked, sizeof unlocked);
    memcpy(&pool.sleeping, &unlocked, sizeof unlocked);
    memcpy(&pool.wake, &quiet, sizeof quiet);
    pool.num_workers = 0;
    atomic_store(&pool.num_sleepers, 0);
    atomic_store(&pool.num_pending, 0);
}

static void handle_fork(void) { pthread_atfork(NULL, NULL, forget_workers); }

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void run_share(size_t thread) {
    if (pool.share == MT_EVENLY) {
        size_t begin = pool.num_items * thread / pool.num_threads;
        size_t end = pool.num_items * (thread + 1) / pool.num_threads;
        if (begin < end) pool.fn(pool.operands, begin, end);
        return;
    }
    size_t item;
    while ((item = atomic_fetch_add_explicit(&pool.next_item, 1, memory_order_relaxed)) < pool.num_items)
        pool.fn(pool.operands, item, item + 1);
}

static uint64_t sleep_until_epoch_leaves(uint64_t seen) {
    uint64_t epoch;
    pthread_mutex_lock(&pool.sleeping);
    /* Sleeper first, epoch second; the publisher does the reverse, so one of the two sees the other. */
    atomic_fetch_add(&pool.num_sleepers, 1);
    while ((epoch = atomic_load(&pool.epoch)) == seen) pthread_cond_wait(&pool.wake, &pool.sleeping);
    atomic_fetch_sub(&pool.num_sleepers, 1);
    pthread_mutex_unlock(&pool.sleeping);
    return epoch;
}

static uint64_t await_epoch_after(uint64_t seen) {
    int64_t deadline = now_ns() + SPIN_NS;
    do {
        for (int i = 0; i < 64; i++) {
            uint64_t epoch = atomic_load_explicit(&pool.epoch, memory_order_acquire);
            if (epoch != seen) return epoch;
            relax();
        }
    } while (now_ns() < deadline);
    return sleep_until_epoch_leaves(seen);
}

struct worker {
    size_t thread; /* 0 is the caller */
    uint64_t epoch;
};

static void *work(void *argument) {
    struct worker self = *(struct worker *)argument;
    atomic_fetch_sub(&pool.num_pending, 1); /* `argument` has been read */
    for (;;) {
        self.epoch = await_epoch_after(self.epoch);
        if (self.thread >= (self.epoch & ((1u << SHARE_BITS) - 1))) continue;
        run_share(self.thread);
        atomic_fetch_sub_explicit(&pool.num_pending, 1, memory_order_release);
    }
    return NULL;
}

static void await_workers(void) {
    int64_t deadline = now_ns() + SPIN_NS;
    do {
        for (int i = 0; i < 64; i++) {
            if (atomic_load_explicit(&pool.num_pending, memory_order_acquire) == 0) return;
            relax();
        }
    } while (now_ns() < deadline);
    /* Perhaps a worker was descheduled: let it have this core. */
    while (atomic_load_explicit(&pool.num_pending, memory_order_acquire) > 0) sched_yield();
}

static void start_worker(void) {
    struct worker worker = {.thread = pool.num_workers + 1, .epoch = atomic_load(&pool.epoch)};
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    /* Signals belong to Python's threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_store(&pool.num_pending, 1);
    if (pthread_create(&thread, &attributes, work, &worker) == 0) {
        pool.num_workers++;
        await_workers();
    } else {
        atomic_store(&pool.num_pending, 0);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

static void publish(size_t num_threads) {
    uint64_t job = (atomic_load_explicit(&pool.epoch, memory_order_relaxed) >> SHARE_BITS) + 1;
    atomic_store(&pool.epoch, job << SHARE_BITS | num_threads);
    if (atomic_load(&pool.num_sleepers) == 0) return;
    pthread_mutex_lock(&pool.sleeping);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.sleeping);
}

void mt_parallel(mt_range_fn fn, const void *operands, size_t num_items, size_t num_threads, enum mt_share share) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    num_threads = MT_MIN(MT_MIN(num_threads, num_items), (size_t)MT_MAX_THREADS);
    if (num_threads < 2 || pthread_mutex_trylock(&pool.owner) != 0) {
        if (num_items > 0) fn(operands, 0, num_items);
        return;
    }
    pthread_once(&once, handle_fork);
    for (size_t missing = num_threads; pool.num_workers + 1 < num_threads && missing > 0; missing--) start_worker();
    num_threads = MT_MIN(num_threads, pool.num_workers + 1);
    pool.fn = fn;
    pool.operands = operands;
    pool.num_items = num_items;
    pool.num_threads = num_threads;
    pool.share = share;
    atomic_store_explicit(&pool.next_item, 0, memory_order_relaxed);
    atomic_store_explicit(&pool.num_pending, num_threads - 1, memory_order_relaxed);
    publish(num_threads);
    run_share(0);
    await_workers();
    pthread_mutex_unlock(&pool.owner);
}
