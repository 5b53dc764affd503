"""The peers, in environments of their own: nothing of theirs is a dependency.

As a module, it makes the environments; as a script inside one of attribution's, it reads paths as
JSON from the standard input and prints the peer's shares.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

GREAT_EXPECTATIONS = ("great-expectations==1.24.1", "pandas==3.1.1", "duckdb==1.5.5")
REQUIREMENTS = {
    "channel_attribution": ("ChannelAttribution==2.2.5", "matplotlib", "pyarrow"),
    "great_expectations": GREAT_EXPECTATIONS,
    "great_expectations_pyarrow": (*GREAT_EXPECTATIONS, "pyarrow==26.0.1"),
    "pm4py": ("pm4py==2.7.23.11",),
    "mam": ("marketing-attribution-models==2.1.1",),
}


def answer(peer: str, *words: str, asked: Any = None) -> dict[str, Any]:
    """What a program says in a peer's environment, as JSON in its last line.

    Args:
        peer: of REQUIREMENTS.
        words: what follows the interpreter.
        asked: what the program reads on the standard input, as JSON.

    Returns:
        Its answer; empty where the peer can't be installed.
    """
    python = _python(peer)
    if python is None:
        return {}
    said = subprocess.run(
        [str(python), "-W", "ignore", *words],
        input=json.dumps(asked),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


def _python(peer: str) -> Path | None:
    """The interpreter of a peer's environment, made on first use; None if that fails."""
    folder = Path(tempfile.gettempdir()) / f"throughline-peers-{os.getuid()}" / peer
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "--quiet", *REQUIREMENTS[peer]]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode != 0:
            print(f"{peer} can't be installed here: {result.stderr[-300:]}", file=sys.stderr)
            return None
        (folder / "complete").touch()
    return python


def ask(peer: str, paths: list[list[Any]]) -> dict[str, dict[str, float]]:
    """A peer's models on journeys: `[path, conversions, nulls]` each, steps joined by ` > `.

    Returns:
        Shares by model and channel; empty where the peer can't be installed.
    """
    return answer(peer, __file__, peer, asked=paths)


def channel_attribution(paths: Any) -> dict[str, dict[str, float]]:
    """Its first-order Markov model, null journeys included."""
    import ChannelAttribution  # type: ignore[import-not-found]  # noqa: PLC0415

    found = ChannelAttribution.markov_model(
        paths, "path", "conversions", var_null="nulls", flg_pro=False, verbose=False
    )
    credit = found.set_index("channel_name")["total_conversions"]
    return {"channel_attribution_markov": (credit / credit.sum()).to_dict()}


def mam(paths: Any) -> dict[str, dict[str, float]]:
    """Its Shapley value over conversion rates, of four channels at most, its default; and its
    Markov model, which shares each journey by the removal effects of its touches.
    """
    import pandas  # type: ignore[import-untyped]  # noqa: PLC0415
    from mam.core import MAM  # type: ignore[import-not-found]  # noqa: PLC0415

    converted = paths.assign(converted=True, count=paths.conversions)
    grouped = pandas.concat([converted, paths.assign(converted=False, count=paths.nulls)])
    model = MAM(
        grouped.loc[grouped["count"] > 0, ["path", "converted", "count"]].reset_index(drop=True),
        format_type="grouped_journey",
        channels_colname="path",
        journey_with_conv_colname="converted",
        occurrences_colname="count",
    )
    found = {}
    for name, result in (("shapley", model.run_shapley()), ("markov", model.run_markov())):
        credit = result.to_pandas().set_index("channels")["attribution"]
        found[f"mam_{name}"] = (credit / credit.sum()).to_dict()
    return found


def main() -> None:
    """Answer the question on the standard input."""
    import pandas  # noqa: PLC0415

    paths = pandas.DataFrame(json.load(sys.stdin), columns=["path", "conversions", "nulls"])
    with contextlib.redirect_stdout(io.StringIO()):
        found = {"channel_attribution": channel_attribution, "mam": mam}[sys.argv[1]](paths)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
