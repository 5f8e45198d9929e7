"""The mark of bulk work."""

import threading

import pytest

from shared.model.urgency import bulk, is_bulk


def test_work_is_peoples_unless_it_is_marked():
    assert not is_bulk()
    with bulk():
        with bulk():
            assert is_bulk()
        assert is_bulk()
    assert not is_bulk()


def test_the_mark_ends_with_an_error_too():
    with pytest.raises(RuntimeError), bulk():
        raise RuntimeError
    assert not is_bulk()


def test_one_threads_mark_is_not_anothers():
    seen = []
    with bulk():
        thread = threading.Thread(target=lambda: seen.append(is_bulk()))
        thread.start()
        thread.join()

    assert seen == [False]
