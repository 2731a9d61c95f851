"""Builds the C kernels; everything else is in pyproject.toml.

Each kernel source is compiled once per instruction set and all objects are linked into one extension, which
picks at load. Without a C compiler the package installs all the same and the engine runs on NumPy.

MARTLET_WERROR=1 turns warnings into errors. MARTLET_SANITIZE names sanitizers to build with, such as
"address,undefined" or "thread"; `make sanitize` runs tests on such builds.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

KERNELS = [
    "csrc/table.c",
    "csrc/pack.c",
    "csrc/linear.c",
    "csrc/attention.c",
    "csrc/pointwise.c",
    "csrc/sampling.c",
]
FLAGS = ["-std=c11", "-O3", "-fopenmp-simd", "-ffp-contract=off", "-fno-math-errno", "-pthread"]
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wno-unknown-pragmas"]
X86_ISAS = {
    "avx2": ["-mavx2", "-mfma", "-mf16c"],
    "avx512": ["-mavx2", "-mfma", "-mf16c", "-mavx512f", "-mavx512bw", "-mavx512vl", "-mavx512dq"],
}
X86_ISAS["avx512vnni"] = [*X86_ISAS["avx512"], "-mavx512vnni"]
AMX = [*X86_ISAS["avx512vnni"], "-mamx-tile", "-mamx-bf16", "-mamx-int8"]


def env_flags() -> tuple[list[str], list[str]]:
    """Compiler and linker flags that the environment asks for."""
    compile_flags = ["-Werror"] if os.environ.get("MARTLET_WERROR") == "1" else []
    sanitizers = os.environ.get("MARTLET_SANITIZE")
    if not sanitizers:
        return compile_flags, []
    sanitize = [f"-fsanitize={sanitizers}", "-fno-sanitize-recover=all"]
    return [*compile_flags, *sanitize, "-O1", "-g", "-fno-omit-frame-pointer"], sanitize


class BuildKernels(build_ext):
    def build_extension(self, ext: Extension) -> None:
        isas: dict[str, list[str]] = {"portable": []}
        if self.plat_name.endswith(("x86_64", "amd64")):
            isas |= X86_ISAS
            ext.define_macros.append(("MT_HAVE_X86", "1"))
            if self.knows_flags(AMX):
                isas["amx"] = AMX
                ext.define_macros.append(("MT_HAVE_AMX", "1"))
        ext.extra_objects = [
            object_file
            for isa, flags in isas.items()
            for object_file in self.compile_kernels(ext, isa, flags)
        ]
        super().build_extension(ext)

    def knows_flags(self, flags: list[str]) -> bool:
        """AMX is younger than some compilers that are in use: GCC has it since 11, Clang since 12."""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder, "probe.c")
            source.write_text("#include <immintrin.h>\nvoid probe(void) { _tile_release(); }\n")
            try:
                self.compiler.compile([str(source)], output_dir=folder, extra_postargs=["-Werror", *flags])
            except CompileError:
                return False
        return True

    def compile_kernels(self, ext: Extension, isa: str, flags: list[str]) -> list[str]:
        return self.compiler.compile(
            KERNELS,
            output_dir=str(Path(self.build_temp) / isa),
            macros=[("MT_ISA", isa)],
            extra_postargs=[*ext.extra_compile_args, *flags],
            depends=ext.depends,
        )


def native_extension() -> Extension:
    compile_flags, link_flags = env_flags()
    return Extension(
        "martlet.engine.kernels._native",
        sources=["csrc/module.c", "csrc/dispatch.c", "csrc/pool.c"],
        depends=[str(path) for pattern in ("*.c", "*.h") for path in sorted(Path("csrc").glob(pattern))],
        extra_compile_args=[*FLAGS, *WARNINGS, *compile_flags],
        extra_link_args=["-pthread", *link_flags],
        optional=True,
    )


# The kernels need POSIX threads; on Windows the engine runs on NumPy.
setup(
    ext_modules=[] if sys.platform == "win32" else [native_extension()],
    cmdclass={"build_ext": BuildKernels},
)
