/* A job is published by opening a gate. Workers that are awake spin on it for a while, because in a step the
 * next job comes within microseconds, and then sleep. A worker joins by counting itself in while the gate is
 * open; the caller closes it when no work is left and waits for those who joined. So a worker that the system
 * does not run at the moment costs nothing: the others do its part, and it finds the gate closed.
 *
 * After a fork the child has no workers; it starts its own.
 */
#define _GNU_SOURCE
#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { SPIN_NS = 80000, JOB_SHIFT = 17, CACHE_LINE = 64 };
static const uint64_t OPEN = 1u << 16,
                      JOINED = OPEN - 1; /* fields of the gate; the job's number is above them */

struct part {
    _Alignas(CACHE_LINE) atomic_size_t next;
    size_t end;
};

static struct {
    pthread_mutex_t owner; /* held while a job runs */
    pthread_mutex_t sleeping;
    pthread_cond_t wake;
    size_t num_workers; /* guarded by owner */
    atomic_size_t num_sleepers;

    _Alignas(CACHE_LINE) _Atomic uint64_t gate;
    _Alignas(CACHE_LINE) atomic_size_t num_done; /* of those who joined */

    /* The job: written while the gate is closed, read by those who joined. */
    mt_range_fn fn;
    const char *operands;
    size_t stride; /* from the operands of one thread to those of the next */
    size_t num_threads, grain;
    struct part parts[MT_MAX_THREADS];
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
    atomic_store(&pool.gate, 0);
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

static void take_part(size_t index, const void *operands) {
    struct part *part = &pool.parts[index];
    size_t begin;
    while ((begin = atomic_fetch_add_explicit(&part->next, pool.grain, memory_order_relaxed)) < part->end)
        pool.fn(operands, begin, MT_MIN(begin + pool.grain, part->end));
}

/* One's own part first, then what is left of the others'. */
static void take_all_parts(size_t thread) {
    const void *operands = pool.operands + thread * pool.stride;
    for (size_t i = 0; i < pool.num_threads; i++) take_part((thread + i) % pool.num_threads, operands);
}

static uint64_t sleep_until_job_after(uint64_t seen) {
    uint64_t gate;
    pthread_mutex_lock(&pool.sleeping);
    /* Sleeper first, gate second; the publisher does the reverse, so one of the two sees the other. */
    atomic_fetch_add(&pool.num_sleepers, 1);
    while ((gate = atomic_load(&pool.gate)) >> JOB_SHIFT == seen)
        pthread_cond_wait(&pool.wake, &pool.sleeping);
    atomic_fetch_sub(&pool.num_sleepers, 1);
    pthread_mutex_unlock(&pool.sleeping);
    return gate;
}

static uint64_t await_job_after(uint64_t seen) {
    int64_t deadline = now_ns() + SPIN_NS;
    do {
        for (int i = 0; i < 64; i++) {
            uint64_t gate = atomic_load_explicit(&pool.gate, memory_order_relaxed);
            if (gate >> JOB_SHIFT != seen) return gate;
            relax();
        }
    } while (now_ns() < deadline);
    return sleep_until_job_after(seen);
}

/* Returns whether the gate was open still. */
static int join_job(uint64_t gate) {
    uint64_t job = gate >> JOB_SHIFT;
    while (gate & OPEN && gate >> JOB_SHIFT == job)
        if (atomic_compare_exchange_weak_explicit(&pool.gate, &gate, gate + 1, memory_order_acquire,
                                                  memory_order_relaxed))
            return 1;
    return 0;
}

static void *work(void *argument) {
    size_t thread = (size_t)(uintptr_t)argument; /* 0 is the caller */
    uint64_t seen = UINT64_MAX;
    for (;;) {
        uint64_t gate = await_job_after(seen);
        seen = gate >> JOB_SHIFT;
        if (!join_job(gate)) continue;
        if (thread < pool.num_threads) take_all_parts(thread);
        atomic_fetch_add_explicit(&pool.num_done, 1, memory_order_release);
    }
    return NULL;
}

static void start_worker(void) {
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    /* Signals belong to Python's threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&thread, &attributes, work, (void *)(uintptr_t)(pool.num_workers + 1)) == 0)
        pool.num_workers++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
}

static void open_gate(void) {
    uint64_t job = (atomic_load_explicit(&pool.gate, memory_order_relaxed) >> JOB_SHIFT) + 1;
    atomic_store_explicit(&pool.num_done, 0, memory_order_relaxed);
    atomic_store(&pool.gate, job << JOB_SHIFT | OPEN);
    if (atomic_load(&pool.num_sleepers) == 0) return;
    pthread_mutex_lock(&pool.sleeping);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.sleeping);
}

static void close_gate(void) {
    uint64_t joined = atomic_fetch_and_explicit(&pool.gate, ~OPEN, memory_order_relaxed) & JOINED;
    int64_t deadline = now_ns() + SPIN_NS;
    do {
        for (int i = 0; i < 64; i++) {
            if (atomic_load_explicit(&pool.num_done, memory_order_acquire) == joined) return;
            relax();
        }
    } while (now_ns() < deadline);
    /* Perhaps one who joined is not running: let it have this core. */
    while (atomic_load_explicit(&pool.num_done, memory_order_acquire) != joined) sched_yield();
}

void mt_parallel_each(mt_range_fn fn, const void *operands, size_t stride, size_t num_items,
                      size_t num_threads, size_t grain) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    num_threads = MT_MIN(MT_MIN(num_threads, num_items), (size_t)MT_MAX_THREADS);
    if (num_threads < 2 || pthread_mutex_trylock(&pool.owner) != 0) {
        if (num_items > 0) fn(operands, 0, num_items);
        return;
    }
    pthread_once(&once, handle_fork);
    for (size_t workers = pool.num_workers; workers + 1 < num_threads; workers++) start_worker();
    pool.fn = fn;
    pool.operands = operands;
    pool.stride = stride;
    pool.num_threads = num_threads;
    pool.grain = MT_MAX(grain, 1);
    for (size_t i = 0; i < num_threads; i++) {
        atomic_store_explicit(&pool.parts[i].next, num_items * i / num_threads, memory_order_relaxed);
        pool.parts[i].end = num_items * (i + 1) / num_threads;
    }
    open_gate();
    take_all_parts(0);
    close_gate();
    pthread_mutex_unlock(&pool.owner);
}

void mt_parallel(mt_range_fn fn, const void *operands, size_t num_items, size_t num_threads, size_t grain) {
    mt_parallel_each(fn, operands, 0, num_items, num_threads, grain);
}
