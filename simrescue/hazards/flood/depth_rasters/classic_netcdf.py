"""Variables of NetCDF-3 files, read by scipy as h5py reads those of NetCDF-4."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

MAGIC = (b"CDF\x01", b"CDF\x02")
"""First bytes: of the classic format, and of that with offsets of 64 bits."""


class ClassicVariable:
    """One variable; what is read of it is a copy in the order of bytes of this machine."""

    chunks = None

    def __init__(self, variable: Any) -> None:
        self._variable = variable
        self.shape: tuple[int, ...] = tuple(map(int, variable.shape))
        self.ndim = len(self.shape)
        self.dimensions: tuple[str, ...] = tuple(variable.dimensions)
        self.attrs: Mapping[str, Any] = dict(variable._attributes)  # noqa: SLF001 - scipy has no other door

    def let_go(self) -> None:
        """Hold nothing of the file any more, so that it can be closed."""
        self._variable = None

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, at: Any) -> np.ndarray[Any, Any]:
        part = np.array(self._variable[at])
        return part.astype(part.dtype.newbyteorder("="))


@contextmanager
def classic_variables(path: Path) -> Iterator[dict[str, ClassicVariable]]:
    """The variables of a NetCDF-3 file by name, as long as it is open; only what is asked for is read.

    Args:
        path: of the file.

    Raises:
        OSError, ValueError, TypeError, KeyError: it cannot be read.
    """
    from scipy.io import netcdf_file

    try:
        with netcdf_file(str(path), "r", mmap=True, maskandscale=False) as file:
            variables = {name: ClassicVariable(variable) for name, variable in file.variables.items()}
            try:
                yield variables
            finally:
                for variable in variables.values():
                    variable.let_go()
    except (IndexError, OverflowError, AssertionError) as error:
        raise ValueError(str(error)) from None
