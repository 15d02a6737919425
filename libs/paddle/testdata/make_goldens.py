"""Write ops/<family>.<format>.json: tiny programs of one operator or a few, and what real Paddle answers.

    python make_goldens.py

The format is that of the installed release: run it with paddlepaddle 2.6.2 and with 3.3.1.
"""

import base64
import json
import tempfile
from pathlib import Path

import numpy as np
import paddle
import paddle.nn.functional as F
from paddle import inference, nn

HERE = Path(__file__).parent
FORMAT, SUFFIX = ("paddle2", "pdmodel") if paddle.__version__.startswith("2") else ("paddle3", "json")
random = np.random.default_rng(7)


def real(*dims):
    return random.uniform(-2, 2, dims).astype("float32")


def positive(*dims):
    return random.uniform(0.5, 2, dims).astype("float32")


def whole(low, high, *dims, type="int64"):
    return random.integers(low, high, dims).astype(type)


def truth(*dims):
    return random.integers(0, 2, dims).astype("bool")


def unary(function, *inputs):
    return function, inputs or (real(2, 3, 4),)


x = real(2, 3, 4)
image = real(1, 4, 6, 6)


def layer(make, *inputs):
    """A layer with parameters of its own."""
    return lambda *values: make()(*values), inputs


FAMILIES = {
    "activation": {
        **{
            name: unary(getattr(paddle, name))
            for name in ["abs", "ceil", "cos", "erf", "exp", "floor", "round", "sign", "sin", "square", "tanh"]
        },
        **{name: unary(getattr(paddle, name), positive(2, 3)) for name in ["log", "reciprocal", "rsqrt", "sqrt", "log1p", "log2"]},
        **{
            name: unary(getattr(F, name))
            for name in [
                "relu", "relu6", "sigmoid", "silu", "softsign", "mish", "hardswish", "hardsigmoid", "swish", "elu", "celu",
                "selu", "gelu", "leaky_relu", "log_sigmoid", "softplus", "softmax", "log_softmax", "tanhshrink",
                "softshrink", "hardshrink", "hardtanh", "thresholded_relu",
            ]
        },
        "gelu_tanh": unary(lambda x: F.gelu(x, approximate=True)),
        "leaky_relu_03": unary(lambda x: F.leaky_relu(x, 0.3)),
        "softplus_sharp": unary(lambda x: F.softplus(x, beta=3, threshold=2)),
        "softmax_axis": unary(lambda x: F.softmax(x, axis=1)),
        "clip": unary(lambda x: paddle.clip(x, -0.5, 0.7)),
        "clip_low": unary(lambda x: paddle.clip(x, min=0.1)),
        "prelu_channel": layer(lambda: nn.PReLU(4, 0.3), image),
        "prelu_one": layer(lambda: nn.PReLU(1, 0.2), image),
        "clip_integers": unary(lambda x: paddle.clip(x, -2, 3), whole(-9, 9, 3, 4)),
    },
    "elementwise": {
        **{
            name: (getattr(paddle, name), (real(2, 3, 4), real(3, 4)))
            for name in ["add", "subtract", "multiply", "maximum", "minimum", "fmax", "fmin"]
        },
        "divide": (paddle.divide, (x, positive(4))),
        "pow_tensor": (paddle.pow, (positive(2, 3), real(2, 3))),
        "pow_number": unary(lambda x: paddle.pow(x, 2.5), positive(2, 3)),
        "remainder": (paddle.remainder, (real(3, 4), positive(3, 4))),
        "remainder_integers": (paddle.remainder, (whole(-9, 9, 3, 4), whole(1, 5, 3, 4))),
        "floor_divide": (paddle.floor_divide, (whole(-9, 9, 3, 4), whole(1, 5, 3, 4))),
        "floor_divide_real": (paddle.floor_divide, (real(3, 4), positive(3, 4))),
        "scale": unary(lambda x: paddle.scale(x, 2.5, 1.5)),
        "scale_after": unary(lambda x: paddle.scale(x, 2.5, 1.5, bias_after_scale=False)),
        "scale_integers": unary(lambda x: x * 3 + 1, whole(-5, 5, 3)),
        **{
            name: (getattr(paddle, name), (whole(0, 3, 3, 4), whole(0, 3, 3, 4)))
            for name in ["equal", "not_equal", "less_than", "less_equal", "greater_than", "greater_equal", "bitwise_and", "bitwise_or"]
        },
        **{name: (getattr(paddle, name), (truth(3, 4), truth(3, 4))) for name in ["logical_and", "logical_or", "logical_xor"]},
        "logical_not": unary(paddle.logical_not, truth(3, 4)),
        "isnan": unary(paddle.isnan, np.array([1, np.nan, np.inf], "float32")),
        "isinf": unary(paddle.isinf, np.array([1, np.nan, -np.inf], "float32")),
        "isfinite": unary(paddle.isfinite, np.array([1, np.nan, -np.inf], "float32")),
        "where": (paddle.where, (truth(3, 4), real(3, 4), real(3, 4))),
    },
    "convolution": {
        "conv2d": layer(lambda: nn.Conv2D(4, 5, 3), image),
        "conv2d_stride": layer(lambda: nn.Conv2D(4, 5, 3, stride=2, padding=1, dilation=2), image),
        "conv2d_same": layer(lambda: nn.Conv2D(4, 5, 3, stride=2, padding="SAME"), image),
        "conv2d_valid": layer(lambda: nn.Conv2D(4, 5, 2, padding="VALID"), image),
        "conv2d_uneven": layer(lambda: nn.Conv2D(4, 5, 3, padding=[1, 2, 0, 1]), image),
        "conv2d_groups": layer(lambda: nn.Conv2D(4, 6, 3, groups=2), image),
        "conv2d_depthwise": layer(lambda: nn.Conv2D(4, 4, 3, groups=4), image),
        "conv1d": layer(lambda: nn.Conv1D(4, 5, 3, padding=1), real(2, 4, 9)),
        "conv3d": layer(lambda: nn.Conv3D(2, 3, 2), real(1, 2, 3, 4, 4)),
        "conv2d_transpose": layer(lambda: nn.Conv2DTranspose(4, 3, 3, stride=2, padding=1), image),
        "conv2d_transpose_output_padding": layer(
            lambda: nn.Conv2DTranspose(4, 3, 3, stride=2, padding=1, output_padding=1), image
        ),
        "conv2d_transpose_groups": layer(lambda: nn.Conv2DTranspose(4, 4, 2, stride=2, groups=2), image),
    },
    "pooling": {
        "max": unary(lambda x: F.max_pool2d(x, 2), image),
        "max_padded": unary(lambda x: F.max_pool2d(x, 3, stride=2, padding=1), image),
        "max_ceil": unary(lambda x: F.max_pool2d(x, 3, stride=2, ceil_mode=True), image),
        "average": unary(lambda x: F.avg_pool2d(x, 3, stride=2, padding=1), image),
        "average_inclusive": unary(lambda x: F.avg_pool2d(x, 3, stride=2, padding=1, exclusive=False), image),
        "average_ceil": unary(lambda x: F.avg_pool2d(x, 3, stride=2, ceil_mode=True), image),
        "adaptive_one": unary(lambda x: F.adaptive_avg_pool2d(x, 1), image),
        "adaptive_three": unary(lambda x: F.adaptive_avg_pool2d(x, 3), image),
        "adaptive_max": unary(lambda x: F.adaptive_max_pool2d(x, 2), image),
        "adaptive_uneven": unary(lambda x: F.adaptive_avg_pool2d(x, 4), image),
    },
    "normalization": {
        "batch_norm": (lambda *all: F.batch_norm(*all), (image, real(4), positive(4), real(4), real(4))),
        "layer_norm": layer(lambda: nn.LayerNorm(4), x),
        "layer_norm_two": layer(lambda: nn.LayerNorm([3, 4]), x),
        "layer_norm_plain": unary(lambda x: F.layer_norm(x, [4]), x),
        "instance_norm": layer(lambda: nn.InstanceNorm2D(4), image),
        "group_norm": layer(lambda: nn.GroupNorm(2, 4), image),
        "dropout": unary(lambda x: F.dropout(x, 0.3, training=False)),
        "dropout_downgrade": unary(lambda x: F.dropout(x, 0.3, training=False, mode="downscale_in_infer")),
        "normalize": unary(lambda x: F.normalize(x, axis=1)),
    },
    "matrix": {
        "matmul": (paddle.matmul, (real(2, 3, 4), real(4, 5))),
        "matmul_transposed": (lambda a, b: paddle.matmul(a, b, True, True), (real(2, 4, 3), real(2, 5, 4))),
        "bmm": (paddle.bmm, (real(2, 3, 4), real(2, 4, 5))),
        "mv": (paddle.mv, (real(3, 4), real(4))),
        "dot": (paddle.dot, (real(4), real(4))),
        "addmm": (paddle.addmm, (real(2, 3), real(2, 4), real(4, 3))),
        "linear": layer(lambda: nn.Linear(4, 3), x),
        "einsum": (lambda a, b: paddle.einsum("bij,bjk->bik", a, b), (real(2, 3, 4), real(2, 4, 5))),
    },
    "reduction": {
        **{
            f"{name}_{how}": unary(lambda x, name=name, options=options: getattr(paddle, name)(x, **options))
            for name in ["sum", "mean", "max", "min", "prod", "logsumexp"]
            for how, options in {"all": {}, "axis": {"axis": 1}, "axes": {"axis": [0, -1], "keepdim": True}}.items()
        },
        "sum_integers": unary(lambda x: paddle.sum(x, axis=0), whole(0, 5, 3, 4)),
        "all": unary(lambda x: paddle.all(x, axis=1), truth(3, 4)),
        "any": unary(lambda x: paddle.any(x, axis=1, keepdim=True), truth(3, 4)),
        "argmax": unary(lambda x: paddle.argmax(x, axis=1)),
        "argmax_all": unary(paddle.argmax),
        "argmin_keep": unary(lambda x: paddle.argmin(x, axis=-1, keepdim=True)),
        "cumsum": unary(lambda x: paddle.cumsum(x, axis=1)),
        "cumsum_all": unary(paddle.cumsum),
        "norm": unary(lambda x: paddle.norm(x, p=2, axis=1, keepdim=True)),
        "topk": unary(lambda x: paddle.topk(x, 2, axis=1)),
        "topk_smallest": unary(lambda x: paddle.topk(x, 2, largest=False)),
        "argsort": unary(lambda x: paddle.argsort(x, axis=1, descending=True)),
        "sort": unary(lambda x: paddle.sort(x, axis=1)),
    },
    "shape": {
        "reshape": unary(lambda x: paddle.reshape(x, [0, -1])),
        "reshape_dynamic": unary(lambda x: paddle.reshape(x, [paddle.shape(x)[0], -1, 2])),
        "transpose": unary(lambda x: paddle.transpose(x, [2, 0, 1])),
        "flatten": unary(lambda x: paddle.flatten(x, 1)),
        "sum_of_two": (lambda a, b: paddle.add_n([a, b]), (real(2, 3), real(2, 3))),
        "flatten_front": unary(lambda x: paddle.flatten(x, 0, 1)),
        "squeeze": unary(lambda x: paddle.squeeze(x, [1, -1]), real(2, 1, 3, 1)),
        "squeeze_all": unary(lambda x: paddle.squeeze(x), real(2, 1, 3)),
        "unsqueeze": unary(lambda x: paddle.unsqueeze(x, [0, -1])),
        "concat": (lambda a, b: paddle.concat([a, b], axis=1), (real(2, 3), real(2, 4))),
        "stack": (lambda a, b: paddle.stack([a, b], axis=1), (real(2, 3), real(2, 3))),
        "split": unary(lambda x: paddle.split(x, [1, 2, -1], axis=2), real(2, 3, 6)),
        "split_number": unary(lambda x: paddle.split(x, 3, axis=1)),
        "chunk_unbind": unary(lambda x: paddle.unbind(x, axis=1)),
        "slice": unary(lambda x: x[:, 1:3, -2:]),
        "slice_decrease": unary(lambda x: x[1, :, 2]),
        "slice_strided": unary(lambda x: x[:, ::2, ::-1]),
        "expand": unary(lambda x: paddle.expand(x, [3, 2, 4]), real(2, 1)),
        "expand_keep": unary(lambda x: paddle.expand(x, [-1, 5]), real(2, 1)),
        "expand_as": (lambda a, b: paddle.expand_as(a, b), (real(1, 3), real(2, 3))),
        "tile": unary(lambda x: paddle.tile(x, [2, 1, 3])),
        "flip": unary(lambda x: paddle.flip(x, [0, 2])),
        "roll": unary(lambda x: paddle.roll(x, [1, -1], [1, 2])),
        "pad": unary(lambda x: F.pad(x, [1, 2, 0, 1], value=0.5), image),
        "pad_reflect": unary(lambda x: F.pad(x, [1, 2, 0, 1], mode="reflect"), image),
        "pad_replicate": unary(lambda x: F.pad(x, [1, 2, 0, 1], mode="replicate"), image),
        "pad_all": unary(lambda x: F.pad(x, [0, 0, 1, 1, 0, 2]), x),
        "pixel_shuffle": unary(lambda x: F.pixel_shuffle(x, 2), image),
        "tril": unary(lambda x: paddle.tril(x, 1), real(4, 4)),
        "triu": unary(lambda x: paddle.triu(x, -1), real(4, 4)),
        "cast": unary(lambda x: paddle.cast(x, "int32")),
        "cast_bool": unary(lambda x: paddle.cast(x, "float32"), truth(3, 4)),
        "assign": unary(paddle.assign),
        "shape_of": unary(lambda x: paddle.shape(x)),
        "numel": unary(lambda x: paddle.numel(x)),
        "channel_shuffle": unary(lambda x: F.channel_shuffle(x, 2), image),
    },
    "selection": {
        "gather": (lambda a, i: paddle.gather(a, i, axis=1), (x, whole(0, 3, 2))),
        "gather_nd": (paddle.gather_nd, (x, whole(0, 2, 5, 2))),
        "index_select": (lambda a, i: paddle.index_select(a, i, axis=2), (x, whole(0, 4, 3))),
        "index_sample": (paddle.index_sample, (real(3, 4), whole(0, 4, 3, 2))),
        "take_along_axis": (lambda a, i: paddle.take_along_axis(a, i, 1), (real(3, 4), whole(0, 4, 3, 2))),
        "embedding": layer(lambda: nn.Embedding(7, 3), whole(0, 7, 2, 4)),
        "embedding_padding": layer(lambda: nn.Embedding(7, 3, padding_idx=0), whole(0, 2, 2, 4)),
        "one_hot": unary(lambda i: F.one_hot(i, 5), whole(0, 5, 3)),
        "masked_fill": (lambda a, m: paddle.masked_fill(a, m, -9.0), (real(3, 4), truth(3, 4))),
        "nonzero": unary(paddle.nonzero, truth(3, 4)),
        "scatter_nd_add": (paddle.scatter_nd_add, (real(5, 2), np.array([[1], [3], [1]]), real(3, 2))),
    },
    "creation": {
        "full": unary(lambda x: x + paddle.full([3, 1], 1.5)),
        "full_like": unary(lambda x: paddle.full_like(x, 2.5)),
        "zeros_like": unary(paddle.zeros_like),
        "ones_dynamic": unary(lambda x: paddle.ones([paddle.shape(x)[1], 2])),
        "arange": unary(lambda x: paddle.arange(1, 7, 2).astype("float32") + paddle.sum(x)),
        "arange_dynamic": unary(lambda x: paddle.arange(0, paddle.shape(x)[2], 1)),
        "linspace": unary(lambda x: paddle.linspace(0, 1, 4) + x),
        "constant": unary(lambda x: x + paddle.to_tensor([1.0, 2.0, 3.0, 4.0])),
        "meshgrid": (lambda a, b: paddle.meshgrid(a, b), (real(3), real(4))),
    },
    "interpolation": {
        f"{name}": unary(lambda x, options=options: F.interpolate(x, **options), image)
        for name, options in {
            "nearest": {"scale_factor": 2, "mode": "nearest"},
            "nearest_size": {"size": [9, 10], "mode": "nearest"},
            "bilinear": {"scale_factor": 2, "mode": "bilinear"},
            "bilinear_corners": {"size": [9, 11], "mode": "bilinear", "align_corners": True},
            "bilinear_mode1": {"size": [9, 11], "mode": "bilinear", "align_mode": 1},
            "bicubic": {"size": [9, 11], "mode": "bicubic"},
        }.items()
    },
}


