"""What the launcher reads and keeps: ports, keys, the Procfile, and the variables of each door."""

import random
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import ports
from launcher.addresses import Addresses
from launcher.doors import door_environment
from launcher.errors import LaunchError
from launcher.keys import kept_keys
from launcher.paths import PROJECT
from launcher.ports import free_port, kept_port
from launcher.procfile import read_procfile

ADDRESSES = Addresses("127.0.0.1", 8000, 8001)


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "NOTIFY_PORT", "HOST", "JWT_PRIVATE_KEY", "JWT_PUBLIC_KEY", "SECRET_KEY", "RATE_LIMITS"):
        monkeypatch.delenv(name, raising=False)


def test_notify_listens_behind_web_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9000")
    assert Addresses.from_environment() == Addresses("127.0.0.1", 9000, 9001)
    monkeypatch.setenv("NOTIFY_PORT", "7000")
    assert Addresses.from_environment().notify == 7000


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80a"])
def test_what_is_no_port_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(LaunchError, match=f"PORT is {port}"):
        Addresses.from_environment()


def test_one_port_for_both_doors_is_refused() -> None:
    with pytest.raises(LaunchError, match="PORT and NOTIFY_PORT are both 8000"):
        Addresses("127.0.0.1", 8000, 8000).check_free()


def test_a_foreign_host_is_named() -> None:
    with pytest.raises(LaunchError, match="change HOST"):
        Addresses("192.0.2.1", 8000, 8001).check_free()


def test_a_port_is_kept_while_it_is_free(tmp_path: Path) -> None:
    port = kept_port(tmp_path / "ports.json", "redis")
    assert kept_port(tmp_path / "ports.json", "redis") == port
    with socket.create_server(("127.0.0.1", port)):
        assert kept_port(tmp_path / "ports.json", "redis") != port


def test_free_ports_stay_out_of_the_range_of_outgoing_connections() -> None:
    assert all(20_000 <= free_port() < 30_000 for _ in range(20))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has names that end with their process")
def test_a_free_port_is_given_to_one_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    first = free_port()
    drawn = iter([first, first, *random.sample(ports.OWN_RANGE, 1000)])
    script = f"from launcher import ports; print(ports._reserve({first}))"
    asked = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert asked.stdout == "False\n"
    monkeypatch.setattr(ports.random, "choice", lambda _: next(drawn))
    assert free_port() != first


def test_keys_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    keys = kept_keys(tmp_path)
    assert kept_keys(tmp_path) == keys
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_the_public_key_is_always_that_of_the_private_one(tmp_path: Path) -> None:
    keys = kept_keys(tmp_path)
    (tmp_path / "jwt-public.pem").unlink()
    assert kept_keys(tmp_path) == keys


def test_only_web_gets_the_key_that_signs(tmp_path: Path) -> None:
    told = {name: door_environment(name, ADDRESSES, tmp_path, {}) for name in ("web", "notify", "worker")}
    for secret in ("JWT_PRIVATE_KEY", "SECRET_KEY"):
        assert [name for name in told if secret in told[name]] == ["web"]
    assert all("JWT_PUBLIC_KEY" in variables for variables in told.values())


def test_keys_of_the_caller_are_not_mixed_with_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_PUBLIC_KEY", "theirs")
    told = door_environment("web", ADDRESSES, tmp_path, {})
    assert told["JWT_PUBLIC_KEY"] == "theirs"
    assert "JWT_PRIVATE_KEY" not in told


def test_each_door_has_its_own_port_and_the_rest_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8000")
    told = {name: door_environment(name, ADDRESSES, tmp_path, {}) for name in ("web", "notify", "worker")}
    assert {name: told[name].get("PORT") for name in told} == {"web": "8000", "notify": "8001", "worker": None}


def test_mails_go_into_the_data_folder_unless_there_is_a_server_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door_environment("worker", ADDRESSES, tmp_path, {})["MAIL_DIR"] == str(tmp_path / "mail")
    monkeypatch.setenv("SMTP_URL", "smtp://mail.example.org")
    assert "MAIL_DIR" not in door_environment("worker", ADDRESSES, tmp_path, {})


def test_the_callers_word_goes_before_our_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_CONCURRENCY", "7")
    monkeypatch.setenv("RATE_LIMITS", "off")
    told = door_environment("web", ADDRESSES, tmp_path, {})
    assert (told["WEB_CONCURRENCY"], told["RATE_LIMITS"]) == ("7", "off")


def test_a_procfile_is_read_in_its_order(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("# a comment\n\nweb: gunicorn a:b --bind x:$PORT\nbeat:celery\n")
    assert list(read_procfile(tmp_path / "Procfile").items()) == [
        ("web", "gunicorn a:b --bind x:$PORT"),
        ("beat", "celery"),
    ]


def test_a_line_that_is_no_process_is_named(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text("web\n")
    with pytest.raises(LaunchError, match="web"):
        read_procfile(tmp_path / "Procfile")
