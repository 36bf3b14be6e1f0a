"""What may come onto the screen."""

from client.screen import clean


def test_what_others_write_cannot_drive_the_terminal() -> None:
    assert clean("red \x1b[31malert\x07 \u202egnp.exe") == "red [31malert gnp.exe"
    assert clean("two\nlines").splitlines() == ["two", "      lines"]
