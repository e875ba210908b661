"""Sealing: nothing repeats, nothing can be changed, and each purpose has a key of its own."""

import os
from dataclasses import astuple

import pytest

from atelier.keys import KeyLost, RoomKeys, derive, seal, unseal

KEY = bytes(range(32))


def test_the_same_words_sealed_often_never_look_the_same() -> None:
    boxes = [seal(KEY, b"les memes mots", "words/1") for _ in range(1000)]
    assert len({box[:12] for box in boxes}) == len({box[12:] for box in boxes}) == 1000


@pytest.mark.parametrize("place", [0, 11, 12, 20, -1])
def test_a_changed_bit_is_noticed_wherever_it_is(place: int) -> None:
    box = bytearray(seal(KEY, b"des mots", "words/1"))
    assert unseal(KEY, bytes(box), "words/1") == b"des mots"
    box[place] ^= 1
    with pytest.raises(KeyLost):
        unseal(KEY, bytes(box), "words/1")


def test_no_two_purposes_share_a_key() -> None:
    data_key = os.urandom(32)
    keys = astuple(RoomKeys.of(data_key))
    assert len(set(keys)) == len(keys)
    assert derive(data_key, "words") not in (derive(os.urandom(32), "words"), data_key)
