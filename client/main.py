"""Signs in, follows the stream in one thread and the keyboard in the other, until /quit."""

import argparse
import sys
import threading
from collections.abc import Sequence

import httpx

from client.api import Api, Refused, SessionOver
from client.arguments import arguments
from client.chats import Chats
from client.commands import Commands
from client.live import Live
from client.messages import Messages
from client.screen import Screen, clean
from client.signing import Unclear, sign_out, signed_in
from client.stream import Stream
from client.talk import Talk


def main(given: Sequence[str] | None = None) -> int:
    """The exit status: 1 after words about what is wrong, 130 after Ctrl-C."""
    options = arguments(given)
    try:
        return _chat(options)
    except (Refused, SessionOver, Unclear) as no:
        words = str(no)
    except httpx.HTTPError as error:
        words = f"No server answers at {options.server} ({error}). Does bin/dev run there? --server names another."
    except OSError as error:
        words = f"{error.filename}: {error.strerror}. FECHATTER_CHAT_STATE moves what is remembered."
    except EOFError:
        words = "\nNot signed in."
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    print(words, file=sys.stderr)
    return 1


def _chat(options: argparse.Namespace) -> int:
    api, screen = Api(options.server), Screen()
    if options.sign_out:
        screen.show(sign_out(api, options))
        return 0
    notify = api.find_notify()
    signed_in(api, options, screen)
    chats = Chats(api)
    messages = Messages(api, chats, screen)
    commands = Commands(api, chats, messages, screen)
    live = Live(chats, messages, commands, screen)
    stream = Stream(api, notify, chats.cursor, live.tell)
    talk = Talk(api, chats, commands, screen, live)
    screen.show(f"Hello, {clean(chats.me['name'])}. /help lists the commands.")
    with screen.live():
        commands.list_chats("")
        if options.open:
            talk.take(f"/open {options.open}")
        threading.Thread(target=live.follow, args=(stream,), daemon=True).start()
        status = talk.run()
    live.busy.acquire(timeout=2)  # what is shown is noted as read
    stream.close()
    return status
