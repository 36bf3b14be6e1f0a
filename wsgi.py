"""What gunicorn serves as web."""

from app.create import create_app

app = create_app()
