"""Signs in, follows the stream in one thread and the keyboard in the other, until /quit."""

import argparse
import getpass
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

import httpx

from client.api import Api, Refused
from client.chats import Chats
from client.commands import Commands, Quit
from client.memory import remember, remembered
from client.screen import Screen, clean
from client.stream import Event, Stream


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/chat", description="Chat in the terminal.")
    parser.add_argument("--server", default=os.environ.get("FECHATTER_URL", "http://localhost:8000"))
    parser.add_argument("--email", default="", help="asked for if it is left out and no session is remembered")
    parser.add_argument("--sign-up", metavar="NAME", help="make a new account with this name")
    parser.add_argument("--workspace", metavar="NAME", help="with --sign-up: and a workspace of one's own")
    parser.add_argument("--open", metavar="CHAT", help="the chat to begin in")
    parser.add_argument("--sign-out", action="store_true", help="end the remembered session")
    return parser.parse_args(given)


def password() -> str:
    """FECHATTER_PASSWORD, else asked for without showing it."""
    return os.environ.get("FECHATTER_PASSWORD") or getpass.getpass("Password: ")


def signed_in(options: argparse.Namespace, screen: Screen) -> Api:
    """By the remembered session, else by what the person says."""
    api = Api(options.server)
    known = None if options.sign_up else remembered(api.server, options.email)
    if known:
        email, token = known
        api.keep = lambda token: remember(api.server, email, token)
        try:
            api.resume(token)
        except Refused:
            remember(api.server, email, None)
        else:
            return api
    email = options.email or screen.ask(lambda: "E-mail: ") or ""
    api.keep = lambda token: remember(api.server, email, token)
    if options.sign_up:
        api.sign_up(email, password(), options.sign_up, options.workspace)
        return api
    try:
        api.sign_in(email, password())
    except Refused as no:
        hint = " (bin/chat --sign-up NAME makes an account)" if no.code == "bad_credentials" else ""
        raise Refused(no.status, no.code, f"{no}{hint}") from no
    return api


def follow(stream: Stream, chats: Chats, screen: Screen, busy: threading.Lock) -> None:
    """Shows what comes; ends with the stream. `busy` while an event is handled: what is shown is noted as read."""
    try:
        for event in stream:
            with busy:
                show(event, chats, screen)
    except Refused as over:
        screen.show(f"{over} Run bin/chat again to sign in.")
        os._exit(1)  # the other thread waits at the keyboard


def show(event: Event, chats: Chats, screen: Screen) -> None:
    chats.apply(event)
    if event.type == "message.created":
        show_message(event, chats, screen)
    elif event.type == "workspace.member_added" and event.data["user_id"] != chats.me["id"]:
        screen.dim(f"({clean(chats.name_of(event.data['user_id']))} is now in the workspace)")


def show_message(event: Event, chats: Chats, screen: Screen) -> None:
    message = event.data["message"]
    here = message["chat_id"] == chats.open
    screen.message(chats.name_of(message["sender_id"]), message, "" if here else chats.title(message["chat_id"]))
    if here and message["sender_id"] != chats.me["id"]:
        chats.read(message["chat_id"])


def talk(api: Api, chats: Chats, commands: Commands, screen: Screen) -> None:
    """Takes lines until the input ends or the person goes."""
    while (line := screen.ask(lambda: f"{clean(chats.title(chats.open)) if chats.open else ''}> ")) is not None:
        try:
            if line.startswith("/"):
                commands.run(line)
            elif line.strip() and chats.open is None:
                screen.show("No chat is open: /open NAME, or /chats to see them.")
            elif line.strip() and chats.open is not None:
                api.post_message(chats.open, line)
        except (Refused, LookupError) as no:
            screen.show(str(no))
        except httpx.TransportError:
            screen.show("The server is away; nothing was lost, say it again in a moment.")


def main(given: Sequence[str] | None = None) -> int:
    options, screen = arguments(given), Screen()
    try:
        api = signed_in(options, screen)
        if options.sign_out:
            api.call("POST", "/api/auth/signout")
            remember(api.server, options.email, None)
            return 0
        chats = Chats(api)
    except (Refused, httpx.TransportError) as no:
        print(no if isinstance(no, Refused) else f"No server answers at {options.server}: {no}", file=sys.stderr)
        return 1
    commands = Commands(api, chats, screen)
    state = {"live": False}

    def told(live: bool) -> None:
        if live != state["live"]:
            screen.dim("(live)" if live else "(the stream is away; coming back)")
        state["live"] = live

    stream = Stream(api, chats.cursor, told)
    screen.show(f"Hello, {clean(chats.me['name'])}. /help lists the commands.")
    with screen.live():
        commands.list_chats("")
        if options.open:
            commands.open(options.open)
        busy = threading.Lock()
        threading.Thread(target=follow, args=(stream, chats, screen, busy), daemon=True).start()
        with suppress(Quit):
            talk(api, chats, commands, screen)
    busy.acquire(timeout=2)
    stream.close()
    return 0