def pack(array):
    """Nine digits tell any float32 from its neighbours."""
    array = np.asarray(array)
    flat = array.reshape(-1).tolist()
    data = [float(f"{value:.9g}") if isinstance(value, float) else value for value in flat]
    words = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}  # JSON has no numbers for them
    return {"type": str(array.dtype), "dims": list(array.shape), "data": [words.get(str(one), one) for one in data]}


def program_of(file):
    if FORMAT == "paddle3":
        return json.loads(file.read_text())
    from paddle.base.proto import framework_pb2

    program = framework_pb2.ProgramDesc.FromString(file.read_bytes())
    for block in program.blocks:
        for op in block.ops:
            kept = [attribute for attribute in op.attrs if attribute.name != "op_callstack"]
            del op.attrs[:]
            op.attrs.extend(kept)
    return base64.b64encode(program.SerializeToString()).decode()


def save(name, function, inputs, stem):
    main, startup = paddle.static.Program(), paddle.static.Program()
    with paddle.static.program_guard(main, startup):
        paddle.seed(3)
        dims = [[-1, *array.shape[1:]] if name.endswith("_dynamic") else array.shape for array in inputs]
        data = [paddle.static.data(f"x{n}", dims[n], str(array.dtype)) for n, array in enumerate(inputs)]
        results = function(*data)
        results = list(results) if isinstance(results, (list, tuple)) else [results]
        executor = paddle.static.Executor(paddle.CPUPlace())
        executor.run(startup)
        paddle.static.save_inference_model(stem, data, results, executor, program=main)


