"""gunicorn's request, but without a look at where it comes from for each: no header of it is believed here.

It is read with `frame/gunicorn_worker.py`, before gevent patches anything, and imports nothing of ours either.
"""

from gunicorn.http import message, parser


class Request(message.Request):
    def _peer_is_trusted_proxy(self) -> bool:
        """Who stands in front of us is said by TRUSTED_PROXIES, for all headers alike (`frame/proxies.py`)."""
        return False


# gunicorn has no setting for the class of its requests.
parser.RequestParser.mesg_class = Request
