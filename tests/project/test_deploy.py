"""What deploy/ brings is what its tools take: units, the container file, Dagster's settings."""

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml

from pipelines.settings import PROJECT_DIR

DEPLOY = PROJECT_DIR / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
CHECKOUT = "/opt/throughline/%i"


def parsed(unit: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, empty_lines_in_values=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text())
    return parser


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_say_what_they_start_and_start_what_is_there(unit: Path) -> None:
    sections = parsed(unit)
    assert sections["Unit"]["Description"].endswith("(%i)")
    if unit.suffix == ".timer":
        assert unit.with_suffix(".service") in UNITS
        return
    command = sections["Service"]["ExecStart"].split()[0]
    assert command.startswith(f"{CHECKOUT}/.venv/bin/")
    assert Path(sys.executable).with_name(Path(command).name).exists()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_whatever_starts_dagster_keeps_it_from_reporting(unit: Path) -> None:
    text = unit.read_text()
    starts_dagster = "/bin/dagster-" in text
    assert starts_dagster == ("Environment=DAGSTER_DISABLE_TELEMETRY=yes" in text)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd's own check needs systemd")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        # It looks for the programs, so they are named where they are here.
        text = unit.read_text().replace(f"{CHECKOUT}/.venv", str(Path(sys.executable).parents[1]))
        (tmp_path / unit.name).write_text(text)
    result = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_hadolint_takes_the_container_file() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    result = subprocess.run(
        [hadolint, DEPLOY / "Containerfile"], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout + result.stderr) == (0, "")


def test_the_image_has_what_its_lines_name() -> None:
    text = (DEPLOY / "Containerfile").read_text()
    for sources in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE):
        for source in sources.split():
            assert (PROJECT_DIR / source).exists(), source
    assert re.search(r"^ENV DAGSTER_DISABLE_TELEMETRY=yes", text, re.MULTILINE)
    assert re.search(r"^USER 10001$", text, re.MULTILINE)
    assert os.access(DEPLOY / "entrypoint", os.X_OK)


def test_dagster_takes_its_settings(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "dagster.yaml", tmp_path)
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert not instance.telemetry_enabled
        assert instance.run_monitoring_enabled
        ticks = yaml.safe_load((DEPLOY / "dagster.yaml").read_text())["retention"]
        assert set(ticks) == {"schedule", "sensor"}
        assert instance.get_settings("retention") == ticks