def predict(program, parameters, inputs):
    config = inference.Config(str(program), str(parameters) if parameters.exists() else "")
    config.disable_gpu()
    config.disable_glog_info()
    config.switch_ir_optim(False)
    if FORMAT == "paddle3":
        config.disable_mkldnn()
    predictor = inference.create_predictor(config)
    for n, array in enumerate(inputs):
        predictor.get_input_handle(f"x{n}").copy_from_cpu(np.ascontiguousarray(array))
    predictor.run()
    return [predictor.get_output_handle(name).copy_to_cpu() for name in predictor.get_output_names()]


def golden(name, function, inputs, folder):
    stem = str(Path(folder) / name)
    save(name, function, inputs, stem)
    program, parameters = Path(f"{stem}.{SUFFIX}"), Path(f"{stem}.pdiparams")
    return {
        "name": name,
        "program": program_of(program),
        "parameters": base64.b64encode(parameters.read_bytes()).decode() if parameters.exists() else "",
        "inputs": {f"x{n}": pack(array) for n, array in enumerate(inputs)},
        "outputs": [pack(array) for array in predict(program, parameters, inputs)],
    }


def main():
    paddle.enable_static()
    (HERE / "ops").mkdir(exist_ok=True)
    for family, cases in FAMILIES.items():
        goldens = []
        with tempfile.TemporaryDirectory() as folder:
            for name, (function, inputs) in cases.items():
                try:
                    goldens.append(golden(name, function, inputs, folder))
                except Exception as error:  # what this release cannot export or run
                    last = str(error).strip().splitlines()[-1][:150]
                    print(f"{FORMAT} {family}/{name}: left out: {last}")
        text = ",\n".join(json.dumps(one, separators=(",", ":")) for one in goldens)
        (HERE / "ops" / f"{family}.{FORMAT}.json").write_text(f"[\n{text}\n]\n")


main()
