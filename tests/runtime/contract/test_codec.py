import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import RECORD, detect_spec

from numa_runtime.contract import (
    Anchor,
    BuildRecord,
    Color,
    InputSpec,
    Layout,
    LetterboxRule,
    ModelSpec,
    OutputSpec,
    Task,
    Thresholds,
    record_from_json,
    record_to_json,
    spec_from_json,
    spec_hash,
    spec_to_json,
)
from numa_runtime.errors import ContractError
from numa_runtime.installing import upgrade_line

WORDS = st.text(max_size=12)
SIZES = st.one_of(st.none(), st.integers(32, 4096))
UNIT = st.floats(0, 1, allow_nan=False)
INPUTS = st.builds(
    InputSpec,
    height=SIZES,
    width=SIZES,
    channels=st.integers(1, 4),
    frames=st.integers(1, 16),
    batch=st.one_of(st.none(), st.integers(1, 64)),
    dtype=st.sampled_from(["uint8", "float32", "float16"]),
    color=st.sampled_from(Color),
    scale=st.floats(1e-6, 2),
    letterbox=st.builds(LetterboxRule, st.sampled_from(Anchor), st.integers(0, 255)),
    name=WORDS,
    mean=st.sampled_from([(), (0.485, 0.456, 0.406)]),
    std=st.sampled_from([(), (0.229, 0.224, 0.225)]),
    imgsz=st.sampled_from([None, 640, (288, 512)]),
)
OUTPUTS = st.builds(OutputSpec, WORDS, st.lists(st.one_of(st.integers(0, 9999), WORDS), max_size=4).map(tuple), WORDS)
SPECS = st.builds(
    ModelSpec,
    task=st.sampled_from(Task),
    names=st.lists(WORDS, max_size=5).map(tuple),
    stride=st.sampled_from([8, 16, 32, 64]),
    input=INPUTS,
    outputs=st.lists(OUTPUTS, max_size=4).map(tuple),
    layout=st.sampled_from(Layout),
    name=WORDS,
    keypoint_shape=st.one_of(st.none(), st.tuples(st.integers(1, 133), st.sampled_from([2, 3]))),
    groups=st.integers(0, 16),
    pose_frame=st.integers(-10, 10),
    ball_names=st.lists(WORDS, max_size=2).map(tuple),
    thresholds=st.builds(Thresholds, UNIT, UNIT, st.integers(1, 3000), *[st.none() | UNIT] * 4),
)
RECORDS = st.builds(
    BuildRecord,
    precision=WORDS,
    tool=WORDS,
    created=WORDS,
    source=WORDS,
    source_sha256=WORDS,
    options=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
    builder=WORDS,
    builder_version=WORDS,
    compute_capability=WORDS,
    profiles=st.lists(WORDS, max_size=3).map(tuple),
)


def changed(**fields):
    return json.dumps({**json.loads(spec_to_json(detect_spec())), **fields})


@settings(deadline=None, max_examples=60)
@given(SPECS)
def test_a_spec_survives_its_text(spec):
    assert spec_from_json(spec_to_json(spec)) == spec
    assert spec_hash(spec_from_json(spec_to_json(spec))) == spec_hash(spec)


@settings(deadline=None, max_examples=60)
@given(RECORDS)
def test_a_record_survives_its_text(record):
    assert record_from_json(record_to_json(record)) == record


def test_the_text_is_canonical_ascii():
    text = spec_to_json(detect_spec(names=("Spieler", "Bälle")))
    assert text.isascii()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


def test_a_contract_without_a_mean_keeps_the_text_it_had():
    assert not {"mean", "std"} & json.loads(spec_to_json(detect_spec()))["input"].keys()


def test_a_contract_without_tracking_keeps_the_text_it_had():
    plain = spec_to_json(detect_spec())
    assert json.loads(plain)["thresholds"].keys() == {"conf", "iou", "max_det"}
    assert spec_from_json(plain).thresholds.tracking == {}
    told = replace(detect_spec(), thresholds=Thresholds(new_track_thresh=0.6, track_high_thresh=0.5))
    assert spec_from_json(spec_to_json(told)).thresholds.tracking == {"track_high_thresh": 0.5, "new_track_thresh": 0.6}
    assert spec_hash(told) != spec_hash(detect_spec())


