"""The package that is deployed: that it is small, complete, compiled, and always the same for the same source."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import application, bytecode, package
from infra.dependencies import DependencyError, directory
from infra.stages import UnknownStageError

ROOT = Path(__file__).parents[2]
# What the product makes clients of, and each library that it stands on.
USE_EVERYTHING = """
import sys
sys.path[:0] = [sys.argv[1]]
import app, babel.dates, boto3, datetime, itsdangerous, jinja2, phonenumbers, pydantic, pynamodb.models, sendgrid
import zoneinfo
from cryptography.hazmat.primitives.asymmetric import ec
for service in ("cloudwatch", "dynamodb", "events", "secretsmanager", "sns", "sqs", "sts"):
    boto3.client(service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
for locale in ("en", "en_GB", "en_US", "es", "es_MX", "es_ES", "pt", "pt_BR", "pt_PT"):
    babel.dates.format_datetime(datetime.datetime(2026, 11, 24, 15), "full", locale=locale)
assert phonenumbers.is_valid_number(phonenumbers.parse("+34600000000"))
assert zoneinfo.ZoneInfo("Europe/Madrid")
print(sorted(app.app.handler_map))
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("package")


@pytest.fixture(scope="module")
def built(out: Path) -> package.Package:
    return package.build("prod", out)


def test_the_package_runs_in_a_fresh_interpreter_with_nothing_else_to_import(
    built: package.Package, tmp_path: Path
) -> None:
    with zipfile.ZipFile(built.zip) as archive:
        archive.extractall(tmp_path)
    # Isolated, and without the site directory: nothing of this machine's libraries can help.
    command = [sys.executable, "-I", "-S", "-c", USE_EVERYTHING, str(tmp_path)]

    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "ring" in done.stdout


def test_the_package_is_well_below_what_lambda_takes(built: package.Package) -> None:
    with zipfile.ZipFile(built.zip) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())

    assert built.zip.stat().st_size < 25_000_000
    assert unpacked < 100_000_000


def test_every_source_in_the_package_is_compiled_so_that_no_cold_start_does_it(built: package.Package) -> None:
    with zipfile.ZipFile(built.zip) as archive:
        names = set(archive.namelist())
        header = archive.read("__pycache__/app.cpython-311.pyc")[:8]
    sources = [name for name in names if name.endswith(".py")]
    uncompiled = [
        name
        for name in sources
        if str(Path(name).parent / "__pycache__" / f"{Path(name).stem}.cpython-311.pyc") not in names
    ]

    assert sources
    assert uncompiled == []
    # PEP 552: a hash that is never checked, instead of a time that never matches.
    assert int.from_bytes(header[4:8], "little") == 0b01


def test_the_message_catalogues_are_in_the_package(built: package.Package) -> None:
    with zipfile.ZipFile(built.zip) as archive:
        catalogues = {Path(name).parts[-3] for name in archive.namelist() if name.endswith(".mo")}

    assert {"es", "pt_BR", "pt_PT"} <= catalogues


def test_what_only_a_developer_needs_stays_out(built: package.Package) -> None:
    with zipfile.ZipFile(built.zip) as archive:
        names = archive.namelist()

    assert not [name for name in names if name.startswith(("pip/", "tests/", "infra/", "bin/", ".chalice/"))]
    assert not [name for name in names if "/locale-data/de" in name or "/botocore/data/ec2" in name]
    assert not [name for name in names if name.endswith("/RECORD")]


def test_a_second_build_of_the_same_source_does_nothing(
    built: package.Package, out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = built.zip.stat().st_mtime_ns

    again = package.build("prod", out)

    assert again == built
    assert again.zip.stat().st_mtime_ns == before
    assert "nothing changed" in capsys.readouterr().out


def test_the_same_source_gives_the_same_bytes_wherever_it_is_built(built: package.Package, tmp_path: Path) -> None:
    elsewhere = package.build("prod", tmp_path / "elsewhere")

    assert elsewhere.zip.read_bytes() == built.zip.read_bytes()
    assert elsewhere.template.read_bytes() == built.template.read_bytes()
    assert elsewhere.code_key() == built.code_key()


def test_the_template_is_the_packaged_one(built: package.Package) -> None:
    template = json.loads(built.template.read_text())

    assert template["Resources"]["Ring"]["Properties"]["CodeUri"] == {
        "Bucket": {"Ref": "CodeBucket"},
        "Key": {"Ref": "CodeKey"},
    }


def test_a_mistyped_stage_is_refused_with_those_that_exist(tmp_path: Path) -> None:
    with pytest.raises(UnknownStageError, match=r"no stage 'porl'.*local, prod"):
        package.build("porl", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_library_that_cannot_be_had_for_lambda_ends_the_build(tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("./no-such-library.whl\n")

    with pytest.raises(DependencyError, match="could not be fetched"):
        directory(requirements, tmp_path / "cache")


def test_an_application_that_does_not_import_ends_the_build_and_says_why(tmp_path: Path) -> None:
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text((ROOT / ".chalice" / "config.json").read_text())
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "app.py").write_text("import no_such_module\n")
    (tmp_path / "work").mkdir()

    with pytest.raises(application.PackageError, match="no_such_module"):
        application.package("prod", tmp_path, tmp_path / "work")


def test_a_source_that_does_not_compile_ends_the_build_and_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def :\n")

    with pytest.raises(bytecode.CompileError, match="broken"):
        bytecode.compile_tree(tmp_path)


def test_a_single_source_is_compiled_and_nothing_else_on_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, elsewhere = tmp_path / "tree", tmp_path / "elsewhere"
    for directory_of_one in (tree, elsewhere):
        directory_of_one.mkdir()
        (directory_of_one / "one.py").write_text("ONE = 1\n")
    monkeypatch.chdir(elsewhere)

    bytecode.compile_tree(tree)

    assert (tree / "__pycache__").is_dir()
    assert not (elsewhere / "__pycache__").exists()
