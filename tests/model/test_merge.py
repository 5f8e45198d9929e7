"""Merging tags: both sides' additions and removals hold, whatever the order, case or repetition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.merge import merge_tags, tag_key

TAGS = st.lists(
    st.sampled_from(["urgent", "Urgent", "draft", "Draft ", "é", "E\u0301", "offer", ""]) | st.text(max_size=2),
    max_size=6,
)


def keys(tags) -> set[str]:
    return {tag_key(tag) for tag in tags} - {""}


@pytest.mark.parametrize(
    ("baseline", "ours", "theirs", "expected"),
    [
        ((), (), (), ()),
        ((), ("a",), ("b",), ("a", "b")),
        (("a", "b"), ("a",), ("b",), ()),
        (("a", "b"), ("b", "c"), ("a", "b", "d"), ("b", "c", "d")),
        (("a",), ("a",), ("c", "a"), ("c", "a")),
        (("a",), ("b", "a"), ("c", "a"), ("b", "a", "c")),
        ((), ("A",), ("a",), ("A",)),
        (("a",), ("a",), ("A",), ("A",)),
        (("a",), ("A",), ("a",), ("A",)),
        (("a",), ("A",), (), ()),
        ((), ("a", "A", " a", " "), (), ("a",)),
    ],
)
def test_both_sides_changes_hold(baseline, ours, theirs, expected):
    assert merge_tags(baseline, ours, theirs) == expected


@given(TAGS, TAGS, TAGS)
def test_additions_and_removals_of_each_side_hold(baseline, ours, theirs):
    base, our, their = keys(baseline), keys(ours), keys(theirs)
    merged = keys(merge_tags(baseline, ours, theirs))

    assert merged >= (our - base) | (their - base)
    assert not merged & ((base - our) | (base - their))
    assert merged <= our | their


@given(TAGS, TAGS, TAGS)
def test_it_does_not_matter_which_side_is_ours(baseline, ours, theirs):
    assert keys(merge_tags(baseline, ours, theirs)) == keys(merge_tags(baseline, theirs, ours))


@given(TAGS, TAGS, TAGS)
def test_no_tag_comes_twice_and_none_is_blank(baseline, ours, theirs):
    merged = [tag_key(tag) for tag in merge_tags(baseline, ours, theirs)]

    assert len(merged) == len(set(merged))
    assert all(merged)


@given(TAGS, TAGS)
def test_one_side_without_changes_gives_the_other_side(baseline, edited):
    expected = merge_tags((), edited, ())

    assert keys(merge_tags(baseline, baseline, edited)) == keys(expected)
    assert merge_tags(baseline, edited, baseline) == expected or keys(edited) == keys(baseline)
    assert keys(merge_tags(baseline, edited, baseline)) == keys(expected)


@given(TAGS, TAGS, TAGS)
def test_merging_again_from_the_merged_state_changes_nothing(baseline, ours, theirs):
    merged = merge_tags(baseline, ours, theirs)

    assert merge_tags(merged, merged, merged) == merged
    assert keys(merge_tags(baseline, merged, merged)) == keys(merged)
    assert merge_tags(merged, merged, ()) == ()
