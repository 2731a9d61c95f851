/* Which builds this machine can run. setup.py defines MT_HAVE_X86 when it compiled those of x86-64, and
 * MT_HAVE_AMX when the compiler knew how to. */
#define _GNU_SOURCE
#include "mt.h"
#ifdef MT_HAVE_X86
#include <cpuid.h>
#endif
#if defined(MT_HAVE_AMX) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

extern const struct mt_kernels mt_kernels_portable;
#ifdef MT_HAVE_X86
extern const struct mt_kernels mt_kernels_avx2, mt_kernels_avx512, mt_kernels_avx512vnni;

static int has_avx2(void) {
    unsigned eax, ebx, ecx, edx;
    int has_f16c = __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_F16C);
    return has_f16c && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static int has_avx512(void) {
    return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}
#endif

#if defined(MT_HAVE_AMX) && defined(__linux__)
extern const struct mt_kernels mt_kernels_amx;

/* The system must allow a process to use tiles: it has to save more for each thread then. */
static int may_use_tiles(void) {
    enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
    return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

static int has_amx(void) {
    enum { BF16 = 1 << 22, TILE = 1 << 24, INT8 = 1 << 25, ALL = BF16 | TILE | INT8 };
    unsigned eax, ebx, ecx, edx;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (edx & ALL) == ALL && may_use_tiles();
}
#endif

const struct mt_kernels *const *mt_builds(void) {
    static const struct mt_kernels *builds[6];
    size_t count = 0;
#ifdef MT_HAVE_X86
    __builtin_cpu_init();
    int has_vnni = has_avx512() && __builtin_cpu_supports("avx512vnni");
#if defined(MT_HAVE_AMX) && defined(__linux__)
    if (has_vnni && has_amx()) builds[count++] = &mt_kernels_amx;
#endif
    if (has_vnni) builds[count++] = &mt_kernels_avx512vnni;
    if (has_avx512()) builds[count++] = &mt_kernels_avx512;
    if (has_avx2()) builds[count++] = &mt_kernels_avx2;
#endif
    builds[count] = &mt_kernels_portable;
    return builds;
}
