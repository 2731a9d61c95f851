/* Which builds this machine can run. setup.py defines MT_HAVE_X86 when it compiled those of x86-64. */
#include "mt.h"
#ifdef MT_HAVE_X86
#include <cpuid.h>
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

const struct mt_kernels *const *mt_builds(void) {
    static const struct mt_kernels *builds[5];
    size_t count = 0;
#ifdef MT_HAVE_X86
    __builtin_cpu_init();
    if (has_avx512() && __builtin_cpu_supports("avx512vnni")) builds[count++] = &mt_kernels_avx512vnni;
    if (has_avx512()) builds[count++] = &mt_kernels_avx512;
    if (has_avx2()) builds[count++] = &mt_kernels_avx2;
#endif
    builds[count] = &mt_kernels_portable;
    return builds;
}
