/* martlet.engine.kernels._native: checks arrays, releases the GIL, runs kernels. The only file that knows
 * Python.
 *
 * Everything a kernel relies on is checked here, indices too: a mistake of the caller's is an exception,
 * never a stray write.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <pthread.h>
#include <stdlib.h>
#include <structmember.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

#include "mt.h"
#include "pool.h"

/* Below this many multiply-adds (or as many bytes moved) an operation takes a few microseconds: not worth
 * waking a thread, nor handing the GIL to another that may keep it for milliseconds. */
enum { SMALL_WORK = 64 * 1024 };

/* Factor of the float16 scales that we choose ourselves: weights from 1e-5 to 30000 then have normal ones. */
static const float OWN_SCALE = 0x1p-8f;

/* Bytes of partial results that splitting contexts between threads may use. */
enum { MAX_PART_BYTES = 16 * 1024 * 1024 };

/* --- arrays -------------------------------------------------------------------------------------------- */

enum { IN = 0, OUT = 1, IN_PLACE = 2 }; /* OUT is contiguous; the others may have a stride between rows */

struct array {
    Py_buffer view;
    int is_held;
    size_t shape[4];
    size_t stride; /* of the first axis, in elements */
};

#define RELEASE(...)                                                    \
    do {                                                                \
        struct array *held_[] = {__VA_ARGS__};                          \
        for (size_t i_ = 0; i_ < sizeof held_ / sizeof *held_; i_++)    \
            if (held_[i_]->is_held) PyBuffer_Release(&held_[i_]->view); \
    } while (0)

static char format_of(const Py_buffer *view) {
    const char *format = view->format;
    if (format == NULL) return 'B';
    if (*format == '@' || *format == '=' || (PY_LITTLE_ENDIAN && *format == '<')) format++;
    if (format[0] == '\0' || format[1] != '\0') return '?';
    return format[0] == 'l' && view->itemsize == 4 ? 'i' : format[0];
}

static const char *dtype_name(char format) {
    switch (format) {
        case 'f': return "float32";
        case 'i': return "int32";
        case 'b': return "int8";
        case 'e': return "float16";
        case 'H': return "uint16";
        case 'd': return "float64";
        default: return "another dtype";
    }
}

/* Axes after the first must be contiguous; the first too, for OUT. */
static int check_layout(struct array *array, const char *name, int role) {
    Py_buffer *view = &array->view;
    Py_ssize_t expected = view->itemsize;
    int is_empty = 0;
    for (int i = 0; i < view->ndim; i++) {
        array->shape[i] = (size_t)view->shape[i];
        is_empty |= view->shape[i] == 0;
    }
    if (is_empty) return 0;
    for (int i = view->ndim - 1; i >= 1; i--) {
        if (view->shape[i] != 1 && view->strides[i] != expected) {
            PyErr_Format(PyExc_ValueError, "%s must be contiguous along its axis %d", name, i);
            return -1;
        }
        expected *= view->shape[i];
    }
    Py_ssize_t stride = view->ndim > 0 && view->shape[0] > 1 ? view->strides[0] : expected;
    if (role == OUT && stride != expected) {
        PyErr_Format(PyExc_ValueError, "%s must be C-contiguous", name);
        return -1;
    }
    if (stride < 0 || stride % view->itemsize != 0 || (role == IN_PLACE && stride < expected)
        || (view->ndim == 1 && stride != expected)) {
        PyErr_Format(PyExc_ValueError, "the rows of %s must lie one after another", name);
        return -1;
    }
    if ((uintptr_t)view->buf % (size_t)view->itemsize != 0) {
        PyErr_Format(PyExc_ValueError, "%s must be aligned", name);
        return -1;
    }
    array->stride = (size_t)(stride / view->itemsize);
    return 0;
}

static int get_any(struct array *array, PyObject *object, const char *name, int ndim, int role) {
    int flags = PyBUF_FORMAT | PyBUF_STRIDES | (role == IN ? 0 : PyBUF_WRITABLE);
    if (PyObject_GetBuffer(object, &array->view, flags) < 0) return -1;
    array->is_held = 1;
    if (array->view.ndim != ndim) {
        PyErr_Format(PyExc_ValueError, "%s must have %d dimensions, got %d", name, ndim, array->view.ndim);
        return -1;
    }
    return check_layout(array, name, role);
}

static int require_format(const struct array *array, const char *name, char format) {
    if (format_of(&array->view) == format) return 0;
    PyErr_Format(PyExc_TypeError, "%s must be %s, got format '%s'", name, dtype_name(format),
                 array->view.format == NULL ? "B" : array->view.format);
    return -1;
}

static int get(struct array *array, PyObject *object, const char *name, char format, int ndim, int role) {
    if (get_any(array, object, name, ndim, role) < 0) return -1;
    return require_format(array, name, format);
}

static int require(int ok, const char *problem) {
    if (!ok) PyErr_SetString(PyExc_ValueError, problem);
    return ok ? 0 : -1;
}

static int require_shape(const struct array *array, const char *name, int axis, size_t expected) {
    if (array->shape[axis] == expected) return 0;
    PyErr_Format(PyExc_ValueError, "%s must have %zu along axis %d, got %zu", name, expected, axis,
                 array->shape[axis]);
    return -1;
}

static int require_within(const int32_t *indices, size_t count, const char *name, size_t end) {
    for (size_t i = 0; i < count; i++)
        if (indices[i] < 0 || (size_t)indices[i] >= end) {
            PyErr_Format(PyExc_IndexError, "%s must be at least 0 and below %zu, got %d", name, end,
                         (int)indices[i]);
            return -1;
        }
    return 0;
}

/* Bytes from an array's first element to the end of its last. */
static size_t extent(const struct array *array) {
    if (array->view.len == 0) return 0;
    size_t row_bytes = (size_t)array->view.len / array->shape[0];
    return (array->shape[0] - 1) * array->stride * (size_t)array->view.itemsize + row_bytes;
}

static int require_apart(const struct array *a, const struct array *b, const char *problem) {
    size_t a_size = extent(a), b_size = extent(b);
    uintptr_t a_start = (uintptr_t)a->view.buf, b_start = (uintptr_t)b->view.buf;
    int is_apart = a_size == 0 || b_size == 0 || a_start + a_size <= b_start || b_start + b_size <= a_start;
    return require(is_apart, problem);
}

/* --- Weight -------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    struct mt_matrix matrix;
    struct slab *slab;
    Py_ssize_t nbytes;
    int is_unfit;
} Weight;

/* Weights lie close together in slabs of huge pages: with small ones, reading them takes a quarter longer. A
 * slab goes with the last of its weights. */
struct slab {
    size_t num_weights, used, size;
};

enum { HUGE_PAGE = 2 * 1024 * 1024, SLAB_BYTES = 32 * 1024 * 1024, LINE = 64 };

static pthread_mutex_t slab_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct slab *open_slab; /* where the next weight goes, if it fits; guarded by slab_mutex */

static struct slab *new_slab(size_t size) {
    void *memory = NULL;
    size = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    if (posix_memalign(&memory, HUGE_PAGE, size) != 0) return NULL;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    (void)madvise(memory, size, MADV_HUGEPAGE);
#endif
    struct slab *slab = memory;
    *slab = (struct slab){.used = LINE, .size = size};
    return slab;
}

/* `size` bytes of *slab, which is theirs until release_slab. */
static void *allocate_panels(size_t size, struct slab **slab) {
    void *panels = NULL;
    size = (size + LINE - 1) / LINE * LINE;
    pthread_mutex_lock(&slab_mutex);
    if (open_slab == NULL || open_slab->size - open_slab->used < size) {
        struct slab *fresh = new_slab(MT_MAX(size + LINE, (size_t)SLAB_BYTES));
        if (fresh != NULL) open_slab = fresh;
    }
    if (open_slab != NULL && open_slab->size - open_slab->used >= size) {
        panels = (char *)open_slab + open_slab->used;
        open_slab->used += size;
        open_slab->num_weights++;
        *slab = open_slab;
    }
    pthread_mutex_unlock(&slab_mutex);
    return panels;
}

