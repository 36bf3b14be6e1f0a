"""Reads the Procfile, the one list of what a running Fechatter consists of."""

from pathlib import Path

from launcher.errors import LaunchError


def read_procfile(file: Path) -> dict[str, str]:
    """Each process's command by its name, in the order of the file."""
    lines = [line.strip() for line in file.read_text().splitlines()]
    entries = [line.partition(":") for line in lines if line and not line.startswith("#")]
    if wrong := [name for name, colon, command in entries if not (colon and command.strip())]:
        raise LaunchError(f"{file} has a line that is not `name: command`: {wrong[0]}")
    return {name.strip(): command.strip() for name, _, command in entries}


def shell_command(command: str) -> list[str]:
    """The line as a shell reads it, for a single command without a shell that stays between us and the process."""
    several = any(operator in command for operator in ";&|")
    return ["/bin/sh", "-c", command if several else f"exec env {command}"]