@pytest.mark.parametrize(
    ("value", "sentence"), [(1.5, "match_thresh is 1.5, and a threshold lies from 0 to 1"), ("wide", "'wide'")]
)
def test_a_threshold_that_is_none_is_refused(value, sentence):
    with pytest.raises(ContractError, match="the model's contract is damaged") as caught:
        spec_from_json(changed(thresholds={"conf": 0.2, "match_thresh": value}))
    assert sentence in caught.value.what


def test_every_change_changes_the_hash():
    spec = detect_spec()
    others = [
        replace(spec, stride=16),
        replace(spec, names=("player", "coach")),
        replace(spec, input=replace(spec.input, color=Color.BGR)),
        replace(spec, thresholds=Thresholds(conf=0.3)),
    ]
    hashes = {spec_hash(each) for each in (spec, *others)}
    assert len(hashes) == 5
    assert all(len(text) == 16 for text in hashes)


def test_a_newer_minor_version_is_read_with_a_warning():
    with pytest.warns(UserWarning, match=r"contract version 1\.7 is newer than 1\.0"):
        spec = spec_from_json(changed(version=[1, 7], invented="later"))
    assert spec.names == ("player", "referee")
    assert spec.version == (1, 7)


def test_a_newer_major_version_is_refused():
    with pytest.raises(ContractError, match=r"has version 2\.0; this numa-deploy reads 1\.x") as caught:
        spec_from_json(changed(version=[2, 0]))
    assert caught.value.hint == upgrade_line()


@pytest.mark.parametrize("version", [None, "1.0", [1], [1, "0"], {}])
def test_a_version_that_is_none_is_named(version):
    with pytest.raises(ContractError, match="no valid version"):
        spec_from_json(changed(version=version))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[1]", "a JSON list, not an object"),
        (changed(task="fly"), "damaged: 'fly' is not a valid Task"),
        (changed(layout="spiral"), "damaged: 'spiral' is not a valid Layout"),
        (changed(names="player"), "damaged: 'player' is a text where a list of names is needed"),
        (changed(input=None), "damaged"),
        (changed(input={"height": 64}), "damaged.*width"),
        (changed(outputs=[{"name": "boxes"}]), "damaged: 'shape' is missing"),
        (changed(stride="wide"), "damaged"),
        (changed(keypoint_shape=3), "damaged"),
    ],
)
def test_damage_is_said_in_one_sentence(text, sentence):
    with pytest.raises(ContractError, match=sentence) as caught:
        spec_from_json(text)
    assert "\n" not in caught.value.what
    assert caught.value.hint == "write the artifact again (numa-deploy export or adopt)"


@settings(deadline=None, max_examples=80)
@given(st.data())
def test_a_truncated_text_is_an_error_of_ours(data):
    text = spec_to_json(detect_spec())
    cut = data.draw(st.integers(0, len(text) - 1))
    with pytest.raises(ContractError):
        spec_from_json(text[:cut])


@settings(deadline=None, max_examples=80)
@given(st.sampled_from(list(json.loads(spec_to_json(detect_spec())))), st.one_of(st.none(), st.integers(), WORDS))
def test_any_field_may_hold_anything_and_the_error_is_ours(key, value):
    with suppress(ContractError):
        spec_from_json(changed(**{key: value}))


def test_a_record_without_its_precision_is_damaged():
    fields = json.loads(record_to_json(RECORD))
    del fields["precision"]
    with pytest.raises(ContractError, match=r"build record is damaged.*precision"):
        record_from_json(json.dumps(fields))


def test_a_record_from_a_later_version_is_read():
    fields = {**json.loads(record_to_json(RECORD)), "moon_phase": "full"}
    assert record_from_json(json.dumps(fields)) == RECORD


def test_a_background_travels_and_leaves_other_contracts_as_they_were():
    plain = detect_spec()
    learned = replace(plain, input=replace(plain.input, background=True))
    assert spec_from_json(spec_to_json(learned)) == learned
    assert spec_hash(learned) != spec_hash(plain)
    assert "background" not in spec_to_json(plain)
