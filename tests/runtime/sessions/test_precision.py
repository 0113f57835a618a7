import pytest

from numa_runtime.sessions.precision import judge, openvino_weights


@pytest.mark.parametrize(
    ("weights", "word"),
    [
        ({"float32": 100}, "fp32"),
        ({"float16": 100}, "fp16"),
        ({"float16": 990, "float32": 10}, "fp16"),
        ({"float16": 90, "float32": 10}, "mixed"),
        ({"int8": 60, "float32": 40}, "int8"),
        ({"uint8": 30, "int8": 30, "float32": 40}, "int8"),
        ({"int8": 40, "float32": 60}, "mixed"),
        ({"float8": 60, "float16": 40}, "fp8"),
        ({}, "unknown"),
        ({"float64": 5}, "unknown"),
    ],
)
def test_the_word_follows_from_the_weights(weights, word):
    assert judge(weights) == word


def test_openvino_constants_are_counted(tmp_path):
    xml = tmp_path / "m.xml"
    xml.write_text(
        '<net><layer id="0" name="a" type="Const" version="opset1">\n\t<data element_type="i8" shape="4, 3, 1, 1"/>'
        '</layer><layer id="1" name="b" type="Const"><data element_type="f32" shape="7"/></layer>'
        '<layer id="2" name="c" type="Parameter"><data shape="1,3,64,64" element_type="f32"/></layer></net>'
    )
    assert openvino_weights(xml) == {"int8": 12}
