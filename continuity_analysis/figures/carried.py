"""What a figure carries beside its picture: parts by MIME type, each written when IPython displays the figure."""

from collections.abc import Callable

from matplotlib.figure import Figure


class Carried(dict[str, Callable[[], object]]):
    """Parts of a figure's output by MIME type; IPython calls this as the figure's `_repr_mimebundle_`."""

    def __call__(self, include=None, exclude=None) -> dict[str, object]:
        """Every part, written."""
        return {mime: write() for mime, write in self.items()}


def carried(figure: Figure) -> Carried:
    """What a figure carries so far."""
    parts = getattr(figure, "_repr_mimebundle_", None)
    return parts if isinstance(parts, Carried) else Carried()


def carry(figure: Figure, mime: str, write: Callable[[], object]) -> None:
    """Let a figure carry one more part; one of the same type is replaced.

    Parameters
    ----------
    figure : Figure
    mime : str
        Type of the part.
    write : callable
        Makes the part, of what JSON can hold.
    """
    figure._repr_mimebundle_ = Carried(carried(figure) | {mime: write})
