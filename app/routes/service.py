"""What a client asks of the service itself."""

from app.answers import answers
from app.blueprint import Blueprint
from app.schemas.service import ConfigSchema
from app.services import services
from fechatter import __version__
from fechatter.config import Config
from fechatter.shapes import Shape

blueprint = Blueprint("service", __name__, description="The service itself")


@blueprint.route("/api/config")
@answers(200, ConfigSchema)
def config() -> Shape:
    """What a client needs to know before it signs in"""
    return told(services().config)


def told(config: Config) -> Shape:
    return {
        "notify_url": config.notify_url,
        "version": __version__,
        "sign_up": config.sign_up.mode,
        "mail": config.mail.is_on,
    }
