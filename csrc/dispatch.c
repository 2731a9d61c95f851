/* Which builds this machine can run. setup.py defines MT_HAVE_AVX2 when it compiled that build. */
#include "mt.h"

extern const struct mt_kernels mt_kernels_portable;
#ifdef MT_HAVE_AVX2
extern const struct mt_kernels mt_kernels_avx2;
#endif

const struct mt_kernels *const *mt_builds(void) {
    static const struct mt_kernels *const portable[] = {&mt_kernels_portable, NULL};
#ifdef MT_HAVE_AVX2
    static const struct mt_kernels *const avx2[] = {&mt_kernels_avx2, &mt_kernels_portable, NULL};
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2;
#endif
    return portable;
}
