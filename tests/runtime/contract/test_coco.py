from numa_runtime.contract.coco import COCO_NAMES, default_names


def test_eighty_clean_names_at_their_known_places():
    assert len(set(COCO_NAMES)) == 80
    assert all(name == name.strip() and name for name in COCO_NAMES)
    assert [COCO_NAMES[index] for index in (0, 2, 32, 41, 79)] == ["person", "car", "sports ball", "cup", "toothbrush"]
    assert default_names(80) is COCO_NAMES
    assert default_names(2) == ("class0", "class1")
