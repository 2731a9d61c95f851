/* The kernels of one ISA's build. */
#include "mt.h"

#define DECLARE(name) void MT_FN(name)(const void *operands, size_t begin, size_t end);
size_t MT_FN(prepared_bytes)(const struct mt_linear *op);
DECLARE(pack)
DECLARE(embed)
DECLARE(prepare)
DECLARE(linear)
DECLARE(rms_norm)
DECLARE(rms_norm_heads)
DECLARE(layer_norm)
DECLARE(rope)
DECLARE(write_kv)
DECLARE(activate)
DECLARE(activate_mul)
DECLARE(soft_cap)
DECLARE(attention)
DECLARE(attention_part)
DECLARE(attention_merge)
DECLARE(sample)

#define STRING_(text) #text
#define STRING(text) STRING_(text)
#define ENTRY(name) .name = MT_FN(name)

extern const struct mt_kernels MT_FN(mt_kernels);
const struct mt_kernels MT_FN(mt_kernels) = {
    .name = STRING(MT_ISA),
    ENTRY(prepared_bytes),
    ENTRY(pack),
    ENTRY(embed),
    ENTRY(prepare),
    ENTRY(linear),
    ENTRY(rms_norm),
    ENTRY(rms_norm_heads),
    ENTRY(layer_norm),
    ENTRY(rope),
    ENTRY(write_kv),
    ENTRY(activate),
    ENTRY(activate_mul),
    ENTRY(soft_cap),
    ENTRY(attention),
    ENTRY(attention_part),
    ENTRY(attention_merge),
    ENTRY(sample),
};
