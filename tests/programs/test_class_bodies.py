"""A class is read where its names mean what they say: methods and constants, no descriptors."""

import pytest

from symconv.programs.arrays import Memory
from symconv.programs.interpreter import Interpreter
from symconv.programs.knowledge import Knowledge, Paths
from symconv.programs.refusal import UnreadError
from symconv.programs.source import program_text
from symconv.programs.values import ClassValue


def read_class(body: str, before: str = "") -> object:
    """Return the class ``Conv`` with this body."""
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    text = program_text(f"{before}\nclass Conv:\n{lines}\n")
    return Interpreter(text, Memory(Knowledge({}, [], Paths()))).module_value("Conv")


@pytest.mark.parametrize(
    "body",
    [
        "def forward(self, x):\n    return x",
        '"""A layer."""\nrank = 2\nshape: tuple = (1, -2)\nname: str',
        "@staticmethod\ndef crop(a):\n    return a",
        "__slots__ = ('w', 'b')",
    ],
)
def test_methods_and_constants_are_read(body):
    assert isinstance(read_class(body), ClassValue)


@pytest.mark.parametrize(
    ("body", "before"),
    [
        ("@property\ndef pad(self):\n    return 3", ""),
        ("pad = property(lambda self: 3)", ""),
        ("pad = three", "three = property(lambda self: 3)"),
        ("@staticmethod\ndef pad(self):\n    return 3", "staticmethod = property"),
        ("@classmethod\ndef make(cls):\n    return cls()", ""),
        ("for pad in (1, 2):\n    pass", ""),
    ],
)
def test_a_name_that_may_mean_anything_is_refused(body, before):
    with pytest.raises(UnreadError, match=r"no method and no constant"):
        read_class(body, before)