static void release_slab(struct slab *slab) {
    if (slab == NULL) return;
    pthread_mutex_lock(&slab_mutex);
    if (--slab->num_weights == 0) {
        if (slab == open_slab) open_slab = NULL;
        free(slab);
    }
    pthread_mutex_unlock(&slab_mutex);
}

static void weight_dealloc(Weight *self) {
    PyTypeObject *type = Py_TYPE(self);
    release_slab(self->slab);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static int weight_get_buffer(Weight *self, Py_buffer *view, int flags) {
    return PyBuffer_FillInfo(view, (PyObject *)self, self->matrix.panels, self->nbytes, 1, flags);
}

static PyObject *weight_rows(Weight *self, void *closure) {
    (void)closure;
    return PyLong_FromSize_t(self->matrix.rows);
}

static PyObject *weight_cols(Weight *self, void *closure) {
    (void)closure;
    return PyLong_FromSize_t(self->matrix.cols);
}

static PyObject *weight_dtype(Weight *self, void *closure) {
    (void)closure;
    static const char *const names[] = {"f32", "bf16", "int8", "int4"};
    return PyUnicode_FromString(names[self->matrix.dtype]);
}

static PyObject *weight_is_finite(Weight *self, void *closure) {
    (void)closure;
    return PyBool_FromLong(!self->is_unfit);
}

static PyObject *weight_nbytes(Weight *self, void *closure) {
    (void)closure;
    return PyLong_FromSsize_t(self->nbytes);
}

static PyGetSetDef weight_members[] = {
    {"rows", (getter)weight_rows, NULL, PyDoc_STR("Rows of the matrix: outputs of `linear`."), NULL},
    {"cols", (getter)weight_cols, NULL, PyDoc_STR("Columns of the matrix: inputs of `linear`."), NULL},
    {"dtype", (getter)weight_dtype, NULL, PyDoc_STR("How it is held: \"f32\", \"bf16\", \"int8\" or \"int4\"."),
     NULL},
    {"is_finite", (getter)weight_is_finite, NULL, PyDoc_STR("No value is infinite or not a number."), NULL},
    {"nbytes", (getter)weight_nbytes, NULL, PyDoc_STR("Memory it takes, padding included."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot weight_slots[] = {
    {Py_tp_doc,
     (void *)PyDoc_STR("A matrix packed for `linear`; its memory can be read through the buffer protocol.")},
    {Py_tp_dealloc, weight_dealloc},
    {Py_tp_getset, weight_members},
    {Py_bf_getbuffer, weight_get_buffer},
    {0, NULL},
};

static PyType_Spec weight_spec = {
    .name = "martlet.engine.kernels._native.Weight",
    .basicsize = sizeof(Weight),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = weight_slots,
};

/* --- Kernels ------------------------------------------------------------------------------------------- */

typedef struct {
    PyObject_HEAD
    const struct mt_kernels *table;
    size_t num_threads;
    PyTypeObject *weight_type;
} Kernels;

struct module_state {
    PyTypeObject *weight_type;
};

/* Thread t gets the operands `t * stride` bytes on. `work` is in multiply-adds or bytes, whichever is the greater
 * burden. */
static void run_each(Kernels *self, mt_range_fn fn, const void *operands, size_t stride, size_t num_items,
                     size_t grain, size_t work) {
    if (work <= SMALL_WORK) {
        mt_parallel(fn, operands, num_items, 1, grain);
        return;
    }
    size_t num_threads = self->num_threads;
    Py_BEGIN_ALLOW_THREADS;
    mt_parallel_each(fn, operands, stride, num_items, num_threads, grain);
    Py_END_ALLOW_THREADS;
}

static void run_grains(Kernels *self, mt_range_fn fn, const void *operands, size_t num_items, size_t grain,
                       size_t work) {
    run_each(self, fn, operands, 0, num_items, grain, work);
}

/* Few enough grains to stay cheap, enough that a thread which falls behind can be helped. */
static void run(Kernels *self, mt_range_fn fn, const void *operands, size_t num_items, size_t work) {
    run_grains(self, fn, operands, num_items, num_items / (4 * self->num_threads), work);
}

static int require_args(const char *name, Py_ssize_t given, Py_ssize_t expected) {
    if (given == expected) return 0;
    PyErr_Format(PyExc_TypeError, "%s() takes %zd arguments, got %zd", name, expected, given);
    return -1;
}

static Weight *get_weight(Kernels *self, PyObject *object) {
    if (Py_TYPE(object) == self->weight_type) return (Weight *)object;
    PyErr_SetString(PyExc_TypeError, "weight was packed by other kernels");
    return NULL;
}

static int read_num_threads(PyObject *object, size_t *num_threads) {
    Py_ssize_t value = PyLong_AsSsize_t(object);
    if (value == -1 && PyErr_Occurred()) return -1;
    if (value < 1) {
        PyErr_Format(PyExc_ValueError, "num_threads must be at least 1, got %zd", value);
        return -1;
    }
    *num_threads = MT_MIN((size_t)value, (size_t)MT_MAX_THREADS);
    return 0;
}

static PyObject *kernels_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    const char *name;
    PyObject *threads;
    size_t num_threads;
    if (kwargs != NULL && PyDict_GET_SIZE(kwargs) > 0) {
        PyErr_SetString(PyExc_TypeError, "Kernels() takes no keyword arguments");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "sO:Kernels", &name, &threads)) return NULL;
    if (read_num_threads(threads, &num_threads) < 0) return NULL;
    struct module_state *state = PyType_GetModuleState(type);
    if (state == NULL) return NULL;
    for (const struct mt_kernels *const *build = mt_builds(); *build != NULL; build++) {
        if (strcmp((*build)->name, name) != 0) continue;
        Kernels *self = (Kernels *)type->tp_alloc(type, 0);
        if (self == NULL) return NULL;
        self->table = *build;
        self->num_threads = num_threads;
        Py_INCREF(state->weight_type);
        self->weight_type = state->weight_type;
        return (PyObject *)self;
    }
    PyErr_Format(PyExc_ValueError, "this machine cannot run kernels named '%s'", name);
    return NULL;
}

static void kernels_dealloc(Kernels *self) {
    PyTypeObject *type = Py_TYPE(self);
    Py_XDECREF(self->weight_type);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyObject *kernels_name(Kernels *self, void *closure) {
    (void)closure;
    return PyUnicode_FromString(self->table->name);
}

static PyObject *kernels_num_threads(Kernels *self, void *closure) {
    (void)closure;
    return PyLong_FromSize_t(self->num_threads);
}

static PyObject *kernels_set_num_threads(Kernels *self, PyObject *object) {
    if (read_num_threads(object, &self->num_threads) < 0) return NULL;
    Py_RETURN_NONE;
}

static int read_stored_dtype(const struct array *w, const char *declared, enum mt_dtype *dtype) {
    char format = format_of(&w->view);
    if (format == 'f' && (declared == NULL || strcmp(declared, "f32") == 0))
        *dtype = MT_F32;
    else if (format == 'e' && (declared == NULL || strcmp(declared, "f16") == 0))
        *dtype = MT_F16;
    else if (format == 'H' && declared != NULL && strcmp(declared, "bf16") == 0)
        *dtype = MT_BF16;
    else {
        PyErr_Format(PyExc_TypeError, "cannot read an array of format '%s' as %s",
                     w->view.format == NULL ? "B" : w->view.format,
                     declared == NULL ? "f32 or f16" : declared);
        return -1;
    }
    return 0;
}

static Weight *new_weight(Kernels *self, struct mt_matrix matrix) {
    size_t size = mt_num_panels(&matrix) * mt_panel_bytes(&matrix);
    Weight *weight = (Weight *)self->weight_type->tp_alloc(self->weight_type, 0);
    if (weight == NULL) return NULL;
    matrix.panels = allocate_panels(size, &weight->slab);
    if (matrix.panels == NULL) {
        Py_DECREF(weight);
        PyErr_NoMemory();
        return NULL;
    }
    weight->matrix = matrix;
    weight->nbytes = (Py_ssize_t)size;
    return weight;
}

/* A quantised weight that is not fit is refused: it would be wrong without a trace. */
static PyObject *fill_weight(Kernels *self, struct mt_pack *op) {
    Weight *weight = new_weight(self, op->packed);
    if (weight == NULL) return NULL;
    op->packed = weight->matrix;
    op->is_unfit = &weight->is_unfit;
    run(self, self->table->pack, op, mt_num_panels(&op->packed), (size_t)weight->nbytes);
    if (!weight->is_unfit || !mt_is_quantized(op->packed.dtype)) return (PyObject *)weight;
    PyErr_SetString(PyExc_ValueError, "w has values that are infinite, not numbers, or too large to quantize");
    Py_DECREF(weight);
    return NULL;
}

static int read_quantization(const char *name, struct mt_matrix *matrix) {
    if (name != NULL && strcmp(name, "int8") == 0)
        matrix->dtype = MT_INT8;
    else if (name != NULL && strcmp(name, "int4") == 0)
        matrix->dtype = MT_INT4;
    else {
        PyErr_Format(PyExc_ValueError, "quantization must be 'int8' or 'int4', got '%s'",
                     name == NULL ? "None" : name);
        return -1;
    }
    return 0;
}

static PyObject *kernels_pack(Kernels *self, PyObject *args, PyObject *kwargs) {
    static char *names[] = {"w", "dtype", "quantization", NULL};
    PyObject *object, *result = NULL;
    const char *declared = NULL, *quantization = NULL;
    struct array w = {0};
    enum mt_dtype dtype;
    if (!PyArg_ParseTupleAndKeywords(args, kwargs, "O|zz:pack", names, &object, &declared, &quantization))
        return NULL;
    if (get_any(&w, object, "w", 2, IN) < 0 || read_stored_dtype(&w, declared, &dtype) < 0) goto done;
    struct mt_matrix packed = {.rows = w.shape[0], .cols = w.shape[1], .scale = OWN_SCALE};
    packed.dtype = dtype == MT_BF16 ? MT_BF16 : MT_F32;
    if (quantization != NULL && read_quantization(quantization, &packed) < 0) goto done;
    struct mt_pack op = {.w = w.view.buf, .w_stride = w.stride, .dtype = dtype, .packed = packed};
    result = fill_weight(self, &op);
done:
    RELEASE(&w);
    return result;
}

static PyObject *kernels_pack_quantized(Kernels *self, PyObject *args) {
    PyObject *values_object, *scales_object, *result = NULL;
    const char *quantization;
    struct array values = {0}, scales = {0};
    struct mt_matrix packed = {.scale = 1};
    if (!PyArg_ParseTuple(args, "OOs:pack_quantized", &values_object, &scales_object, &quantization))
        return NULL;
    if (read_quantization(quantization, &packed) < 0
        || get(&values, values_object, "values", 'b', 2, IN) < 0
        || get(&scales, scales_object, "scales", 'e', 2, IN) < 0)
        goto done;
    packed.rows = values.shape[0];
    packed.cols = values.shape[1];
    if (require_shape(&scales, "scales", 0, packed.rows) < 0
        || require_shape(&scales, "scales", 1, mt_num_groups(&packed)) < 0)
        goto done;
    struct mt_pack op = {
        .w = values.view.buf,
        .w_stride = values.stride,
        .dtype = MT_INT8,
        .scales = scales.view.buf,
        .scales_stride = scales.stride,
        .packed = packed,
    };
    result = fill_weight(self, &op);
done:
    RELEASE(&values, &scales);
    return result;
}

static PyObject *kernels_embed(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array ids = {0}, out = {0};
    PyObject *result = NULL;
    Weight *weight;
    if (require_args("embed", nargs, 3) < 0 || (weight = get_weight(self, args[0])) == NULL
        || get(&ids, args[1], "token_ids", 'i', 1, IN) < 0 || get(&out, args[2], "out", 'f', 2, OUT) < 0
        || require_shape(&out, "out", 0, ids.shape[0]) < 0
        || require_shape(&out, "out", 1, weight->matrix.cols) < 0
        || require_within(ids.view.buf, ids.shape[0], "token_ids", weight->matrix.rows) < 0)
        goto done;
    struct mt_embed op = {.weight = weight->matrix, .ids = ids.view.buf, .out = out.view.buf};
    run(self, self->table->embed, &op, ids.shape[0], ids.shape[0] * op.weight.cols * 32);
    result = Py_NewRef(Py_None);
done:
    RELEASE(&ids, &out);
    return result;
}

/* Few grains: a grain's beginning and end are not fetched ahead. */
static size_t grain_of_panels(const Kernels *self, size_t num_panels) {
    size_t grain = num_panels / (4 * self->num_threads);
    /* A single row, and few rows in tiles, are multiplied by four panels at a time. */
    return MT_MAX((grain + 3) / 4 * 4, 4);
}

/* Products of runs of rows, each with a weight of its own; these have as many panels each. */
struct linear_runs {
    const struct mt_kernels *table;
    const struct mt_linear *ops;
    size_t num_panels;
};

/* Items: runs. */
static void prepare_runs(const void *operands, size_t begin, size_t end) {
    const struct linear_runs *runs = operands;
    for (size_t i = begin; i < end; i++) runs->table->prepare(&runs->ops[i], 0, runs->ops[i].num_rows);
}

/* Items: panels of all. */
static void multiply_runs(const void *operands, size_t begin, size_t end) {
    const struct linear_runs *runs = operands;
    while (begin < end) {
        size_t first = begin % runs->num_panels, last = MT_MIN(first + end - begin, runs->num_panels);
        runs->table->linear(&runs->ops[begin / runs->num_panels], first, last);
        begin += last - first;
    }
}

/* What the kernels read in place of x, until *scratch is freed. Each operation has rows. */
static int prepare(Kernels *self, struct mt_linear *ops, size_t count, void **scratch) {
    size_t size = 0, work = 0;
    for (size_t i = 0; i < count; i++) {
        size += (self->table->prepared_bytes(&ops[i]) + LINE - 1) / LINE * LINE;
        work += ops[i].num_rows * ops[i].weight.cols * 8;
    }
    if (size == 0) return 0;
    if (posix_memalign(scratch, LINE, size) != 0) {
        *scratch = NULL;
        PyErr_NoMemory();
        return -1;
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        ops[i].prepared = (char *)*scratch + at;
        at += (self->table->prepared_bytes(&ops[i]) + LINE - 1) / LINE * LINE;
    }
    struct linear_runs runs = {.table = self->table, .ops = ops};
    if (count == 1)
        run(self, self->table->prepare, ops, ops->num_rows, work);
    else
        run(self, prepare_runs, &runs, count, work);
    return 0;
}

/* A thread's own operands of a product: it prepares the rows itself, once, where that costs less than to
 * read what another has written. */
struct product {
    const struct mt_kernels *table;
    struct mt_linear op;
    int *is_prepared;
    float *sums; /* of a gated product */
    const struct mt_activate *activate;
};

static void prepare_own(const struct product *product) {
    if (!*product->is_prepared) product->table->prepare(&product->op, 0, product->op.num_rows);
    *product->is_prepared = 1;
}

static void prepare_and_multiply(const void *operands, size_t begin, size_t end) {
    const struct product *product = operands;
    prepare_own(product);
    product->table->linear(&product->op, begin, end);
}

/* Of gates, and as many of what they are multiplied by: their sums stay in L1. */
static size_t gated_panels(size_t num_rows) { return MT_MAX(64 / num_rows / 4 * 4, (size_t)4); }

static void multiply_part(const struct product *product, size_t panel, size_t num_panels, float *sums) {
    struct mt_linear op = product->op;
    op.weight.panels = (char *)op.weight.panels + panel * mt_panel_bytes(&op.weight);
    op.weight.rows = num_panels * MT_PANEL;
    op.out = sums;
    op.out_stride = 2 * op.weight.rows;
    product->table->linear(&op, 0, num_panels);
}

/* Items: panels of gates. */
static void multiply_and_activate(const void *operands, size_t begin, size_t end) {
    const struct product *product = operands;
    size_t num_gates = mt_num_panels(&product->op.weight) / 2, step = gated_panels(product->op.num_rows);
    prepare_own(product);
    for (size_t first = begin; first < end; first += step) {
        size_t num_panels = MT_MIN(end - first, step), width = num_panels * MT_PANEL;
        struct mt_activate activate = *product->activate;
        multiply_part(product, first, num_panels, product->sums);
        multiply_part(product, num_gates + first, num_panels, product->sums + width);
        activate.x = product->sums;
        activate.x_stride = 2 * width;
        activate.cols = width;
        activate.out += first * MT_PANEL;
        product->table->activate_mul(&activate, 0, product->op.num_rows);
    }
}

/* activate: NULL for a plain product. */
static int multiply_few_rows(Kernels *self, const struct mt_linear *op, const struct mt_activate *activate) {
    struct product products[MT_MAX_THREADS];
    size_t num_threads = self->num_threads, num_panels = mt_num_panels(&op->weight);
    size_t prepared_bytes = (self->table->prepared_bytes(op) + LINE - 1) / LINE * LINE;
    size_t num_sums = activate == NULL ? 0 : op->num_rows * 2 * gated_panels(op->num_rows) * MT_PANEL;
    size_t size = LINE + prepared_bytes + num_sums * sizeof(float);
    size_t work = op->num_rows * op->weight.rows * op->weight.cols;
    char *scratch = NULL;
    if (posix_memalign((void **)&scratch, LINE, num_threads * size) != 0) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t t = 0; t < num_threads; t++) {
        char *own = scratch + t * size;
        products[t] = (struct product){
            .table = self->table,
            .op = *op,
            .is_prepared = (int *)(void *)own,
            .sums = (float *)(void *)(own + LINE + prepared_bytes),
            .activate = activate,
        };
        products[t].op.prepared = own + LINE;
        *products[t].is_prepared = prepared_bytes == 0;
    }
    if (activate == NULL)
        run_each(self, prepare_and_multiply, products, sizeof *products, num_panels,
                 grain_of_panels(self, num_panels), work);
    else
        run_each(self, multiply_and_activate, products, sizeof *products, num_panels / 2,
                 grain_of_panels(self, num_panels / 2), work);
    free(scratch);
    return 0;
}

static int multiply_rows(Kernels *self, struct mt_linear *op) {
    size_t num_panels = mt_num_panels(&op->weight), grain = grain_of_panels(self, num_panels);
    size_t work = op->num_rows * op->weight.rows * op->weight.cols;
    void *scratch = NULL;
    if (num_panels == 0 || op->num_rows == 0) return 0;
    if (self->table->prepared_bytes(op) > 0 && op->num_rows * op->weight.cols <= SMALL_WORK)
        return multiply_few_rows(self, op, NULL);
    if (prepare(self, op, 1, &scratch) < 0) return -1;
    run_grains(self, self->table->linear, op, num_panels, grain, work);
    free(scratch);
    return 0;
}

static PyObject *multiply(Kernels *self, PyObject *const *args, Py_ssize_t nargs, const char *name,
                          int adds) {
    struct array x = {0}, out = {0};
    PyObject *result = NULL;
    Weight *weight;
    if (require_args(name, nargs, 3) < 0 || get(&x, args[0], "x", 'f', 2, IN) < 0
        || (weight = get_weight(self, args[1])) == NULL || get(&out, args[2], "out", 'f', 2, IN_PLACE) < 0
        || require_shape(&x, "x", 1, weight->matrix.cols) < 0 || require_shape(&out, "out", 0, x.shape[0]) < 0
        || require_shape(&out, "out", 1, weight->matrix.rows) < 0
        || require_apart(&x, &out, "x and out must not overlap") < 0)
        goto done;
    struct mt_linear op = {
        .x = x.view.buf,
        .x_stride = x.stride,
        .num_rows = x.shape[0],
        .weight = weight->matrix,
        .out = out.view.buf,
        .out_stride = out.stride,
        .adds = adds,
    };
    if (multiply_rows(self, &op) < 0) goto done;
    result = Py_NewRef(Py_None);
done:
    RELEASE(&x, &out);
    return result;
}

static PyObject *kernels_linear(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    return multiply(self, args, nargs, "linear", 0);
}

static PyObject *kernels_linear_add(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    return multiply(self, args, nargs, "linear_add", 1);
}

/* The part of `all` for rows [begin, end), and a weight for them. */
static struct mt_linear rows_of(const struct mt_linear *all, size_t begin, size_t end,
                                const struct mt_matrix *weight) {
    struct mt_linear op = *all;
    op.x += begin * all->x_stride;
    op.out += begin * all->out_stride;
    op.num_rows = end - begin;
    op.weight = *weight;
    return op;
}

static int require_runs(Kernels *self, PyObject *weights, const struct array *starts, size_t num_rows) {
    size_t num_runs = (size_t)PyTuple_GET_SIZE(weights);
    const int32_t *at = starts->view.buf;
    if (require(num_runs > 0, "there must be weights") < 0
        || require_shape(starts, "starts", 0, num_runs + 1) < 0
        || require(at[0] == 0 && (size_t)at[num_runs] == num_rows, "starts must go from 0 to x's rows") < 0)
        return -1;
    for (size_t i = 0; i < num_runs; i++) {
        Weight *weight = get_weight(self, PyTuple_GET_ITEM(weights, (Py_ssize_t)i));
        if (weight == NULL || require(at[i] <= at[i + 1], "starts must not fall") < 0) return -1;
        const struct mt_matrix *first = &((Weight *)PyTuple_GET_ITEM(weights, 0))->matrix,
                               *matrix = &weight->matrix;
        if (require(matrix->rows == first->rows && matrix->cols == first->cols
                        && matrix->dtype == first->dtype,
                    "weights must be alike in shape and dtype")
            < 0)
            return -1;
    }
    return 0;
}

static PyObject *kernels_linear_runs(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array x = {0}, starts = {0}, out = {0};
    PyObject *result = NULL, *weights = NULL;
    struct mt_linear *ops = NULL;
    void *scratch = NULL;
    if (require_args("linear_runs", nargs, 4) < 0 || get(&x, args[0], "x", 'f', 2, IN) < 0
        || (weights = PySequence_Tuple(args[1])) == NULL || get(&starts, args[2], "starts", 'i', 1, IN) < 0
        || get(&out, args[3], "out", 'f', 2, IN_PLACE) < 0
        || require_runs(self, weights, &starts, x.shape[0]) < 0)
        goto done;
    struct mt_linear all = {
        .x = x.view.buf,
        .x_stride = x.stride,
        .num_rows = x.shape[0],
        .weight = ((Weight *)PyTuple_GET_ITEM(weights, 0))->matrix,
        .out = out.view.buf,
        .out_stride = out.stride,
    };
    if (require_shape(&x, "x", 1, all.weight.cols) < 0 || require_shape(&out, "out", 0, x.shape[0]) < 0
        || require_shape(&out, "out", 1, all.weight.rows) < 0
        || require_apart(&x, &out, "x and out must not overlap") < 0)
        goto done;
    size_t num_runs = (size_t)PyTuple_GET_SIZE(weights), count = 0;
    const int32_t *at = starts.view.buf;
    ops = malloc(num_runs * sizeof *ops);
    if (ops == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (size_t i = 0; i < num_runs; i++)
        if (at[i] < at[i + 1])
            ops[count++] = rows_of(&all, (size_t)at[i], (size_t)at[i + 1],
                                   &((Weight *)PyTuple_GET_ITEM(weights, (Py_ssize_t)i))->matrix);
    if (prepare(self, ops, count, &scratch) < 0) goto done;
    struct linear_runs runs = {self->table, ops, mt_num_panels(&all.weight)};
    run_grains(self, multiply_runs, &runs, count * runs.num_panels, 4,
               all.num_rows * all.weight.rows * all.weight.cols);
    result = Py_NewRef(Py_None);
done:
    free(ops);
    free(scratch);
    Py_XDECREF(weights);
    RELEASE(&x, &starts, &out);
    return result;
}

static PyObject *kernels_rms_norm(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array x = {0}, weight = {0}, out = {0};
    PyObject *result = NULL;
    double eps;
    if (require_args("rms_norm", nargs, 4) < 0 || get(&x, args[0], "x", 'f', 2, IN) < 0
        || get(&weight, args[1], "weight", 'f', 1, IN) < 0 || get(&out, args[3], "out", 'f', 2, OUT) < 0
        || require_shape(&weight, "weight", 0, x.shape[1]) < 0
        || require_shape(&out, "out", 0, x.shape[0]) < 0 || require_shape(&out, "out", 1, x.shape[1]) < 0)
        goto done;
    if (x.view.buf != out.view.buf || (x.shape[0] > 1 && x.stride != x.shape[1]))
        if (require_apart(&x, &out, "x and out must be the same array or not overlap") < 0) goto done;
    eps = PyFloat_AsDouble(args[2]);
    if (eps == -1.0 && PyErr_Occurred()) goto done;
    struct mt_rms_norm op = {
        .x = x.view.buf,
        .weight = weight.view.buf,
        .x_stride = x.stride,
        .cols = x.shape[1],
        .eps = (float)eps,
        .out = out.view.buf,
    };
    run(self, self->table->rms_norm, &op, x.shape[0], x.shape[0] * op.cols);
    result = Py_NewRef(Py_None);
done:
    RELEASE(&x, &weight, &out);
    return result;
}

static PyObject *kernels_rms_norm_heads(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array x = {0}, weight = {0};
    PyObject *result = NULL;
    if (require_args("rms_norm_heads", nargs, 3) < 0 || get(&x, args[0], "x", 'f', 3, IN_PLACE) < 0
        || get(&weight, args[1], "weight", 'f', 1, IN) < 0
        || require_shape(&weight, "weight", 0, x.shape[2]) < 0)
        goto done;
    double eps = PyFloat_AsDouble(args[2]);
    if (eps == -1.0 && PyErr_Occurred()) goto done;
    struct mt_rms_norm_heads op = {
        .x = x.view.buf,
        .weight = weight.view.buf,
        .x_stride = x.stride,
        .num_heads = x.shape[1],
        .head_dim = x.shape[2],
        .eps = (float)eps,
    };
    run(self, self->table->rms_norm_heads, &op, x.shape[0], x.shape[0] * op.num_heads * op.head_dim);
    result = Py_NewRef(Py_None);
done:
    RELEASE(&x, &weight);
    return result;
}

static PyObject *kernels_layer_norm(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array x = {0}, weight = {0}, bias = {0}, out = {0};
    PyObject *result = NULL;
    if (require_args("layer_norm", nargs, 5) < 0 || get(&x, args[0], "x", 'f', 2, IN) < 0
        || get(&weight, args[1], "weight", 'f', 1, IN) < 0
        || (args[2] != Py_None && get(&bias, args[2], "bias", 'f', 1, IN) < 0)
        || get(&out, args[4], "out", 'f', 2, OUT) < 0 || require_shape(&weight, "weight", 0, x.shape[1]) < 0
        || (bias.is_held && require_shape(&bias, "bias", 0, x.shape[1]) < 0)
        || require_shape(&out, "out", 0, x.shape[0]) < 0 || require_shape(&out, "out", 1, x.shape[1]) < 0)
        goto done;
    if (x.view.buf != out.view.buf || (x.shape[0] > 1 && x.stride != x.shape[1]))
        if (require_apart(&x, &out, "x and out must be the same array or not overlap") < 0) goto done;
    double eps = PyFloat_AsDouble(args[3]);
    if (eps == -1.0 && PyErr_Occurred()) goto done;
    struct mt_layer_norm op = {
        .x = x.view.buf,
        .weight = weight.view.buf,
        .bias = bias.is_held ? bias.view.buf : NULL,
        .x_stride = x.stride,
        .cols = x.shape[1],
        .eps = (float)eps,
        .out = out.view.buf,
    };
    run(self, self->table->layer_norm, &op, x.shape[0], x.shape[0] * op.cols * 2);
    result = Py_NewRef(Py_None);
done:
    RELEASE(&x, &weight, &bias, &out);
    return result;
}

static PyObject *kernels_rope(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array x = {0}, cos_sin = {0}, positions = {0};
    PyObject *result = NULL;
    if (require_args("rope", nargs, 3) < 0 || get(&x, args[0], "x", 'f', 3, IN_PLACE) < 0
        || get(&cos_sin, args[1], "cos_sin", 'f', 2, IN) < 0
        || require(cos_sin.shape[0] < 2 || cos_sin.stride == cos_sin.shape[1], "cos_sin must be C-contiguous")
               < 0
        || get(&positions, args[2], "positions", 'i', 1, IN) < 0
        || require_shape(&positions, "positions", 0, x.shape[0]) < 0
        || require(cos_sin.shape[1] % 2 == 0 && cos_sin.shape[1] <= x.shape[2],
                   "cos_sin must have an even number of columns, at most head_dim")
               < 0
        || require_within(positions.view.buf, positions.shape[0], "positions", cos_sin.shape[0]) < 0)
        goto done;
    struct mt_rope op = {
        .x = x.view.buf,
        .x_stride = x.stride,
        .num_heads = x.shape[1],
        .head_dim = x.shape[2],
        .half = cos_sin.shape[1] / 2,
        .cos_sin = cos_sin.view.buf,
        .positions = positions.view.buf,
    };
    run(self, self->table->rope, &op, x.shape[0], x.shape[0] * op.num_heads * op.head_dim);
    result = Py_NewRef(Py_None);
done:
    RELEASE(&x, &cos_sin, &positions);
    return result;
}

/* k_cache: [num_blocks, Hkv, D, block_size]; v_cache: [num_blocks, Hkv, block_size, D]. Both float32, or both
 * uint16, patterns of bf16. Blocks are contiguous, and as far apart in both. */
static int get_caches(struct array *k_cache, PyObject *k, struct array *v_cache, PyObject *v, int role) {
    if (get_any(k_cache, k, "k_cache", 4, role) < 0) return -1;
    char format = format_of(&k_cache->view) == 'H' ? 'H' : 'f';
    if (require_format(k_cache, "k_cache", format) < 0 || get(v_cache, v, "v_cache", format, 4, role) < 0
        || require_shape(v_cache, "v_cache", 0, k_cache->shape[0]) < 0
        || require_shape(v_cache, "v_cache", 1, k_cache->shape[1]) < 0
        || require_shape(v_cache, "v_cache", 2, k_cache->shape[3]) < 0
        || require_shape(v_cache, "v_cache", 3, k_cache->shape[2]) < 0)
        return -1;
    if (k_cache->view.len == 0) return require(0, "k_cache and v_cache must not be empty");
    return require(k_cache->shape[0] < 2 || k_cache->stride == v_cache->stride,
                   "the blocks of k_cache and v_cache must be as far apart");
}

static PyObject *kernels_write_kv(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array k = {0}, v = {0}, k_cache = {0}, v_cache = {0}, slots = {0};
    PyObject *result = NULL;
    if (require_args("write_kv", nargs, 5) < 0 || get(&k, args[0], "k", 'f', 3, IN) < 0
        || get(&v, args[1], "v", 'f', 3, IN) < 0 || get_caches(&k_cache, args[2], &v_cache, args[3], IN_PLACE) < 0
        || get(&slots, args[4], "slot_mapping", 'i', 1, IN) < 0
        || require_shape(&k, "k", 1, k_cache.shape[1]) < 0 || require_shape(&k, "k", 2, k_cache.shape[2]) < 0
        || require_shape(&v, "v", 0, k.shape[0]) < 0 || require_shape(&v, "v", 1, k.shape[1]) < 0
        || require_shape(&v, "v", 2, k.shape[2]) < 0
        || require_shape(&slots, "slot_mapping", 0, k.shape[0]) < 0
        || require_within(slots.view.buf, slots.shape[0], "slot_mapping", k_cache.shape[0] * k_cache.shape[3])
               < 0)
        goto done;
    struct mt_write_kv op = {
        .k = k.view.buf,
        .v = v.view.buf,
        .k_stride = k.stride,
        .v_stride = v.stride,
        .num_heads = k.shape[1],
        .head_dim = k.shape[2],
        .block_size = k_cache.shape[3],
        .k_cache = k_cache.view.buf,
        .v_cache = v_cache.view.buf,
        .block_stride = k_cache.stride,
        .dtype = format_of(&k_cache.view) == 'H' ? MT_BF16 : MT_F32,
        .slots = slots.view.buf,
    };
    /* Each dimension of a key lies in another line of the cache. */
    run(self, self->table->write_kv, &op, k.shape[0], k.shape[0] * op.num_heads * op.head_dim * LINE);
    result = Py_NewRef(Py_None);
done:
    RELEASE(&k, &v, &k_cache, &v_cache, &slots);
    return result;
}

/* Every query has a context, and every context the blocks it needs. */
static int check_sequences(const struct mt_attention *op, size_t num_sequences, size_t num_rows,
                           size_t table_len, size_t num_blocks) {
    if (require(op->query_start[0] == 0 && (size_t)op->query_start[num_sequences] == num_rows,
                "query_start must go from 0 to the number of queries")
        < 0)
        return -1;
    for (size_t s = 0; s < num_sequences; s++) {
        int32_t length = op->context_lens[s];
        int64_t num_queries = (int64_t)op->query_start[s + 1] - op->query_start[s];
        if (num_queries < 0 || length < num_queries) {
            PyErr_Format(PyExc_ValueError, "context_lens[%zu] is %d, less than its %lld queries", s,
                         (int)length, (long long)num_queries);
            return -1;
        }
        if (num_queries == 0) continue;
        size_t needed = ((size_t)length + op->block_size - 1) / op->block_size;
        if (needed > table_len) {
            PyErr_Format(PyExc_ValueError, "block_tables[%zu] is too short for a context of %d", s,
                         (int)length);
            return -1;
        }
        if (require_within(op->block_tables + s * op->table_stride, needed, "block_tables", num_blocks) < 0)
            return -1;
    }
    return 0;
}

/* Cut the work into items; returns their number. items: NULL to count only. */
static size_t plan_items(const struct mt_attention *op, size_t num_sequences, struct mt_attention_item *items,
                         size_t *work) {
    size_t count = 0, group = op->num_heads / op->num_kv_heads;
    *work = 0;
    for (size_t s = 0; s < num_sequences; s++) {
        size_t rows = (size_t)(op->query_start[s + 1] - op->query_start[s]) * group;
        size_t seen = MT_MIN((size_t)op->context_lens[s], op->reach_left + op->reach_right + 1);
        *work += rows * op->num_kv_heads * seen * op->head_dim;
        for (size_t head = 0; head < op->num_kv_heads; head++)
            for (size_t first = 0; first < rows; first += MT_ITEM_ROWS, count++)
                if (items != NULL)
                    items[count] = (struct mt_attention_item){
                        .sequence = (uint32_t)s,
                        .kv_head = (uint32_t)head,
                        .first_row = (uint32_t)first,
                        .num_rows = (uint32_t)MT_MIN(rows - first, (size_t)MT_ITEM_ROWS),
                    };
    }
    return count;
}

/* Few items with long contexts leave threads idle; then the chunks of a context are items of their own. */
static size_t part_bytes(const struct mt_attention *op, size_t num_items, size_t num_threads,
                         size_t num_rows) {
    if (num_threads < 2 || num_items >= 8 * num_threads || op->num_chunks < 2) return 0;
    size_t size = num_rows * op->num_heads * op->num_chunks * (2 + op->head_dim) * sizeof(float);
    return size <= MAX_PART_BYTES ? size : 0;
}

static int attend(Kernels *self, struct mt_attention *op, size_t num_sequences, size_t num_rows) {
    size_t work, count = plan_items(op, num_sequences, NULL, &work), longest = 0;
    if (count == 0) return 0;
    for (size_t s = 0; s < num_sequences; s++) longest = MT_MAX(longest, (size_t)op->context_lens[s]);
    op->num_chunks = (longest + MT_CHUNK - 1) / MT_CHUNK;
    size_t num_threads = work <= SMALL_WORK ? 1 : self->num_threads;
    size_t parts_size = part_bytes(op, count, num_threads, num_rows);
    struct mt_attention_item *items = malloc(count * sizeof *items);
    op->parts = parts_size > 0 ? malloc(parts_size) : NULL;
    if (items == NULL || (parts_size > 0 && op->parts == NULL)) {
        free(items);
        free(op->parts);
        PyErr_NoMemory();
        return -1;
    }
    plan_items(op, num_sequences, items, &work);
    op->items = items;
    op->num_items = count;
    if (parts_size > 0) {
        run_grains(self, self->table->attention_part, op, count * op->num_chunks, 1, work);
        run(self, self->table->attention_merge, op, count, 0);
    } else {
        run_grains(self, self->table->attention, op, count, 1, work);
    }
    free(items);
    free(op->parts);
    return 0;
}

/* (left, right): how many positions before and after its own a query sees; -1 for all. */
static int read_window(PyObject *object, struct mt_attention *op) {
    Py_ssize_t left, right;
    if (!PyTuple_Check(object) || PyTuple_GET_SIZE(object) != 2) {
        PyErr_SetString(PyExc_TypeError, "window must be a tuple (left, right)");
        return -1;
    }
    left = PyLong_AsSsize_t(PyTuple_GET_ITEM(object, 0));
    if (left == -1 && PyErr_Occurred()) return -1;
    right = PyLong_AsSsize_t(PyTuple_GET_ITEM(object, 1));
    if (right == -1 && PyErr_Occurred()) return -1;
    if (require(left >= -1 && right >= -1, "window must be (left, right), each at least 0, or -1 for all") < 0)
        return -1;
    op->reach_left = left < 0 ? INT32_MAX : (size_t)left;
    op->reach_right = right < 0 ? INT32_MAX : (size_t)right;
    return 0;
}

static PyObject *kernels_paged_attention(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array q = {0}, k_cache = {0}, v_cache = {0}, tables = {0}, starts = {0}, lens = {0}, out = {0};
    PyObject *result = NULL;
    double scale, soft_cap;
    if (require_args("paged_attention", nargs, 10) < 0 || get(&q, args[0], "q", 'f', 3, IN) < 0
        || get_caches(&k_cache, args[1], &v_cache, args[2], IN) < 0
        || get(&tables, args[3], "block_tables", 'i', 2, IN) < 0
        || get(&starts, args[4], "query_start", 'i', 1, IN) < 0
        || get(&lens, args[5], "context_lens", 'i', 1, IN) < 0 || get(&out, args[9], "out", 'f', 3, OUT) < 0
        || require_shape(&q, "q", 2, k_cache.shape[2]) < 0 || require_shape(&out, "out", 0, q.shape[0]) < 0
        || require_shape(&out, "out", 1, q.shape[1]) < 0 || require_shape(&out, "out", 2, q.shape[2]) < 0
        || require_shape(&lens, "context_lens", 0, tables.shape[0]) < 0
        || require_shape(&starts, "query_start", 0, tables.shape[0] + 1) < 0
        || require(q.shape[1] % k_cache.shape[1] == 0, "q must have a multiple of the cache's heads") < 0
        || require(k_cache.shape[3] % 16 == 0, "block_size must be a multiple of 16") < 0
        || require(q.shape[2] <= MT_MAX_HEAD_DIM, "head_dim must be at most 512") < 0
        || require_apart(&q, &out, "q and out must not overlap") < 0)
        goto done;
    scale = PyFloat_AsDouble(args[6]);
    if (scale == -1.0 && PyErr_Occurred()) goto done;
    soft_cap = PyFloat_AsDouble(args[8]);
    if (soft_cap == -1.0 && PyErr_Occurred()) goto done;
    if (require(soft_cap >= 0, "soft_cap must be at least 0") < 0) goto done;
    struct mt_attention op = {
        .q = q.view.buf,
        .q_stride = q.stride,
        .k_cache = k_cache.view.buf,
        .v_cache = v_cache.view.buf,
        .block_stride = k_cache.stride,
        .dtype = format_of(&k_cache.view) == 'H' ? MT_BF16 : MT_F32,
        .block_tables = tables.view.buf,
        .table_stride = tables.stride,
        .query_start = starts.view.buf,
        .context_lens = lens.view.buf,
        .num_heads = q.shape[1],
        .num_kv_heads = k_cache.shape[1],
        .head_dim = q.shape[2],
        .block_size = k_cache.shape[3],
        .scale = (float)scale,
        .soft_cap = (float)soft_cap,
        .out = out.view.buf,
    };
    if (read_window(args[7], &op) < 0) goto done;
    if (check_sequences(&op, tables.shape[0], q.shape[0], tables.shape[1], k_cache.shape[0]) < 0) goto done;
    if (attend(self, &op, tables.shape[0], q.shape[0]) < 0) goto done;
    result = Py_NewRef(Py_None);
done:
    RELEASE(&q, &k_cache, &v_cache, &tables, &starts, &lens, &out);
    return result;
}

static int read_activation(PyObject *object, enum mt_activation *activation) {
    static const char *const names[] = {"silu", "gelu", "gelu_tanh", "relu"};
    if (!PyUnicode_Check(object)) {
        PyErr_Format(PyExc_TypeError, "activation must be a str, got %s", Py_TYPE(object)->tp_name);
        return -1;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (PyUnicode_CompareWithASCIIString(object, names[i]) == 0) {
            *activation = (enum mt_activation)i;
            return 0;
        }
    PyErr_Format(PyExc_ValueError, "activation must be silu, gelu, gelu_tanh or relu, got %R", object);
    return -1;
}

/* x holds num_parts times as many columns as out: what is activated, then what multiplies it. */
static PyObject *run_activation(Kernels *self, PyObject *const *args, mt_range_fn fn, size_t num_parts) {
    struct array x = {0}, out = {0};
    PyObject *result = NULL;
    enum mt_activation activation;
    if (get(&x, args[0], "x", 'f', 2, IN) < 0 || read_activation(args[1], &activation) < 0
        || get(&out, args[2], "out", 'f', 2, OUT) < 0 || require_shape(&out, "out", 0, x.shape[0]) < 0
        || require_shape(&x, "x", 1, num_parts * out.shape[1]) < 0)
        goto done;
    if (num_parts != 1 || x.view.buf != out.view.buf || (x.shape[0] > 1 && x.stride != x.shape[1]))
        if (require_apart(&x, &out, "x and out must not overlap") < 0) goto done;
    struct mt_activate op = {
        .x = x.view.buf,
        .x_stride = x.stride,
        .cols = out.shape[1],
        .activation = activation,
        .out = out.view.buf,
        .out_stride = out.shape[1],
    };
    run(self, fn, &op, out.shape[0], out.shape[0] * op.cols * 4);
    result = Py_NewRef(Py_None);
done:
    RELEASE(&x, &out);
    return result;
}

static PyObject *kernels_activate(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    if (require_args("activate", nargs, 3) < 0) return NULL;
    return run_activation(self, args, self->table->activate, 1);
}

static PyObject *kernels_activate_mul(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    if (require_args("activate_mul", nargs, 3) < 0) return NULL;
    return run_activation(self, args, self->table->activate_mul, 2);
}

static PyObject *kernels_linear_activate_mul(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array x = {0}, out = {0};
    PyObject *result = NULL;
    enum mt_activation activation;
    Weight *weight;
    if (require_args("linear_activate_mul", nargs, 4) < 0 || get(&x, args[0], "x", 'f', 2, IN) < 0
        || (weight = get_weight(self, args[1])) == NULL || read_activation(args[2], &activation) < 0
        || get(&out, args[3], "out", 'f', 2, IN_PLACE) < 0
        || require(weight->matrix.rows % (2 * MT_PANEL) == 0, "weight must have a multiple of 32 rows") < 0
        || require_shape(&x, "x", 1, weight->matrix.cols) < 0 || require_shape(&out, "out", 0, x.shape[0]) < 0
        || require_shape(&out, "out", 1, weight->matrix.rows / 2) < 0
        || require_apart(&x, &out, "x and out must not overlap") < 0)
        goto done;
    struct mt_linear op = {
        .x = x.view.buf,
        .x_stride = x.stride,
        .num_rows = x.shape[0],
        .weight = weight->matrix,
    };
    struct mt_activate activate = {.activation = activation, .out = out.view.buf, .out_stride = out.stride};
    if (op.num_rows > 0 && op.weight.rows > 0 && multiply_few_rows(self, &op, &activate) < 0) goto done;
    result = Py_NewRef(Py_None);
done:
    RELEASE(&x, &out);
    return result;
}

static PyObject *kernels_soft_cap(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array x = {0};
    PyObject *result = NULL;
    if (require_args("soft_cap", nargs, 2) < 0 || get(&x, args[0], "x", 'f', 2, IN_PLACE) < 0
        || require(x.shape[0] < 2 || x.stride == x.shape[1], "x must be C-contiguous") < 0)
        goto done;
    double cap = PyFloat_AsDouble(args[1]);
    if ((cap == -1.0 && PyErr_Occurred()) || require(cap > 0, "cap must be above 0") < 0) goto done;
    struct mt_soft_cap op = {.x = x.view.buf, .size = x.shape[0] * x.shape[1], .cap = (float)cap};
    run(self, self->table->soft_cap, &op, (op.size + MT_CAP_RUN - 1) / MT_CAP_RUN, op.size * 4);
    result = Py_NewRef(Py_None);
done:
    RELEASE(&x);
    return result;
}

/* Rows of one length. The caller releases what is held, also after a failure. */
static int get_rows(PyObject *sequence, struct array **arrays, const float ***rows, Py_ssize_t *count) {
    *count = PySequence_Fast_GET_SIZE(sequence);
    *arrays = calloc(MT_MAX((size_t)*count, 1), sizeof **arrays);
    *rows = malloc(MT_MAX((size_t)*count, 1) * sizeof **rows);
    if (*arrays == NULL || *rows == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < *count; i++) {
        struct array *row = *arrays + i;
        if (get(row, PySequence_Fast_GET_ITEM(sequence, i), "rows", 'f', 1, IN) < 0
            || require_shape(row, "rows", 0, (*arrays)->shape[0]) < 0
            || require(row->shape[0] > 0, "rows must not be empty") < 0)
            return -1;
        (*rows)[i] = row->view.buf;
    }
    return 0;
}

static int check_sampling(const struct mt_sampling *how, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (require(how[i].temperature >= 0 && how[i].top_k >= 0 && how[i].top_p > 0 && how[i].uniform >= 0
                        && how[i].uniform < 1,
                    "settings must be temperature and top_k from 0 on, top_p above 0, min_p, uniform in [0, 1)")
            < 0)
            return -1;
    return 0;
}

static int sample_rows(Kernels *self, const struct mt_sample *all) {
    struct mt_sample ops[MT_MAX_THREADS];
    size_t num_threads = MT_MIN(self->num_threads, all->num_rows);
    size_t size = MT_SAMPLE_ROWS * mt_sample_padded(all->vocab_size);
    float *scratch = NULL;
    if (all->num_rows == 0) return 0;
    if (posix_memalign((void **)&scratch, LINE, num_threads * size * sizeof *scratch) != 0) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t t = 0; t < num_threads; t++) {
        ops[t] = *all;
        ops[t].scratch = scratch + t * size;
    }
    run_each(self, self->table->sample, ops, sizeof *ops, all->num_rows, 1, all->num_rows * all->vocab_size * 8);
    free(scratch);
    return 0;
}

static PyObject *kernels_sample(Kernels *self, PyObject *const *args, Py_ssize_t nargs) {
    struct array settings = {0}, out = {0}, *arrays = NULL;
    const float **rows = NULL;
    Py_ssize_t count = 0;
    PyObject *sequence = NULL, *result = NULL;
    if (require_args("sample", nargs, 3) < 0
        || (sequence = PySequence_Fast(args[0], "rows must be a sequence")) == NULL
        || get_rows(sequence, &arrays, &rows, &count) < 0 || get(&settings, args[1], "settings", 'd', 2, IN) < 0
        || get(&out, args[2], "out", 'i', 1, OUT) < 0 || require_shape(&settings, "settings", 0, (size_t)count) < 0
        || require_shape(&settings, "settings", 1, sizeof(struct mt_sampling) / sizeof(double)) < 0
        || require(count < 2 || settings.stride == settings.shape[1], "settings must be C-contiguous") < 0
        || require_shape(&out, "out", 0, (size_t)count) < 0
        || check_sampling(settings.view.buf, (size_t)count) < 0)
        goto done;
    const struct mt_sample op = {
        .rows = rows,
        .num_rows = (size_t)count,
        .vocab_size = count > 0 ? arrays->shape[0] : 0,
        .how = settings.view.buf,
        .out = out.view.buf,
    };
    if (sample_rows(self, &op) < 0) goto done;
    result = Py_NewRef(Py_None);
done:
    for (Py_ssize_t i = 0; arrays != NULL && i < count; i++) RELEASE(arrays + i);
    RELEASE(&settings, &out);
    free(arrays);
    free(rows);
    Py_XDECREF(sequence);
    return result;
}

#define FAST(name, doc) {#name, (PyCFunction)(void (*)(void))kernels_##name, METH_FASTCALL, PyDoc_STR(doc)}

static PyMethodDef kernels_methods[] = {
    {"set_num_threads", (PyCFunction)kernels_set_num_threads, METH_O,
     PyDoc_STR("set_num_threads($self, num_threads, /)\n--\n\nSplit the work of later calls over this many "
               "threads.")},
    {"pack", (PyCFunction)(void (*)(void))kernels_pack, METH_VARARGS | METH_KEYWORDS,
     PyDoc_STR("pack($self, w, dtype=None, quantization=None)\n--\n\nCopy a matrix into the layout `linear` "
               "reads.")},
    {"pack_quantized", (PyCFunction)kernels_pack_quantized, METH_VARARGS,
     PyDoc_STR("pack_quantized($self, values, scales, quantization, /)\n--\n\nCopy a matrix that is "
               "quantized already.")},
    FAST(embed, "embed($self, weight, token_ids, out, /)\n--\n\nout[m] = weight[token_ids[m]]"),
    FAST(linear, "linear($self, x, weight, out, /)\n--\n\nout = x @ weight.T"),
    FAST(linear_add, "linear_add($self, x, weight, out, /)\n--\n\nout += x @ weight.T"),
    FAST(linear_runs, "linear_runs($self, x, weights, starts, out, /)\n--\n\n"
                      "out[starts[i]:starts[i + 1]] = x[starts[i]:starts[i + 1]] @ weights[i].T"),
    FAST(rms_norm,
         "rms_norm($self, x, weight, eps, out, /)\n--\n\nout = x / sqrt(mean(x**2) + eps) * weight"),
    FAST(rms_norm_heads,
         "rms_norm_heads($self, x, weight, eps, /)\n--\n\nNormalise each head in place, as rms_norm does."),
    FAST(layer_norm,
         "layer_norm($self, x, weight, bias, eps, out, /)\n--\n\n"
         "out = (x - mean(x)) / sqrt(variance(x) + eps) * weight + bias"),
    FAST(rope, "rope($self, x, cos_sin, positions, /)\n--\n\nRotate heads in place."),
    FAST(write_kv,
         "write_kv($self, k, v, k_cache, v_cache, slot_mapping, /)\n--\n\nPut keys and values into the "
         "cache."),
    FAST(paged_attention,
         "paged_attention($self, q, k_cache, v_cache, block_tables, query_start, context_lens, scale, window, "
         "soft_cap, out, /)\n--\n\n"
         "Attend each query to its sequence's cached keys, those in its window."),
    FAST(activate, "activate($self, x, activation, out, /)\n--\n\nout = activation(x)"),
    FAST(activate_mul, "activate_mul($self, gate_up, activation, out, /)\n--\n\nout = activation(gate) * up"),
    FAST(linear_activate_mul,
         "linear_activate_mul($self, x, weight, activation, out, /)\n--\n\n"
         "out = activation(gate) * up, the two halves of x @ weight.T"),
    FAST(soft_cap, "soft_cap($self, x, cap, /)\n--\n\nx = cap * tanh(x / cap)"),
    FAST(sample, "sample($self, rows, settings, out, /)\n--\n\nChoose a token from each row of logits."),
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef kernels_members[] = {
    {"name", (getter)kernels_name, NULL, PyDoc_STR("The build: one of `isas()`."), NULL},
    {"num_threads", (getter)kernels_num_threads, NULL, PyDoc_STR("Threads that share the work of a call."),
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot kernels_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Kernels(name, num_threads, /)\n--\n\nThe C kernels of one build.")},
    {Py_tp_new, kernels_new},
    {Py_tp_dealloc, kernels_dealloc},
    {Py_tp_methods, kernels_methods},
    {Py_tp_getset, kernels_members},
    {0, NULL},
};

static PyType_Spec kernels_spec = {
    .name = "martlet.engine.kernels._native.Kernels",
    .basicsize = sizeof(Kernels),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = kernels_slots,
};

/* --- module -------------------------------------------------------------------------------------------- */

static PyObject *module_isas(PyObject *module, PyObject *unused) {
    (void)module;
    (void)unused;
    const struct mt_kernels *const *builds = mt_builds();
    Py_ssize_t count = 0;
    while (builds[count] != NULL) count++;
    PyObject *names = PyTuple_New(count);
    for (Py_ssize_t i = 0; names != NULL && i < count; i++) {
        PyObject *name = PyUnicode_FromString(builds[i]->name);
        if (name == NULL)
            Py_CLEAR(names);
        else
            PyTuple_SET_ITEM(names, i, name);
    }
    return names;
}

static int module_exec(PyObject *module) {
    struct module_state *state = PyModule_GetState(module);
    state->weight_type = (PyTypeObject *)PyType_FromModuleAndSpec(module, &weight_spec, NULL);
    if (state->weight_type == NULL || PyModule_AddType(module, state->weight_type) < 0) return -1;
    PyObject *kernels = PyType_FromModuleAndSpec(module, &kernels_spec, NULL);
    if (kernels == NULL) return -1;
    int failed = PyModule_AddType(module, (PyTypeObject *)kernels);
    Py_DECREF(kernels);
    return failed;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg) {
    struct module_state *state = PyModule_GetState(module);
    Py_VISIT(state->weight_type);
    return 0;
}

static int module_clear(PyObject *module) {
    struct module_state *state = PyModule_GetState(module);
    Py_CLEAR(state->weight_type);
    return 0;
}

static void module_free(void *module) { (void)module_clear((PyObject *)module); }

static PyMethodDef module_methods[] = {
    {"isas", module_isas, METH_NOARGS,
     PyDoc_STR("isas($module, /)\n--\n\nNames of the builds this machine can run, fastest first.")},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL},
};

static struct PyModuleDef module_def = {
    PyModuleDef_HEAD_INIT,
    .m_name = "martlet.engine.kernels._native",
    .m_doc = PyDoc_STR("Martlet's kernels in C."),
    .m_size = sizeof(struct module_state),
    .m_methods = module_methods,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyMODINIT_FUNC PyInit__native(void) { return PyModuleDef_Init(&module_def); }
