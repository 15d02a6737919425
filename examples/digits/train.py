"""Train, export and check the two digit classifiers. See README.md.

python train.py           trains v1 and v2, writes models/ and testdata/
python train.py --check   runs the committed models in Paddle and compares them with the committed goldens
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import paddle
from paddle import inference, nn
from paddle.base.proto import framework_pb2
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

HERE = Path(__file__).parent
MODELS = HERE / "models"
TESTDATA = HERE / "testdata"
SEED = 20
TOLERANCE = 1e-6
# The program file that each format's loader looks for; the parameters are always inference.pdiparams.
FORMATS = {"paddle2": "inference.pdmodel", "paddle3": "inference.json"}


class Mlp(nn.Layer):
    """v1: one hidden layer over the 64 pixels."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))

    def forward(self, image):
        return nn.functional.softmax(self.layers(image / 16))


class Cnn(nn.Layer):
    """v2: two convolutions with batch norm and pooling, then a linear layer."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2D(1, 16, 3, padding=1), nn.BatchNorm2D(16), nn.ReLU(), nn.MaxPool2D(2),
            nn.Conv2D(16, 32, 3, padding=1), nn.BatchNorm2D(32), nn.ReLU(), nn.AvgPool2D(2),
        )
        self.classify = nn.Sequential(nn.Flatten(), nn.Linear(128, 10))

    def forward(self, image):
        return nn.functional.softmax(self.classify(self.features(image / 16)))


VERSIONS = {"v1": Mlp, "v2": Cnn}


def digits():
    """Images as float32 [n, 1, 8, 8] with grey values 0 to 16, and their labels; a fifth is held out."""
    scans = load_digits()
    images = scans.images.astype("float32").reshape(-1, 1, 8, 8)
    return train_test_split(images, scans.target, test_size=0.2, random_state=SEED, stratify=scans.target)


def train(version):
    paddle.seed(SEED)
    random = np.random.default_rng(SEED)
    images, _, labels, _ = digits()
    model = VERSIONS[version]()
    optimizer = paddle.optimizer.Adam(2e-3, parameters=model.parameters())
    for _ in range(60):
        order = random.permutation(len(images))
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            likelihood = model(paddle.to_tensor(images[batch]))
            loss = nn.functional.nll_loss(paddle.log(likelihood + 1e-9), paddle.to_tensor(labels[batch]))
            loss.backward()
            optimizer.step()
            optimizer.clear_grad()
    model.eval()
    return model


def export(version, format, weights):
    """Write one model in one format. The format is a process-wide flag of Paddle, hence one process a format."""
    model = VERSIONS[version]()
    model.set_state_dict(paddle.load(str(weights)))
    model.eval()
    folder = MODELS / version / format
    folder.mkdir(parents=True, exist_ok=True)
    spec = paddle.static.InputSpec([None, 1, 8, 8], "float32", name="image")
    program = paddle.jit.to_static(model, input_spec=[spec], full_graph=True)
    paddle.jit.save(program, str(folder / "inference"))
    (folder / "inference.pdiparams.info").unlink(missing_ok=True)
    if format == "paddle2":
        drop_call_stacks(folder / FORMATS[format])


def drop_call_stacks(file):
    """Paddle 2 writes the exporting machine's Python call stack, with its paths, into the program."""
    program = framework_pb2.ProgramDesc.FromString(file.read_bytes())
    for block in program.blocks:
        for op in block.ops:
            kept = [attribute for attribute in op.attrs if attribute.name != "op_callstack"]
            del op.attrs[:]
            op.attrs.extend(kept)
    file.write_bytes(program.SerializeToString())


def predict(version, format, images):
    """What Paddle's own inference engine answers, graph optimisations off: the model as it was written."""
    folder = MODELS / version / format
    config = inference.Config(str(folder / FORMATS[format]), str(folder / "inference.pdiparams"))
    config.disable_gpu()
    config.disable_glog_info()
    config.switch_ir_optim(False)
    predictor = inference.create_predictor(config)
    predictor.get_input_handle(predictor.get_input_names()[0]).copy_from_cpu(images)
    predictor.run()
    return predictor.get_output_handle(predictor.get_output_names()[0]).copy_to_cpu()


def write_all():
    _, images, _, labels = digits()
    TESTDATA.mkdir(exist_ok=True)
    held_out = {"images": images.reshape(-1, 64).astype(int).tolist(), "labels": labels.tolist()}
    (TESTDATA / "held-out.json").write_text(json.dumps(held_out, separators=(",", ":")) + "\n")
    for version in VERSIONS:
        weights = HERE / f"{version}.pdparams"
        paddle.save(train(version).state_dict(), str(weights))
        for format in FORMATS:
            flags = {"FLAGS_enable_pir_api": "1" if format == "paddle3" else "0"}
            command = [sys.executable, __file__, "--export", version, format, str(weights)]
            subprocess.run(command, env={**os.environ, **flags}, check=True)
            golden = predict(version, format, images)
            np.save(TESTDATA / f"golden-{version}-{format}.npy", golden)
            accuracy = (golden.argmax(axis=1) == labels).mean()
            print(f"{version} {format}: accuracy {accuracy:.4f} on {len(labels)} held-out images")
        weights.unlink()


def check():
    held_out = json.loads((TESTDATA / "held-out.json").read_text())
    images = np.array(held_out["images"], dtype="float32").reshape(-1, 1, 8, 8)
    worst = 0.0
    for version in VERSIONS:
        for format in FORMATS:
            golden = np.load(TESTDATA / f"golden-{version}-{format}.npy")
            error = float(np.abs(predict(version, format, images) - golden).max())
            accuracy = (golden.argmax(axis=1) == held_out["labels"]).mean()
            print(f"{version} {format}: accuracy {accuracy:.4f}, largest difference from the golden {error:.1e}")
            worst = max(worst, error)
    if worst > TOLERANCE:
        sys.exit(f"cannot confirm the goldens: Paddle differs by {worst:.1e}, more than {TOLERANCE:.0e}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--export", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.export:
        export(*arguments.export)
    elif arguments.check:
        check()
    else:
        write_all()


if __name__ == "__main__":
    main()
